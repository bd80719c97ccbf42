import { absenceAt } from '../../assignment/availability.ts';
import { coverFor } from '../../assignment/cover.ts';
import { sayAbsence, sayWhyAway } from '../../assignment/eligibility.ts';
import type { RepId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { RouteRule } from '../../policy/document.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, ignore, nameOf, needCompany, note, plainTrace, putHandoff } from '../draft.ts';
import type { Actor, Input } from '../input.ts';
import type { ContactState, OpenHandoff } from '../state.ts';
import { membersFollow } from '../steps/accepted.ts';
import { passClocks } from '../steps/clocks.ts';
import { coverTrace } from '../steps/coverTrace.ts';
import { handOver } from '../steps/handOver.ts';
import { routeOf } from '../steps/leg.ts';
import { managerOf, tellManager, tellOwner } from '../steps/notify.ts';
import { passParked, tellParked } from '../steps/passParked.ts';
import { bookPlace, findPlace } from '../steps/place.ts';
import { type Leaving, reroute } from '../steps/reroute.ts';
import type { HandoffIn } from '../steps/reshape.ts';
import { writeOwner } from '../steps/stages.ts';

const POLICY: Actor = { kind: 'policy' };

type Owned = Exclude<OpenHandoff, { status: 'queued' }>;

/** The owner was switched off, is away, or is back: who is owed what they can't do gets somebody else. */
export const ownerGone = (
  state: ContactState,
  { repId, change, then }: Extract<Input, { kind: 'availability-changed' }>,
  context: Context,
): Decided => {
  const { handoff } = state;
  if (handoff === null || handoff.status === 'queued' || handoff.ownerId !== repId)
    return ignore(state, POLICY, context, 'availability', 'the handoff is not theirs');
  switch (change) {
    case 'deactivated':
      return switchedOff(state, handoff, context);
    case 'away':
      return away(state, handoff, context, then);
    case 'back':
      return ignore(state, POLICY, context, 'availability', 'back: what is theirs stays theirs');
  }
};

/** Switched off: the handoff finds another owner, parked ones and deals too. */
const switchedOff = (state: ContactState, handoff: Owned, context: Context): Decided => {
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, POLICY, context);
  const repId = handoff.ownerId;
  const say = `${nameOf(draft, repId)} is not active any more`;
  if (handoff.status === 'parked') return parkedMovesOn(draft, handoff, say);
  if (handoff.status !== 'deal') return moveOn(draft, handoff, { declinedBy: repId, reverses: false, say });
  const routed = findPlace(draft, { intent: handoff.intent, target: null, declinedBy: [repId] });
  if (routed.kind === 'needs') return routed;
  const ownerId = routed.placed.ownerId ?? keeperOf(draft, handoff);
  if (ownerId === null) {
    const words = `${say}, and nobody can take the deal: assign it by hand`;
    note(draft, 'promise', words);
    tellManager(draft, handoff, `Without an owner: ${handoff.reason}`, words);
    return finish(draft, 'fired', plainTrace('owner-gone', words));
  }
  const next = {
    ...passClocks(draft, handoff, ownerId),
    ownerId,
    credit: routed.placed.ownerId === null ? null : bookPlace(draft, handoff.id, routed.placed),
  };
  putHandoff(draft, next);
  writeOwner(draft, ownerId);
  note(draft, 'rerouted', `${say}; the deal goes to ${nameOf(draft, ownerId)}`);
  tellOwner(draft, next, 'rerouted');
  const { trace } = routed.placed;
  const assignment =
    routed.placed.ownerId === null ? coverTrace(draft, handoff, ownerId, 'is not active any more') : trace;
  return finish(draft, 'rerouted', { ...plainTrace('owner-gone', say), assignment });
};

/** The date was agreed with the contact and stands, whoever has it; only where nobody can is it offered around at once. */
const parkedMovesOn = (draft: Draft, handoff: HandoffIn<'parked'>, say: string): Decided => {
  const passed = passParked(draft, handoff, say);
  if (passed !== null)
    return 'kind' in passed
      ? passed
      : finish(draft, 'rerouted', { ...plainTrace('owner-gone', passed.say), assignment: passed.assignment });
  const keeper = keeperOf(draft, handoff);
  if (keeper === null)
    return moveOn(draft, handoff, {
      declinedBy: handoff.ownerId,
      reverses: false,
      say: `${say}, and nobody can keep it until its date`,
    });
  const next = { ...passClocks(draft, handoff, keeper), ownerId: keeper, credit: null };
  putHandoff(draft, next);
  if (next.acceptedAt !== null) writeOwner(draft, keeper);
  const words = tellParked(draft, next, say);
  membersFollow(draft, next);
  const assignment = coverTrace(draft, handoff, keeper, 'is not active any more');
  return finish(draft, 'rerouted', { ...plainTrace('owner-gone', words), assignment });
};

