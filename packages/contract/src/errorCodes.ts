/**
 * Every way in which the HTTP API says no, once: its code (stable, snake case as API clients know it), the HTTP status it
 * is sent with, and a title in words. Server, OpenAPI document, web and tests read this table.
 */
export const ERROR_CODES = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  malformed_encoding: { status: 400, title: 'The body is not what its content-encoding says' },
  malformed_request: { status: 400, title: 'The request is not valid HTTP' },
  too_deep: { status: 400, title: 'The body is nested too deeply' },
  too_many_keys: { status: 400, title: 'The body has too many keys' },
  invalid_parameter: { status: 400, title: 'A parameter is not valid' },
  invalid_sort: { status: 400, title: 'This cannot be sorted by' },
  invalid_cursor: { status: 400, title: 'The cursor is not one of ours' },
  invalid_host: { status: 400, title: 'This host name is not served here' },
  invalid_path: { status: 400, title: 'The path is not valid' },
  unauthorized: { status: 401, title: 'No valid key or session' },
  invalid_signature: { status: 401, title: 'The signature is not ours, or it is too old' },
  invalid_link: { status: 401, title: 'This sign-in link was used, has expired or never was' },
  invalid_credentials: { status: 401, title: 'This is not a way to sign in' },
  forbidden: { status: 403, title: 'This key or person may not do that' },
  cross_site: { status: 403, title: 'Requests from other sites may not act here' },
  not_found: { status: 404, title: 'Nothing is here' },
  method_not_allowed: { status: 405, title: 'This method is not offered here' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'Somebody else was first' },
  illegal_transition: { status: 409, title: 'This may not be done in its present state' },
  fast_track_limit: { status: 409, title: 'Marketing has named as many as the policy allows' },
  too_late: { status: 409, title: 'The time for this is over' },
  idempotency_conflict: { status: 409, title: 'This idempotency key was used for another request' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  batch_too_large: { status: 413, title: 'The batch is too large' },
  event_too_large: { status: 413, title: 'The event is too large' },
  uri_too_long: { status: 414, title: 'The address is too long' },
  unsupported_media_type: { status: 415, title: 'This content type is not read here' },
  unsupported_encoding: { status: 415, title: 'This content-encoding is not read here' },
  invalid_event: { status: 422, title: 'The event is not valid' },
  invalid_field: { status: 422, title: 'A field is not valid' },
  invalid_email: { status: 422, title: 'This is not one e-mail address' },
  unknown_token: { status: 422, title: 'A text names something that is not a token' },
  invalid_template: { status: 422, title: 'The template cannot be used' },
  duplicate_key: { status: 422, title: 'The same key stands twice in one object' },
  url_not_allowed: { status: 422, title: 'This address is not called' },
  identity_required: { status: 422, title: 'The event names nobody' },
  too_many_fields: { status: 422, title: 'The form has too many fields' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Baton made a mistake' },
  not_implemented: { status: 501, title: 'This method is not known' },
  overloaded: { status: 503, title: 'Baton has more work than it can take now' },
  not_configured: { status: 503, title: 'This was not set up' },
  unavailable: { status: 503, title: 'The database cannot write now' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The HTTP status of each code. */
export const ERROR_STATUS: Record<ErrorCode, number> = Object.fromEntries(
  Object.entries(ERROR_CODES).map(([code, { status }]) => [code, status]),
) as Record<ErrorCode, number>;
