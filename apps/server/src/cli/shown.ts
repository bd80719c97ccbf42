/** An instant for people at a terminal, in UTC to the minute: `2026-11-23 09:30`. */
export const shownInstant = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** A part of a whole in per cent, with one decimal; a dash where the whole is nothing. */
export const shownShare = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
