import type { Actor, RepAct } from '@baton/domain/handoff/input.ts';
import { DAY_MS } from '@baton/domain/kernel/time.ts';

/** A person of sales, who may act for any rep. */
export const MIA: Actor = { kind: 'person', name: 'Mia', team: 'sales' };

/** What the dice choose for tests of random histories: one of several, a rep of `furnish`, and what a rep does next. */
export const makeRandomActs = (dice: (below: number) => number) => {
  const pick = <T>(...of: readonly T[]): T => of[dice(of.length)] as T;
  const rep = (): Actor => ({ kind: 'rep', id: 1 + dice(5) });
  const repAct = (): RepAct =>
    pick<() => RepAct>(
      () => ({ do: 'accept' }),
      () => ({ do: 'accept' }),
      () => ({ do: 'claim' }),
      () => ({
        do: 'log-contact',
        channel: 'call',
        outcome: pick('connected', 'voicemail', 'bounced', 'booked', 'cancelled'),
        note: null,
        at: Date.now() - pick(0, 60_000),
        ...(dice(2) === 0 ? {} : { next: { type: 'email', title: null, dueAt: Date.now() + DAY_MS } }),
      }),
      () => ({ do: 'reject', reason: pick('bad-fit', 'no-intent', 'wrong-owner', 'spam', 'bad-data'), detail: null }),
      () => ({ do: 'hand-back', reason: pick('busy', 'wrong-territory') }),
      () => ({ do: 'park', until: Date.now() + DAY_MS, note: null }),
      () => ({
        do: 'set-status',
        status: pick('connected', 'in-progress', 'bad-timing'),
        reason: null,
        until: Date.now() + DAY_MS,
      }),
    )();
  return { pick, rep, repAct };
};
