/** An instant for people at a terminal, in UTC to the minute: `2026-11-23 09:30`. */
export const shownInstant = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** A part of a whole in per cent, with one decimal; a dash where the whole is nothing. */
export const shownShare = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;

/** A median span to read: minutes, hours or days; `-` where there is none. */
export const shownSpan = (ms: number | null): string => {
  if (ms === null) return '-';
  const size = Math.abs(ms);
  if (size >= 86_400_000) return `${(ms / 86_400_000).toFixed(2)} d`;
  if (size >= 3_600_000) return `${(ms / 3_600_000).toFixed(1)} h`;
  return `${Math.round(ms / 60_000)} min`;
};
