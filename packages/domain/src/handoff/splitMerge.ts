import type { ClosedHandoff, ContactState, OpenHandoff } from './state.ts';
import type { UndoableState } from './undoable.ts';

/** What each of two contacts that were one has from now on. `reopened`: its handoff had ended by the merge, and goes on. */
export type SplitPart = Pick<
  ContactState,
  'handoff' | 'hold' | 'group' | 'stage' | 'leadStatus' | 'ownerId' | 'last' | 'suppressed'
> & { readonly reopened: boolean };

/** What undoing a merge gives each of the two. */
export type Split = {
  readonly survivor: SplitPart;
  readonly loser: SplitPart;
  /** What could not be put back, in sentences. */
  readonly notes: readonly string[];
};

/**
 * Parts what a merge made one. `now` is the survivor as it stands, `before` what it had at the merge, `loser` the other one at
 * the merge. A handoff that goes on goes to whose it was, with what was done since; one that ended by the merge (`dropped`
 * says so) goes on as it was then. What began since the merge stays with the survivor.
 */
export const splitMerge = (
  now: ContactState,
  before: UndoableState,
  loser: ContactState,
  dropped: (handoff: OpenHandoff) => boolean,
): Split => {
  const notes: string[] = [];
  const current = now.handoff;
  const isLosers = current !== null && current.id === loser.handoff?.id;
  const holdIsLosers = now.hold !== null && before.hold === null && isSame(now.hold, loser.hold);
  const groupIsLosers = now.group !== null && before.group === null && isSame(now.group, loser.group);
  if (loser.hold !== null && !holdIsLosers) notes.push('the hold of the merged contact has ended; it is judged again');
  if (loser.group !== null && !groupIsLosers)
    notes.push('the merged contact has left its colleague’s handoff; it is judged again');
  const reopenLosers = loser.handoff !== null && !isLosers && dropped(loser.handoff);
  const endedSince = !isLosers && !reopenLosers && loser.handoff !== null && now.last?.id === loser.handoff.id;
  const reopenSurvivors = before.handoff !== null && before.handoff.id !== current?.id && dropped(before.handoff);
  const canReopen = reopenSurvivors && (current === null || isLosers);
  if (reopenSurvivors && !canReopen)
    notes.push('what the surviving contact had open before stays closed: another handoff has begun since');
  // Whoever keeps what went on since the merge keeps how far it came.
  const isGoneWithLoser = isLosers || endedSince;
  // What the merge had lent to a handoff that nobody moved since goes back with the one it came from.
  const ownOf =
    (own: UndoableState, others: UndoableState) =>
    <K extends 'stage' | 'leadStatus' | 'ownerId' | 'suppressed'>(key: K): UndoableState[K] =>
      current?.status === own.handoff?.status && now[key] === others[key] ? own[key] : now[key];
  const survivors = ownOf(before, loser);
  const losers = ownOf(loser, before);
  const kept = {
    handoff: now.handoff,
    hold: holdIsLosers ? null : now.hold,
    group: groupIsLosers ? null : now.group,
    stage: survivors('stage'),
    leadStatus: survivors('leadStatus'),
    ownerId: survivors('ownerId'),
    last: survivorsLast(now, before, loser),
    suppressed: survivors('suppressed'),
    reopened: false,
  };
  const then = {
    stage: before.stage,
    leadStatus: before.leadStatus,
    ownerId: before.ownerId,
    last: before.last,
    suppressed: before.suppressed,
    reopened: canReopen,
    handoff: canReopen ? before.handoff : isLosers ? null : now.handoff,
  };
  return {
    notes,
    survivor: isGoneWithLoser || canReopen ? { ...kept, ...then } : kept,
    loser: {
      handoff: isLosers ? current : reopenLosers ? loser.handoff : null,
      reopened: reopenLosers,
      hold: holdIsLosers ? now.hold : null,
      group: groupIsLosers ? now.group : null,
      stage: isGoneWithLoser ? losers('stage') : loser.stage,
      leadStatus: isGoneWithLoser ? losers('leadStatus') : loser.leadStatus,
      ownerId: isGoneWithLoser ? losers('ownerId') : loser.ownerId,
      last: endedSince ? now.last : loser.last,
      suppressed: loser.suppressed,
    },
  };
};

const isSame = (one: { readonly ruleId: string } | null, other: { readonly ruleId: string } | null): boolean =>
  one !== null && other !== null && JSON.stringify(one) === JSON.stringify(other);

/**
 * The survivor's own last closed handoff. A merge keeps only the later of the two, so that its own may have given way to the
 * other's: then it is back. One that closed since the merge stays.
 */
const survivorsLast = (now: ContactState, before: UndoableState, loser: ContactState): ClosedHandoff | null => {
  const { last } = now;
  const isSince = last !== null && last.id !== before.last?.id && last.id !== loser.last?.id;
  if (isSince) return last;
  return before.last?.id === now.handoff?.id ? null : before.last;
};
