import type { Input, RepAct } from '@baton/domain/handoff/input.ts';
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '@baton/domain/kernel/time.ts';
import type { ActChoice, Acts } from '../handoff/act.ts';
import type { Random } from './random.ts';

/** Decides one input about one contact as of an instant; null: now. False where it was refused. */
export type ActForRep = (
  contactId: number,
  input: Input,
  asOf: Instant | null,
  within?: ActChoice['within'],
) => Promise<boolean>;

/** Acts of the past are told to nobody. */
export const actingIn =
  (acts: Acts): ActForRep =>
  async (contactId, input, asOf, within) => {
    const choice = { ...(asOf === null ? {} : { asOf, tells: false }), ...(within === undefined ? {} : { within }) };
    return (await acts.act({ contactId }, input, choice)).kind === 'done';
  };

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
  /** What it asks of the handoff's deal: nothing, that there is one by then, or that the rep makes one if not. */
  readonly deal: 'unneeded' | 'needed' | 'made-if-missing';
  /** `dealId` is null where it needs none; `isNew`: the rep makes this deal now. */
  readonly input: (dealId: number | null, isNew: boolean) => Input | null;
};

/** How long reps let pass until the next step: inside what the policy promises, but for one in twelve who is behind. */
const PAUSE = [3 * HOUR_MS, 20 * HOUR_MS] as const;
const BEHIND = [26 * HOUR_MS, 3 * DAY_MS] as const;
const BEHIND_SHARE = 0.08;

const NOTES = [
  'Talked through the current process',
  'Wants to see it with their own data',
  'Asked for prices',
] as const;

/**
 * One rep's work on one handoff, in order of time, from where it stands to its end: rejected, parked, won or lost. What
 * lies after the story's now is not done yet, so that the newest are in the midst of it and few are late.
 */
export const makeSteps = (random: Random, handoff: OfferedHandoff): Step[] => {
  const by = { kind: 'rep', id: handoff.owner_id } as const;
  const steps: Step[] = [];
  let at = handoff.qualified_at;
  const later = (low: number, high: number): Instant => {
    at += random.chance(BEHIND_SHARE) ? random.whole(...BEHIND) : random.whole(low, high);
    return at;
  };
  const act = (act: RepAct, when: Instant): void => {
    steps.push({ at: when, deal: 'unneeded', input: () => ({ kind: 'rep-acted', by, act }) });
  };
  const log = (
    when: Instant,
    channel: 'call' | 'email' | 'meeting',
    outcome: 'connected' | 'replied' | 'met' | 'voicemail' | 'no-answer',
    note: string | null,
  ): void => act({ do: 'log-contact', channel, outcome, note, at: when }, when);
  const reject = (reason: string, detail: string, when: Instant): Step[] => {
    act({ do: 'reject', reason, detail }, when);
    return steps;
  };
  const park = (note: string): Step[] => {
    const when = later(...PAUSE);
    act({ do: 'park', until: when + 30 * DAY_MS, note }, when);
    return steps;
  };

  if (handoff.status === 'offered') act({ do: 'accept' }, later(2 * MINUTE_MS, 100 * MINUTE_MS));
  if (random.chance(0.1)) {
    const [reason, detail] = random.pick([
      ['bad-fit', 'Too small for what we sell'],
      ['bad-data', 'Address does not exist'],
    ] as const);
    return reject(reason, detail, later(20 * MINUTE_MS, 2 * HOUR_MS));
  }
  const attempts = random.whole(0, 3);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const when = attempt === 0 ? later(10 * MINUTE_MS, 75 * MINUTE_MS) : later(...PAUSE);
    log(when, 'call', random.pick(['voicemail', 'no-answer'] as const), null);
  }
  if (attempts === 3) return reject('unreachable', 'Three calls, no answer', later(...PAUSE));
  log(attempts === 0 ? later(15 * MINUTE_MS, 2 * HOUR_MS) : later(...PAUSE), 'call', 'connected', NOTES[0]);
  if (random.chance(0.08)) return park('Budget opens next quarter');
  for (let talk = random.whole(1, 4); talk > 0; talk -= 1) {
    if (random.chance(0.5)) log(later(...PAUSE), 'email', 'replied', NOTES[2]);
    else log(later(...PAUSE), 'meeting', 'met', NOTES[1]);
  }
  const end = random.weighted([
    ['deal', 60],
    ['no-intent', 30],
    ['later', 10],
  ] as const);
  if (end === 'no-intent') return reject('no-intent', 'Was only curious', later(...PAUSE));
  if (end === 'later') return park('Wants to decide after the summer');

  const begun = later(...PAUSE);
  steps.push({
    at: begun,
    deal: 'made-if-missing',
    input: (dealId, isNew) => dealInput(by, dealId, { to: isNew ? 'created' : 'moved', at: begun, reason: null }),
  });
  const closed = begun + random.whole(2 * DAY_MS, 8 * DAY_MS);
  const change = random.chance(0.5)
    ? ({ to: 'won', at: closed, reason: null } as const)
    : ({ to: 'lost', at: closed, reason: random.pick(['price', 'no-decision'] as const) } as const);
  steps.push({ at: closed, deal: 'needed', input: (dealId) => dealInput(by, dealId, change) });
  return steps;
};

const dealInput = (
  by: { readonly kind: 'rep'; readonly id: number },
  dealId: number | null,
  change: Extract<Input, { kind: 'deal-changed' }>['change'],
): Input | null => (dealId === null ? null : { kind: 'deal-changed', by, dealId, change });
