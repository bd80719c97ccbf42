import { DECISION_OUTCOMES, type DecisionOutcome } from '@baton/domain/handoff/decision.ts';

/** Nothing happened that a receiver would have to hear of. */
const SILENT: ReadonlySet<DecisionOutcome> = new Set(['observed', 'ignored', 'refused']);
const OF_CONTACT: ReadonlySet<DecisionOutcome> = new Set(['held', 'merged', 'stage-set']);

/** The type of the event that a decision with this outcome is to webhooks; null: none. */
export const eventTypeOf = (outcome: DecisionOutcome): string | null =>
  SILENT.has(outcome) ? null : `${OF_CONTACT.has(outcome) ? 'contact' : 'handoff'}.${outcome}`;

/** A notice that the policy sends by webhook, and the event of the test button. */
export const NOTICE_TYPE = 'notice';
export const TEST_TYPE = 'webhook.test';

/** Every type of event that a webhook can ask for. */
export const EVENT_TYPES: readonly string[] = [
  ...DECISION_OUTCOMES.map(eventTypeOf).filter((type) => type !== null),
  NOTICE_TYPE,
];

/** Whether what a webhook asks for (types, `handoff.*`, `*`) has this type in it. */
export const wantsType = (wanted: readonly string[], type: string): boolean =>
  wanted.some((one) => one === '*' || one === type || (one.endsWith('.*') && type.startsWith(one.slice(0, -1))));
