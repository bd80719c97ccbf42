import type { HandoffStatus } from '../handoff/state.ts';

/** What a count asks of one handoff. `response`: how its response clock ended, null while it runs or was parked. */
export type CountedHandoff = {
  readonly kind: 'inbound' | 'fast-track' | 'own' | 'expansion';
  readonly status: HandoffStatus;
  readonly isAccepted: boolean;
  readonly isContacted: boolean;
  readonly hasDeal: boolean;
  readonly response: 'kept' | 'broken' | null;
};

const GIVEN_BACK: ReadonlySet<HandoffStatus> = new Set(['rejected', 'withdrawn']);

/** The funnel's counts, in its order, each with its sentence and its test. A rep's own lead is no MQL of anybody's. */
export const COUNTS = {
  mql: { label: 'MQL', say: 'qualified by policy or named by marketing', counts: () => true },
  sql: { label: 'SQL', say: 'accepted by sales, also those given back later', counts: (one) => one.isAccepted },
  'sql-withdrawn': {
    label: 'SQL withdrawn',
    say: 'accepted, then rejected or withdrawn',
    counts: (one) => one.isAccepted && GIVEN_BACK.has(one.status),
  },
  contacted: { label: 'Contacted', say: 'somebody of sales tried to reach them', counts: (one) => one.isContacted },
  deal: {
    label: 'Deal',
    say: 'a person made a deal of it, or moved on the one that policy made',
    counts: (one) => one.hasDeal,
  },
  won: { label: 'Won', say: 'the deal was won', counts: (one) => one.status === 'won' },
  lost: { label: 'Lost', say: 'the deal was lost', counts: (one) => one.status === 'lost' },
  rejected: { label: 'Rejected', say: 'sales said no, with a reason', counts: (one) => one.status === 'rejected' },
} as const satisfies {
  readonly [count: string]: {
    readonly label: string;
    readonly say: string;
    readonly counts: (handoff: CountedHandoff) => boolean;
  };
};
export type CountId = keyof typeof COUNTS;

/** The funnel of some handoffs; a rep's own leads have a line of their own. Linear. */
export const countFunnel = (
  handoffs: readonly CountedHandoff[],
): { readonly counts: { readonly [count in CountId]: number }; readonly own: number } => {
  const qualified = handoffs.filter(({ kind }) => kind !== 'own');
  const ids = Object.keys(COUNTS) as CountId[];
  const counts = Object.fromEntries(ids.map((id) => [id, qualified.filter((one) => COUNTS[id].counts(one)).length]));
  return { counts: counts as { readonly [count in CountId]: number }, own: handoffs.length - qualified.length };
};

/**
 * Promise kept: of the response clocks that ended kept or broken, how many were kept, in thousandths rounded down; null of
 * none. Clocks that still run, were parked before contact, or closed with the handoff are in neither.
 */
export const promiseKeptPerMille = (handoffs: readonly Pick<CountedHandoff, 'response'>[]): number | null => {
  const ended = handoffs.filter(({ response }) => response !== null);
  const kept = ended.filter(({ response }) => response === 'kept').length;
  return ended.length === 0 ? null : Math.floor((kept * 1000) / ended.length);
};
