/** Sent with every answer. */
export const EVERY_ANSWER = {
  'x-content-type-options': 'nosniff',
} as const;

/** Sent with everything but the ingest paths, which answer scripts on other sites and never a page. */
export const EVERY_PAGE = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
} as const;

/** Sent where browsers reach us by https: from then on they ask in no other way. */
export const BY_HTTPS_ALONE = ['strict-transport-security', 'max-age=63072000; includeSubDomains'] as const;
