/** A point in time: milliseconds since 1970-01-01T00:00:00Z, an integer. ISO 8601 only on the wire. */
export type Instant = number;

/** A span of elapsed time in milliseconds, an integer. */
export type DurationMs = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
