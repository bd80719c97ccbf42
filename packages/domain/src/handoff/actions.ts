/**
 * Who may do what with a handoff in which state, and the sentence why not: one table that the API, the command line and
 * the web read, and that the transitions themselves ask.
 */
import type { People } from '../assignment/assignment.ts';
import { canOwn } from '../assignment/eligibility.ts';
import { assertNever } from '../kernel/assertNever.ts';
import type { Refusal } from './decision.ts';
import type { Actor } from './input.ts';
import { ownerOf } from './ownerOf.ts';
import type { ContactState, OpenHandoff, OpenHandoffStatus } from './state.ts';

/**
 * `owner`: the rep who has it, or somebody on the rep's behalf (sales, admin, an import, the policy); `who-sells`: any active
 * rep who takes leads; `of-its-queue`: one of them whom it was offered to, or who is in the team whose queue it waits in or
 * leads it (a queue that is no team's is open to all who sell); `sales`: a sales person or admin; `marketing`: a marketing person or admin; `person`: anybody.
 */
export type Permitted = 'owner' | 'who-sells' | 'of-its-queue' | 'sales' | 'marketing' | 'person';

type Rule = {
  readonly label: string;
  /** The statuses in which it is legal; `none`: without an open handoff. */
  readonly when: readonly (OpenHandoffStatus | 'none')[];
  readonly who: Permitted;
};

const ANY = ['offered', 'queued', 'open', 'working', 'parked', 'deal'] as const;

/** Every action: its label, the statuses in which it is legal, and who may take it. */
export const ACTIONS = {
  accept: { label: 'Accept', when: ['offered'], who: 'owner' },
  claim: { label: 'Claim', when: ['queued'], who: 'of-its-queue' },
  'log-contact': { label: 'Log a contact', when: ['offered', 'open', 'working', 'parked', 'deal'], who: 'owner' },
  'set-status': { label: 'Set the status', when: ['none', ...ANY], who: 'owner' },
  reject: { label: 'Reject', when: ['offered', 'queued', 'open', 'working', 'parked'], who: 'owner' },
  park: { label: 'Bad timing until', when: ['offered', 'open', 'working'], who: 'owner' },
  'hand-back': { label: 'Hand back', when: ['offered', 'open', 'working', 'parked'], who: 'owner' },
  'pass-on': { label: 'Pass on', when: ['open', 'working', 'deal'], who: 'owner' },
  assign: { label: 'Assign', when: ANY, who: 'sales' },
  'fast-track': {
    label: 'Fast track',
    when: ['none', 'offered', 'queued', 'open', 'working', 'parked'],
    who: 'marketing',
  },
  'own-lead': { label: 'My own lead', when: ['none'], who: 'who-sells' },
  'complete-task': {
    label: 'Complete the task',
    when: ['none', 'offered', 'open', 'working', 'parked', 'deal'],
    who: 'owner',
  },
  'create-deal': { label: 'Create a deal', when: ['none', ...ANY], who: 'owner' },
  'move-deal': { label: 'Move the deal', when: ['none', ...ANY], who: 'owner' },
  'close-deal': { label: 'Close the deal', when: ['none', ...ANY], who: 'owner' },
  'set-stage': { label: 'Set the stage', when: ['none', ...ANY], who: 'person' },
  undo: { label: 'Undo', when: ['none', ...ANY], who: 'person' },
  withdraw: { label: 'Withdraw', when: ['none', ...ANY], who: 'person' },
} as const satisfies { readonly [action: string]: Rule };
export type ActionId = keyof typeof ACTIONS;

/** Says why an actor may not do this now, or null where they may. */
export const whyNot = (
  action: ActionId,
  state: ContactState,
  actor: Actor,
  people: Pick<People, 'reps' | 'teams'>,
): Refusal | null => {
  const rule: Rule = ACTIONS[action];
  const { handoff } = state;
  const status = handoff?.status ?? 'none';
  if (!rule.when.includes(status)) return wrongState(action, rule, handoff, people);
  return wrongActor(rule, handoff, actor, people);
};

