import type { Intent } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Duration, PolicyDocument, PromiseRule } from '../policy/document.ts';
import { ALWAYS_OPEN, type Calendar, due } from './clock.ts';

const days = (count: number): Duration => ({ kind: 'working-days', days: count });

/** What is promised where the policy says nothing: no open handoff is ever without a clock. */
const DEFAULTS = { contactWithin: days(1), nextStepWithin: days(2), outcomeWithin: days(15) };

export type Promised = {
  readonly contactWithin: Duration;
  readonly nextStepWithin: Duration;
  readonly outcomeWithin: Duration;
};

/** What sales promises for a lead of this intent. Linear in the promises. */
export const promiseFor = (document: Pick<PolicyDocument, 'promise'>, intent: Intent): Promised => {
  const rule: PromiseRule | undefined = document.promise.find((one) => one.intent === intent);
  return {
    contactWithin: rule?.contactWithin ?? DEFAULTS.contactWithin,
    nextStepWithin: rule?.nextStepWithin ?? DEFAULTS.nextStepWithin,
    outcomeWithin: rule?.outcomeWithin ?? DEFAULTS.outcomeWithin,
  };
};

/** The due instant on a calendar that is known to reach so far. */
export const dueOn = (calendar: Calendar, start: Instant, duration: Duration): Instant => {
  const at = due(calendar, start, duration);
  if (at === null) throw new Error('the calendar ends before the promise does');
  return at;
};

/** The calendar by which a team keeps its promises. */
export const TEAM_CALENDAR: Calendar = ALWAYS_OPEN;
