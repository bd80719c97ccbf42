import type { Input, RepAct } from '@baton/domain/handoff/input.ts';
import { HOUR_MS, type Instant, MINUTE_MS } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import type { DemoRecord } from './demoRecord.ts';
import { makeRandom, type Random } from './random.ts';

/** Decides one input about one contact as of an instant; null: now. False where it was refused. */
export type ActForRep = (contactId: number, input: Input, asOf: Instant | null) => Promise<boolean>;

export type OfferedHandoff = {
  readonly id: number;
  readonly contact_id: number;
  readonly owner_id: number;
  readonly qualified_at: Instant;
  readonly intent: string;
  readonly status: string;
  readonly deal_id: number | null;
};

const AT_ONCE = 4;

/**
 * What the reps did with the handoffs of the four weeks: accepted most, called, rejected some, won a few. Acts that would
 * lie after the story's now are left out, so that the newest ones are still open.
 */
export const workHandoffs = async (pool: Pool, act: ActForRep, record: DemoRecord): Promise<void> => {
  const { rows } = await pool.query<OfferedHandoff>(
    `select h.id, h.contact_id, h.owner_id, h.qualified_at, h.intent, h.status, h.deal_id from handoff h
     where h.owner_id = any($1) and h.status in ('offered', 'open') and h.closed_at is null order by h.qualified_at, h.id`,
    [record.repIds],
  );
  const queue = [...rows];
  const worker = async (): Promise<void> => {
    for (let handoff = queue.shift(); handoff !== undefined; handoff = queue.shift()) {
      const random = makeRandom(record.seed ^ (handoff.contact_id * 2_654_435_761));
      for (const step of makeSteps(random, handoff)) {
        if (step.at > record.anchor || !(await act(handoff.contact_id, step.input, step.at))) break;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};

type Step = { readonly at: Instant; readonly input: Input };

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
    steps.push({ at: when, input: { kind: 'rep-acted', by, act } });
  };
  if (random.chance(0.04)) return steps;
  if (handoff.status === 'offered') acted({ do: 'accept' }, later(2 * MINUTE_MS, 150 * MINUTE_MS));
  if (random.chance(0.1)) {
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
  if (!random.chance(0.75)) return steps;
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
  if (handoff.deal_id === null || !random.chance(0.55)) return steps;
  const moved = later(6 * HOUR_MS, 4 * 24 * HOUR_MS);
  const { deal_id: dealId } = handoff;
  steps.push({
    at: moved,
    input: { kind: 'deal-changed', by, dealId, change: { to: 'moved', at: moved, reason: null } },
  });
  if (!random.chance(0.6)) return steps;
  const closed = later(24 * HOUR_MS, 9 * 24 * HOUR_MS);
  const won = random.chance(0.5);
  steps.push({
    at: closed,
    input: {
      kind: 'deal-changed',
      by,
      dealId,
      change: {
        to: won ? 'won' : 'lost',
        at: closed,
        reason: won ? null : random.pick(['price', 'no-decision'] as const),
      },
    },
  });
  return steps;
};
