import type { RepId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { People, Rep } from './assignment.ts';
import { absenceAt } from './availability.ts';
import { canOwn } from './eligibility.ts';

/** A cover may be away too and have a cover of their own; beyond so many nobody is looked for. */
const COVERS_MAX = 5;

/**
 * Who stands in for a rep at this instant: the first along the chain of covers who sells and is there; null: nobody.
 * Asks nothing about hours or caps: what goes to a cover is somebody's own lead that must not lie.
 */
export const coverFor = (people: Pick<People, 'reps'>, repId: RepId, now: Instant): Rep | null => {
  const seen = new Set<RepId>([repId]);
  let next = people.reps.get(repId)?.coverId;
  while (next !== undefined && !seen.has(next) && seen.size <= COVERS_MAX) {
    seen.add(next);
    const cover = people.reps.get(next);
    if (canOwn(cover) && absenceAt(cover, now) === null) return cover;
    next = cover?.coverId;
  }
  return null;
};
