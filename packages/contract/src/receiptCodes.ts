/** What became of one event that was sent. Sent = accepted + duplicate + quarantined + rejected, always. */
export const RECEIPT_OUTCOMES = ['accepted', 'duplicate', 'quarantined', 'rejected'] as const;
export type ReceiptOutcome = (typeof RECEIPT_OUTCOMES)[number];

/** Why an event was set aside where people can see and release it. */
export const QUARANTINE_CODES = {
  payload_conflict: 'The same message id came before with another payload',
  spam_suspect: 'The honeypot was filled in, or the form token is missing, too young or forged',
  flood: 'Too many submissions came at once',
  unprocessable: 'The event could not be written and was taken out of its batch',
} as const satisfies Record<string, string>;
export type QuarantineCode = keyof typeof QUARANTINE_CODES;

/** What was changed or left out of an event that was accepted all the same. */
export const WARNING_CODES = {
  clock_skew: 'The timestamp lies more than 24 h ahead of our clock; the arrival counts',
  invalid_timestamp: 'The timestamp is not an instant; the arrival counts',
  invalid_character: 'U+0000 or half a surrogate pair was removed from a text',
  invalid_number: 'A number is not finite or too large to be kept exactly; it was left out',
  unsafe_key: 'A key such as __proto__ was left out',
  field_not_writable: 'This field belongs to sales or to Baton and cannot be written by an event',
  invalid_field: 'A field has a value that it cannot hold; it was left out',
  invalid_email: 'This is not one e-mail address; it was left out',
  generic_id: 'This id is a placeholder that many people share; it identifies nobody',
  bot: 'The sender looks like a robot; the event does not count as the contact\u2019s own act',
  form_token_missing: 'The form was sent without its token; what it says has the trust of a browser only',
  field_unknown: 'The form does not declare this field; it was left out',
} as const satisfies Record<string, string>;
export type WarningCode = keyof typeof WARNING_CODES;
