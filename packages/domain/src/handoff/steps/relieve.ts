/** How a lead leaves an owner because a clock ran out. */
import { coverFor } from '../../assignment/cover.ts';
import type { Decided } from '../decision.ts';
import { type Draft, finish, nameOf, plainTrace } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { contactName } from '../words.ts';
import { endClock } from './clocks.ts';
import { coverTrace } from './coverTrace.ts';
import { handOver } from './handOver.ts';
import { tellManager, tellOwner } from './notify.ts';
import { type Leaving, reroute } from './reroute.ts';
import { sayOverdue } from './sayPromise.ts';

/** Gives it to somebody else by the routes. */
const move = (
  draft: Draft,
  handoff: OpenHandoff,
  leaving: Partial<Leaving> & Pick<Leaving, 'say'>,
  say: string,
): Decided => {
  const moved = reroute(draft, handoff, { declinedBy: null, reverses: false, ...leaving });
  if (moved.kind === 'needs') return moved;
  return finish(draft, 'rerouted', { ...plainTrace('clock', `${leaving.say}; ${say}`), assignment: moved.trace });
};

/** An offer that nobody accepted counts as a decline of this lead; the turn that it cost stands. */
export const lapse = (draft: Draft, handoff: OpenHandoff, say: string): Decided => {
  if (handoff.status !== 'offered') return finish(draft, 'fired', plainTrace('accept', say));
  endClock(draft, handoff.id, 'accept', 'broken', 'not accepted in time');
  const words = `${nameOf(draft, handoff.ownerId)} did not accept in time`;
  tellRelieved(draft, handoff, words);
  return move(draft, { ...handoff, accept: null }, { lapsedBy: handoff.ownerId, say: words }, say);
};

/** An account's own offer goes to whoever covers; where nobody does, the manager decides. */
export const cover = (draft: Draft, handoff: OpenHandoff, say: string): Decided => {
  const { people, now } = draft.context;
  const rep = handoff.status === 'queued' ? null : coverFor(people, handoff.ownerId, now);
  if (rep === null || handoff.status === 'queued' || handoff.declinedBy.includes(rep.id)) {
    tellManager(draft, handoff, sayOverdue(draft, 'accept', handoff), `${say}; nobody covers`);
    return finish(draft, 'fired', plainTrace('accept', `${say}; nobody covers`));
  }
  const words = `${nameOf(draft, handoff.ownerId)} did not accept in time; ${rep.name} covers`;
  const lapsedBy = [...new Set([...(handoff.lapsedBy ?? []), handoff.ownerId])];
  handOver(draft, { ...handoff, lapsedBy }, rep.id, words);
  const assignment = coverTrace(draft, handoff, rep.id, 'did not accept in time');
  return finish(draft, 'rerouted', { ...plainTrace('accept', `${words}; ${say}`), assignment });
};

/** Why an owner is not relieved without the manager: work was begun, or the lead is their own; null: they are. */
const whyStays = (handoff: Exclude<OpenHandoff, { status: 'queued' }>): string | null => {
  if (handoff.triedBy === handoff.ownerId) return 'tried before';
  return handoff.kind === 'own' ? 'brought this lead' : null;
};

/** Relieves the owner where that takes no manager. From a queue the routes are asked once more. */
export const reassign = (draft: Draft, handoff: OpenHandoff, say: string): Decided => {
  if (handoff.status === 'queued') return move(draft, handoff, { say: 'asked once more whose it is' }, say);
  const why = whyStays(handoff);
  if (why !== null) {
    const words = `${nameOf(draft, handoff.ownerId)} ${why}: the manager decides who goes on`;
    tellManager(draft, handoff, sayOverdue(draft, 'response', handoff), words);
    return finish(draft, 'fired', plainTrace('response', `${say}; ${words}`));
  }
  const words = `${nameOf(draft, handoff.ownerId)} is relieved: nobody was contacted in time`;
  tellRelieved(draft, handoff, words);
  return move(draft, handoff, { lapsedBy: handoff.ownerId, say: words }, say);
};

/** The route has come to its hours: whoever it waited for is looked for. */
export const open = (draft: Draft, handoff: OpenHandoff, say: string): Decided =>
  move(draft, handoff, { say: 'its hours have come' }, say);

/** Who loses it hears of it, once. */
const tellRelieved = (draft: Draft, handoff: OpenHandoff, words: string): void => {
  const who = contactName(draft.state.facts) ?? 'A contact';
  tellOwner(draft, handoff, 'rerouted', { subject: `Not yours any more: ${who}`, body: `${handoff.reason}. ${words}` });
};
