/** Recorded histories: what they hold, and the small world that they begin in. */
import type { ContactId, RepId } from '../kernel/ids.ts';
import { type Instant, MINUTE_MS } from '../kernel/time.ts';
import { canonicalText, readCanonical } from '../policy/canonical.ts';
import { compilePolicy, EVALUATOR_VERSION } from '../policy/compile.ts';
import type { LegRule } from '../policy/document.ts';
import type { Input } from './input.ts';
import { promised } from './promiseFixture.ts';
import { addContact, newWorld, rep, type World } from './worldFixture.ts';

export type History = {
  readonly evaluatorVersion: number;
  /** The canonical text of the policy that decided. */
  readonly policy: string;
  readonly reps: readonly RepId[];
  /** Contact and company; 0 for none. */
  readonly contacts: readonly (readonly [ContactId, number])[];
  readonly steps: readonly {
    readonly now: Instant;
    readonly contactId: ContactId;
    readonly input: Input;
    /** What was decided, members of a group included, or the code of the refusal. */
    readonly outcomes: readonly string[];
    /** The hash of the decisions' bytes; null for a refusal. */
    readonly bytes: string | null;
  }[];
};

/** A booked meeting is passed on to the next of the same team, who is asked for half an hour. */
const MEETING: LegRule = {
  id: 'next-rep',
  when: 'meeting-booked',
  to: { kind: 'team', team: 'inbound' },
  accept: { by: 'rep', within: { kind: 'working', ms: 30 * MINUTE_MS }, maxOffers: 2 },
  contactWithin: { kind: 'working-days', days: 1 },
  dealOwner: 'inbound',
};

/** A history before anything happened: three reps, 24 contacts, three companies of four, the policy of the other tests. */
export const emptyHistory = (): History => ({
  evaluatorVersion: EVALUATOR_VERSION,
  policy: canonicalText(promised({ legs: [MEETING] }), new Map(promised().lists.map(({ id }) => [id, 'none']))),
  reps: [1, 2, 3],
  contacts: Array.from({ length: 24 }, (_, n) => [n + 1, n < 12 ? 1 + Math.floor(n / 4) : 0] as const),
  steps: [],
});

/** The world in which a history begins. */
export const worldOf = (history: History): World => {
  const policy = compilePolicy(readCanonical(history.policy).document, 'recorded', new Map());
  const world = newWorld(
    policy,
    history.reps.map((id) => rep(id, `Rep${id}`)),
    { inbound: history.reps },
  );
  for (const [id, companyId] of history.contacts) addContact(world, id, companyId === 0 ? null : companyId);
  return world;
};
