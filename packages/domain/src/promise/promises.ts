import type { Intent } from '../kernel/ids.ts';
import type { Duration, PolicyDocument, PromiseRule, RouteRule } from '../policy/document.ts';
import type { Ladder, Rung } from './ladder.ts';

const days = (count: number): Duration => ({ kind: 'working-days', days: count });

/** What is promised where the policy says nothing: no open handoff is ever without a clock. */
const DEFAULTS = { contactWithin: days(1), nextStepWithin: days(2), outcomeWithin: days(15) };
const DEFAULT_LADDER: PromiseRule['ladder'] = [{ atPercent: 100, do: ['remind-task', 'tell-manager'] }];

export type Promised = {
  readonly contactWithin: Duration;
  readonly nextStepWithin: Duration;
  readonly outcomeWithin: Duration;
  readonly tries: PromiseRule['tries'];
  readonly graceAfterReassign: Duration | null;
  /** Of the response clock; never empty. */
  readonly ladder: PromiseRule['ladder'];
};

/** What sales promises for a lead of this intent. Linear in the promises. */
export const promiseFor = (document: Pick<PolicyDocument, 'promise'>, intent: Intent): Promised => {
  const rule: PromiseRule | undefined = document.promise.find((one) => one.intent === intent);
  return {
    contactWithin: rule?.contactWithin ?? DEFAULTS.contactWithin,
    nextStepWithin: rule?.nextStepWithin ?? DEFAULTS.nextStepWithin,
    outcomeWithin: rule?.outcomeWithin ?? DEFAULTS.outcomeWithin,
    tries: rule?.tries ?? null,
    graceAfterReassign: rule?.graceAfterReassign ?? null,
    ladder: rule === undefined || rule.ladder.length === 0 ? DEFAULT_LADDER : rule.ladder,
  };
};

/** An offer to a team's rep goes on when it lapses; one to an account's own owner is asked again, covered, and told of. */
const OFFER: Ladder = { breaks: false, rungs: [{ at: { percent: 100 }, do: ['lapse'] }] };
const OWNED_OFFER: Ladder = {
  breaks: false,
  rungs: [
    { at: { percent: 100 }, do: ['remind'] },
    { at: { percent: 200 }, do: ['cover'] },
    { at: { percent: 300 }, do: ['tell-manager'] },
  ],
};
const OWNED: ReadonlySet<string> = new Set(['company-owner', 'contact-owner']);

/** What happens while an offer waits to be accepted; the route says whose account it is. */
export const acceptLadder = (route: Pick<RouteRule, 'to' | 'ifAway'> | undefined): Ladder => {
  if (route === undefined || !OWNED.has(route.to.kind)) return OFFER;
  if (route.ifAway === 'cover') return OWNED_OFFER;
  return { ...OWNED_OFFER, rungs: OWNED_OFFER.rungs.filter((rung) => !rung.do.includes('cover')) };
};

const OWED: Ladder = { breaks: true, rungs: [{ at: { percent: 100 }, do: ['remind'] }] };
const RETURN: Ladder = { breaks: false, rungs: [{ at: { percent: 100 }, do: ['return'] }] };

/** What happens while a step of this kind is owed: the policy's own ladder for the response, ours for the others. */
export const ladderOf = (kind: 'response' | 'next-step' | 'outcome' | 'return' | 'close', promised: Promised): Ladder =>
  LADDERS[kind](promised);

const LADDERS: { readonly [kind in Parameters<typeof ladderOf>[0]]: (promised: Promised) => Ladder } = {
  response: ({ ladder }) => ({
    breaks: true,
    rungs: ladder.map((step) => ({ at: { percent: step.atPercent }, do: step.do })),
  }),
  'next-step': () => OWED,
  outcome: ({ tries }) => {
    const end: Rung = { at: { percent: 100 }, do: ['remind', 'tell-manager'] };
    const count: readonly Rung[] = tries === null ? [] : [{ at: { after: tries.within }, do: ['count-tries'] }];
    return { breaks: true, rungs: [...count, end] };
  },
  return: () => RETURN,
  close: () => OWED,
};
