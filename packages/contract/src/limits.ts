/** Sizes in bytes after decompression, as Segment sets them. */
export const EVENT_BYTES_MAX = 32 * 1024;
export const BATCH_BYTES_MAX = 500 * 1024;
export const BATCH_EVENTS_MAX = 5_000;
/** A request to our own JSON API or to a form. */
export const REQUEST_BYTES_MAX = 64 * 1024;
/** A request that carries a whole file: a table, a calendar. */
export const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;
export const TABLE_CHARS_MAX = 2_000_000;
export const CALENDAR_CHARS_MAX = 2_000_000;
export const EVENT_DEPTH_MAX = 32;
export const EVENT_KEYS_MAX = 2_000;
export const ID_CHARS_MAX = 255;
export const NAME_CHARS_MAX = 512;
export const FORM_FIELDS_MAX = 200;
export const PAGE_ROWS_MAX = 200;
export const PAGE_ROWS_DEFAULT = 50;
