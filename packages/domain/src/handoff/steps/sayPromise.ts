/** What is said of a promise that is at risk or broken, and what is missing of it. */
import { hasTalked } from '../../lifecycle/leadStatus.ts';
import { promiseFor } from '../../promise/promises.ts';
import { sayInstant } from '../../promise/sayInstant.ts';
import { type Draft, nameOf } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { contactName } from '../words.ts';
import { clocksOf } from './clocks.ts';
import type { Fired, StepAct } from './fireSteps.ts';

const WHAT: { readonly [kind in Fired]: string } = {
  accept: 'accepted',
  response: 'contacted',
  'next-step': 'worked on',
  outcome: 'decided',
  close: 'closed',
};

/** One sentence for the timeline. It names reps and never the contact. */
export const saySteps = (draft: Draft, kind: Fired, handoff: OpenHandoff, acts: ReadonlySet<StepAct>): string => {
  const who = handoff.status === 'queued' ? 'in the queue' : `with ${nameOf(draft, handoff.ownerId)}`;
  const dueAt = clocksOf(handoff)[kind]?.dueAt ?? draft.context.now;
  const isOver = draft.context.now >= dueAt;
  const promised = isOver
    ? `not ${WHAT[kind]} by ${sayInstant(dueAt)}, ${who}`
    : `to be ${WHAT[kind]} by ${sayInstant(dueAt)}, ${who}`;
  const words = [...acts].flatMap((act) => SAYS[act](draft, handoff));
  return [promised, ...words].join('; ');
};

const SAYS: { readonly [act in StepAct]: (draft: Draft, handoff: OpenHandoff) => readonly string[] } = {
  open: () => ['it looks for an owner'],
  breach: () => ['the promise is broken'],
  wait: () => ['late by our own fault, so time is given before anybody else has it'],
  remind: () => ['reminded'],
  'remind-task': () => ['reminded with a task'],
  'tell-manager': () => ['the manager is told'],
  reassign: () => ['to be relieved'],
  lapse: () => ['the offer has lapsed'],
  cover: () => ['whoever covers is asked'],
  'count-tries': (draft, handoff) => {
    const missing = triesMissing(draft, handoff);
    return missing > 0 ? [`${missing} tries short, the manager is told`] : ['tried often enough'];
  },
  return: () => [],
};

/** The subject of a notice about a clock: who was, or is, to be contacted by when. For reps, so it names the contact. */
export const sayOverdue = (draft: Draft, kind: Fired, handoff: OpenHandoff): string => {
  const who = contactName(draft.state.facts) ?? 'A contact';
  const dueAt = clocksOf(handoff)[kind]?.dueAt ?? draft.context.now;
  return draft.context.now >= dueAt
    ? `Overdue: ${who} was to be ${WHAT[kind]} by ${sayInstant(dueAt)}`
    : `${who} is to be ${WHAT[kind]} by ${sayInstant(dueAt)}`;
};

/** How many attempts are missing of those the policy asks for, before anybody was reached. */
export const triesMissing = (draft: Draft, handoff: OpenHandoff): number => {
  const { document } = draft.context.policy;
  const { tries } = promiseFor(document, handoff.intent);
  if (tries === null || handoff.status !== 'working') return 0;
  return hasTalked(draft.state.leadStatus, document.statuses) ? 0 : Math.max(0, tries.count - handoff.attempts);
};
