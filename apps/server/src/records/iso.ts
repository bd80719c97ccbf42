/** An instant as it leaves: ISO 8601, UTC, with milliseconds. */
export const iso = (at: number): string => new Date(at).toISOString();

/** The same; null stays null. */
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));