const SAYS: { readonly [status in OpenHandoffStatus | 'none']: string } = {
  none: 'there is no open handoff',
  offered: 'it is offered and not accepted yet',
  queued: 'it waits in a queue; claim it first',
  open: 'it was accepted',
  working: 'somebody works on it already',
  parked: 'it is parked until a date',
  deal: 'it has become a deal; win or lose the deal',
};

const wrongState = (
  action: ActionId,
  rule: Rule,
  handoff: OpenHandoff | null,
  people: Pick<People, 'reps' | 'teams'>,
): Refusal => {
  if (handoff === null) return { code: 'no-open-handoff', say: `${rule.label}: ${SAYS.none}`, by: null };
  const ownerId = ownerOf(handoff);
  const owner = ownerId === null ? '' : ` by ${people.reps.get(ownerId)?.name ?? `rep ${ownerId}`}`;
  const isTaken = (action === 'accept' || action === 'claim') && ownerId !== null && handoff.status !== 'offered';
  if (isTaken) return { code: 'already-accepted', say: `It was accepted${owner} already`, by: ownerId };
  return { code: 'wrong-status', say: `${rule.label}: ${SAYS[handoff.status]}`, by: ownerId };
};

const wrongActor = (
  rule: Rule,
  handoff: OpenHandoff | null,
  actor: Actor,
  people: Pick<People, 'reps' | 'teams'>,
): Refusal | null => {
  const ownerId = handoff === null ? null : ownerOf(handoff);
  const no = (code: string, say: string): Refusal => ({ code, say: `${rule.label}: ${say}`, by: ownerId });
  switch (rule.who) {
    case 'owner':
      if (actor.kind !== 'rep' || ownerId === null || actor.id === ownerId) return onBehalf(actor, no);
      return no('not-yours', `it is ${people.reps.get(ownerId)?.name ?? `rep ${ownerId}`}’s`);
    case 'who-sells':
      return isSelling(actor, people) ? null : no('not-selling', 'only an active rep who takes leads can');
    case 'of-its-queue': {
      if (!isSelling(actor, people)) return no('not-selling', 'only an active rep who takes leads can');
      const team = handoff?.status === 'queued' ? people.teams.get(handoff.queueId) : undefined;
      if (team === undefined || handoff?.status !== 'queued') return null;
      const isTheirs =
        team.managerId === actor.id ||
        team.members.some(({ repId }) => repId === actor.id) ||
        handoff.offeredTo?.includes(actor.id) === true;
      return isTheirs
        ? null
        : no('not-in-team', `it waits in the queue of ${team.name}, and only who is in that team can`);
    }
    case 'sales':
      return isOf(actor, 'sales') ? null : no('not-sales', 'only sales can');
    case 'marketing':
      return isOf(actor, 'marketing') ? null : no('not-marketing', 'only marketing can');
    case 'person':
      return null;
    default:
      return assertNever(rule.who);
  }
};

const isSelling = (actor: Actor, people: Pick<People, 'reps'>): actor is Extract<Actor, { kind: 'rep' }> =>
  actor.kind === 'rep' && canOwn(people.reps.get(actor.id));

const onBehalf = (actor: Actor, no: (code: string, say: string) => Refusal): Refusal | null =>
  actor.kind === 'person' && actor.team === 'marketing' ? no('not-sales', 'only sales can') : null;

/** Admins, imports and the policy act for either team; timers for none. */
const isOf = (actor: Actor, team: 'sales' | 'marketing'): boolean => {
  switch (actor.kind) {
    case 'person':
      return actor.team === team || actor.team === 'admin';
    case 'rep':
      return team === 'sales';
    case 'import':
    case 'policy':
      return true;
    case 'timer':
      return false;
    default:
      return assertNever(actor);
  }
};

/** Every action with whether an actor may take it now, in the table's order: what a screen or a help text lists. */
export const actionsFor = (
  state: ContactState,
  actor: Actor,
  people: Pick<People, 'reps' | 'teams'>,
): readonly { readonly action: ActionId; readonly label: string; readonly refusal: Refusal | null }[] =>
  (Object.keys(ACTIONS) as ActionId[]).map((action) => ({
    action,
    label: ACTIONS[action].label,
    refusal: whyNot(action, state, actor, people),
  }));
