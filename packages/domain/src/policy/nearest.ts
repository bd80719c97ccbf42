/**
 * The candidate that a misspelt word most likely meant: the one with the fewest edits, at most a third of the word
 * (never more than 3); undefined if none is near. Ties go to the first. O(candidates * length²) over candidates of
 * about its length; words are cut at 64.
 */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  const wanted = word.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let bestEdits = Math.min(3, Math.max(1, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of candidates) {
    const known = candidate.slice(0, 64).toLowerCase();
    // A word that is longer or shorter by more can't be nearer: most candidates cost nothing.
    if (Math.abs(known.length - wanted.length) >= bestEdits) continue;
    const edits = editsBetween(wanted, known);
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
};

/** Levenshtein distance with one row. */
const editsBetween = (left: string, right: string): number => {
  const row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    let diagonal = row[0] ?? 0;
    row[0] = i;
    for (let j = 1; j <= right.length; j += 1) {
      const above = row[j] ?? 0;
      const swap = diagonal + (left[i - 1] === right[j - 1] ? 0 : 1);
      row[j] = Math.min(above + 1, (row[j - 1] ?? 0) + 1, swap);
      diagonal = above;
    }
  }
  return row[right.length] ?? 0;
};
