import { assertNever } from '../../kernel/assertNever.ts';
import { type Instant, MINUTE_MS } from '../../kernel/time.ts';
import { hasTalked, kindOfStatus } from '../../lifecycle/leadStatus.ts';
import type { LeadStatus } from '../../lifecycle/stage.ts';
import type { LegTrigger } from '../../policy/document.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, needCompany, note, plainTrace, putHandoff, refuse } from '../draft.ts';
import type { Actor, RepAct } from '../input.ts';
import type { ContactState, OpenHandoff } from '../state.ts';
import { acceptOffered, membersFollow } from '../steps/accepted.ts';
import { beginLeg } from '../steps/beginLeg.ts';
import { backToDeal } from '../steps/bringBack.ts';
import { answerClock, startClock } from '../steps/clocks.ts';
import { tellOwner } from '../steps/notify.ts';
import { baseOf, type HandoffIn, workingClocks } from '../steps/reshape.ts';
import { enterStatus } from '../steps/stages.ts';
import { wake } from '../steps/wake.ts';

type Logged = Extract<RepAct, { do: 'log-contact' }>;

/** What each outcome counts as. A bounced mail or a wrong number reached nobody and stops nothing. */
export const OUTCOME_MEANS = {
  connected: 'conversation',
  replied: 'conversation',
  met: 'conversation',
  booked: 'conversation',
  rescheduled: 'nothing',
  cancelled: 'nothing',
  voicemail: 'attempt',
  sent: 'attempt',
  'no-show': 'attempt',
  'no-answer': 'attempt',
  bounced: 'nothing',
  'wrong-number': 'nothing',
} as const satisfies { readonly [outcome in Logged['outcome']]: 'conversation' | 'attempt' | 'nothing' };

/** A log that comes so long after the act is marked as back-dated. */
const PROMPT_MS = 10 * MINUTE_MS;

