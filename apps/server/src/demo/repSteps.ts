import type { Input, RepAct } from '@baton/domain/handoff/input.ts';
import { HOUR_MS, type Instant, MINUTE_MS } from '@baton/domain/kernel/time.ts';
import type { Acts } from '../handoff/act.ts';
import type { Random } from './random.ts';

/** Decides one input about one contact as of an instant; null: now. False where it was refused. */
export type ActForRep = (contactId: number, input: Input, asOf: Instant | null) => Promise<boolean>;

/** Acts of the past are told to nobody. */
export const actingIn =
  (acts: Acts): ActForRep =>
  async (contactId, input, asOf) =>
    (await acts.act({ contactId }, input, asOf === null ? {} : { asOf, tells: false })).kind === 'done';

export type OfferedHandoff = {
  readonly id: number;
  readonly contact_id: number;
  readonly owner_id: number;
  readonly qualified_at: Instant;
  readonly intent: string;
  readonly status: string;
  readonly deal_id: number | null;
};

/** One thing that a rep does. */
export type Step = {
  readonly at: Instant;
  /** True: `input` wants to know the handoff's deal by then. */
  readonly isAboutDeal: boolean;
  /** Null: there is nothing to do (no deal was made). */
  readonly input: (dealId: number | null) => Input | null;
};

/** One rep's work on one handoff, in order of time. */
export const makeSteps = (random: Random, handoff: OfferedHandoff): Step[] => {
  const by = { kind: 'rep', id: handoff.owner_id } as const;
  const steps: Step[] = [];
  let at = handoff.qualified_at;
  const later = (low: number, high: number): Instant => {
    at += random.whole(low, high);
    return at;
  };
  const acted = (act: RepAct, when: Instant): void => {
    steps.push({ at: when, isAboutDeal: false, input: () => ({ kind: 'rep-acted', by, act }) });
  };
  if (random.chance(0.04)) return steps;
  if (handoff.status === 'offered') acted({ do: 'accept' }, later(2 * MINUTE_MS, 150 * MINUTE_MS));
  if (random.chance(0.14)) {
    const [reason, detail] = random.pick([
      ['bad-fit', 'Too small for what we sell'],
      ['no-intent', 'Was only curious'],
      ['bad-data', 'Address does not exist'],
    ] as const);
    acted({ do: 'reject', reason, detail }, later(20 * MINUTE_MS, 6 * HOUR_MS));
    return steps;
  }
  for (let attempt = random.whole(0, 2); attempt > 0; attempt -= 1) {
    const when = later(15 * MINUTE_MS, 3 * HOUR_MS);
    acted(
      {
        do: 'log-contact',
        channel: 'call',
        outcome: random.pick(['voicemail', 'no-answer'] as const),
        note: null,
        at: when,
      },
      when,
    );
  }
  if (random.chance(0.08)) {
    acted(
      { do: 'park', until: at + 30 * 24 * HOUR_MS, note: 'Budget opens next quarter' },
      later(HOUR_MS, 5 * HOUR_MS),
    );
    return steps;
  }
  if (!random.chance(0.85)) return steps;
  const talked = later(30 * MINUTE_MS, 30 * HOUR_MS);
  acted(
    {
      do: 'log-contact',
      channel: 'call',
      outcome: 'connected',
      note: 'Talked through the current process',
      at: talked,
    },
    talked,
  );
  if (!random.chance(0.55)) return steps;
  // Only a deal that the policy made by then moves on.
  const changed = (when: Instant, to: 'moved' | 'won' | 'lost', reason: string | null): void => {
    steps.push({
      at: when,
      isAboutDeal: true,
      input: (dealId) =>
        dealId === null ? null : { kind: 'deal-changed', by, dealId, change: { to, at: when, reason } },
    });
  };
  changed(later(4 * HOUR_MS, 2 * 24 * HOUR_MS), 'moved', null);
  if (!random.chance(0.7)) return steps;
  if (random.chance(0.55)) changed(later(24 * HOUR_MS, 6 * 24 * HOUR_MS), 'won', null);
  else changed(later(24 * HOUR_MS, 8 * 24 * HOUR_MS), 'lost', random.pick(['price', 'no-decision'] as const));
  return steps;
};