/** Who keeps what no route finds anybody for: the stand-in, else the manager, who need not sell to pass it on. */
const keeperOf = (draft: Draft, handoff: Owned): RepId | null =>
  coverOf(draft, handoff) ?? managerOf(draft, handoff) ?? null;

const moveOn = (draft: Draft, handoff: OpenHandoff, leaving: Leaving): Decided => {
  const moved = reroute(draft, handoff, leaving);
  if (moved.kind === 'needs') return moved;
  return finish(draft, 'rerouted', { ...plainTrace('owner-gone', leaving.say), assignment: moved.trace });
};

/** What the owner owes next on a handoff, and by when; null where it does not depend on their being there now. */
const owedAt = (handoff: Owned): Instant | null => {
  switch (handoff.status) {
    case 'offered':
    case 'open':
      return handoff.response.dueAt;
    case 'working':
      return handoff.nextStep.dueAt;
    default:
      return null;
  }
};

/**
 * Away: nothing changes where they are back before it is owed, else the route says who has it meanwhile. Whoever marked them
 * away may have said so instead (`then`), however soon they are back.
 */
const away = (
  state: ContactState,
  handoff: Owned,
  context: Context,
  then: 'cover' | 'reroute' | undefined,
): Decided => {
  const { people, now, policy } = context;
  const rep = people.reps.get(handoff.ownerId);
  const absence = rep === undefined ? null : absenceAt(rep, now);
  const stays = (say: string): Decided => ignore(state, POLICY, context, 'availability', say);
  if (rep === undefined || absence === null) return stays('the owner is not away');
  const dueAt = owedAt(handoff);
  if (dueAt === null) return stays(`${sayAbsence(rep, absence)}; nothing is owed on it before its date`);
  if (then === undefined && absence.to !== null && absence.to <= dueAt)
    return stays(`${sayAbsence(rep, absence)}, and back before it is due`);
  const ifAway = then ?? routeOf(policy.document, handoff.routeId)?.ifAway ?? 'cover';
  if (ifAway === 'keep') return stays(`${sayAbsence(rep, absence)}; the route says keep`);
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  return COVERS[ifAway](beginDraft(state, POLICY, context), handoff, sayAbsence(rep, absence), sayWhyAway(absence));
};

const COVERS: {
  readonly [how in Exclude<RouteRule['ifAway'], 'keep'> | 'reroute']: (
    draft: Draft,
    handoff: Owned,
    say: string,
    why: string,
  ) => Decided;
} = {
  cover: (draft, handoff, say, why) => {
    const cover = coverOf(draft, handoff);
    if (cover !== null) {
      const words = `${say}; ${nameOf(draft, cover)} covers`;
      handOver(draft, handoff, cover, words);
      const assignment = coverTrace(draft, handoff, cover, why);
      return finish(draft, 'rerouted', { ...plainTrace('owner-away', words), assignment });
    }
    if (handoff.triedBy === handoff.ownerId) return leaveToManager(draft, handoff, `${say}, and nobody covers`);
    return moveOn(draft, handoff, { declinedBy: null, reverses: false, say });
  },
  reroute: (draft, handoff, say) =>
    handoff.triedBy === handoff.ownerId
      ? leaveToManager(draft, handoff, say)
      : moveOn(draft, handoff, { declinedBy: null, reverses: false, say }),
  queue: (draft, handoff, say) =>
    handoff.triedBy === handoff.ownerId
      ? leaveToManager(draft, handoff, say)
      : moveOn(draft, handoff, { declinedBy: null, reverses: false, toQueue: true, say }),
};

const coverOf = (draft: Draft, handoff: Owned): RepId | null => {
  const { people, now } = draft.context;
  const cover = coverFor(people, handoff.ownerId, now);
  return cover === null || handoff.declinedBy.includes(cover.id) ? null : cover.id;
};

/** Nobody who tried already is relieved without the manager. */
const leaveToManager = (draft: Draft, handoff: Owned, say: string): Decided => {
  const words = `${say}; they tried already, so the manager decides who goes on`;
  note(draft, 'promise', words);
  tellManager(draft, handoff, `Away with work begun: ${handoff.reason}`, words);
  return finish(draft, 'fired', plainTrace('owner-away', words));
};