/** A rep logs an attempt or a conversation: the customer no longer waits, the next step is promised. */
export const logContact = (state: ContactState, by: Actor, act: Logged, context: Context): Decided => {
  const refusal = whyNot('log-contact', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const means = OUTCOME_MEANS[act.outcome];
  const late = context.now - act.at > PROMPT_MS ? ', logged later' : '';
  const seen = act.source === undefined ? '' : `, seen by ${act.source}`;
  const say = `${act.channel}: ${act.outcome}${seen}${late}`;
  if (means === 'nothing') {
    note(draft, 'contact', `${say}; ${REACHED[act.outcome] ?? 'reached nobody'}`);
    const { handoff } = state;
    if (act.outcome === 'cancelled' && handoff !== null)
      tellOwner(draft, handoff, 'contact', { subject: 'The meeting was cancelled: agree on another time' });
    return finish(draft, 'worked', plainTrace('log-contact', `${say}; stops no clock`));
  }
  const contact = { means, at: act.at, evidence: say, status: null, next: act.next };
  return contacted(draft, act.outcome === 'booked' ? { ...contact, begins: 'meeting-booked' } : contact);
};

/** What the owner promised to do next becomes a task of theirs. */
const addNextTask = (draft: Draft, next: NonNullable<Logged['next']>): void => {
  const { handoff } = draft.state;
  if (handoff === null || handoff.status === 'queued') return;
  draft.changes.push({
    kind: 'task-created',
    handoffId: handoff.id,
    ownerId: handoff.ownerId,
    type: next.type,
    title: next.title ?? `Next step: ${next.type}`,
    dueAt: next.dueAt,
  });
};

/** What is said of an outcome that stops nothing; where nothing stands here, it reached nobody. */
const REACHED: { readonly [outcome in Logged['outcome']]?: string } = {
  rescheduled: 'the meeting has another time',
  cancelled: 'the meeting will not be',
};

/** Somebody of sales turned to the contact, by a logged act or (reported apart) by setting the status. */
export const contacted = (
  draft: Draft,
  contact: {
    readonly means: 'attempt' | 'conversation';
    readonly at: Instant;
    readonly evidence: string;
    /** The status that was set by hand; null: as the act says. */
    readonly status: LeadStatus | null;
    readonly next?: Logged['next'] | undefined;
    /** The leg that this begins, where the policy has one. */
    readonly begins?: LegTrigger;
  },
): Decided => {
  const { handoff } = draft.state;
  if (handoff === null || handoff.status === 'queued') return refuse('wrong-status', 'Log a contact: nobody has it');
  note(draft, 'contact', contact.evidence);
  const status = contact.status ?? nextStatus(draft, contact.means);
  switch (handoff.status) {
    case 'offered':
      begin(draft, acceptOffered(draft, handoff, contact.evidence), contact);
      break;
    case 'open':
      begin(draft, handoff, contact);
      break;
    case 'parked': {
      const awake = wake(draft, handoff, contact.evidence);
      begin(draft, awake.status === 'offered' ? acceptOffered(draft, awake, contact.evidence) : awake, contact);
      break;
    }
    case 'working':
      goOn(draft, handoff, contact);
      break;
    case 'deal':
      break;
    default:
      return assertNever(handoff);
  }
  if (contact.next !== undefined) addNextTask(draft, contact.next);
  // Last, since acceptance on the way sets it to new.
  enterStatus(draft, status, contact.evidence);
  const leg = contact.begins === undefined ? null : beginLeg(draft, contact.begins);
  if (leg?.kind === 'needs') return leg;
  const trace = plainTrace('log-contact', contact.evidence);
  return finish(draft, 'worked', leg === null ? trace : { ...trace, assignment: leg.trace });
};

type Contact = Parameters<typeof contacted>[1];

/** The first contact: stops the response clock, in time or not; the first task is done. */
const begin = (draft: Draft, open: HandoffIn<'open'>, contact: Contact): void => {
  const { context } = draft;
  const at = Math.min(Math.max(contact.at, open.response.startedAt), context.now);
  const isKept = answerClock(draft, open.id, 'response', open.response, at, contact.evidence);
  draft.changes.push({ kind: 'task-closed', handoffId: open.id, how: 'done' });
  if (backToDeal(draft, { ...open, breached: open.breached || !isKept }, at)) return;
  const clocks = workingClocks(draft, open);
  const working: OpenHandoff = {
    ...baseOf(open),
    triedBy: open.ownerId,
    breached: open.breached || !isKept,
    status: 'working',
    ownerId: open.ownerId,
    acceptedAt: open.acceptedAt,
    contactedAt: at,
    attempts: contact.means === 'attempt' ? 1 : 0,
    ...clocks,
  };
  putHandoff(draft, working);
  startClock(draft, open.id, 'next-step', clocks.nextStep, open.ownerId);
  startClock(draft, open.id, 'outcome', clocks.outcome, open.ownerId);
  membersFollow(draft, working);
};

/** Each further act keeps the promise of a next step and promises another. */
const goOn = (draft: Draft, working: HandoffIn<'working'>, contact: Contact): void => {
  const { context } = draft;
  answerClock(draft, working.id, 'next-step', working.nextStep, context.now, contact.evidence);
  const { nextStep } = workingClocks(draft, working);
  startClock(draft, working.id, 'next-step', nextStep, working.ownerId);
  putHandoff(draft, {
    ...working,
    triedBy: working.ownerId,
    attempts: working.attempts + (contact.means === 'attempt' ? 1 : 0),
    nextStep,
  });
};

/** Attempted, then connected, then in progress; an attempt after a conversation takes nothing back. */
const nextStatus = ({ state, context }: Draft, means: 'attempt' | 'conversation'): LeadStatus => {
  const from = state.leadStatus;
  const { statuses } = context.policy.document;
  if (from === null || !hasTalked(from, statuses)) return means === 'attempt' ? 'attempted-to-contact' : 'connected';
  return means === 'attempt' || kindOfStatus(from, statuses) === 'open-deal' ? from : 'in-progress';
};
