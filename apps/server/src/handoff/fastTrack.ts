/**
 * Marketing's fast track and a rep's own lead. What the core can't count, how many were named by hand already, is counted
 * here, under a lock that only this takes.
 */
import type { Actor, Input } from '@baton/domain/handoff/input.ts';
import type { ContactId, Intent } from '@baton/domain/kernel/ids.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { ManualRule } from '@baton/domain/policy/document.ts';
import type { PoolClient } from 'pg';
import { type ActChoice, type ActOutcome, ActRefused, type Acts } from './act.ts';

export type FastTrack = (
  contactId: ContactId,
  named: { readonly by: Actor; readonly intent: Intent; readonly note: string },
) => Promise<ActOutcome>;

/** Advisory lock under which fast tracks are counted and committed; after the contacts, before all other locks. */
const FAST_TRACK_LOCK = 7228102;

/**
 * Hands a contact to sales by hand. Refused with `fast-track-limit` once marketing has named as many as the policy allows
 * in this UTC day or week (from Monday); reps' own leads don't count, raising an open handoff does.
 */
export const makeFastTrack =
  (acts: Acts): FastTrack =>
  async (contactId, { by, intent, note }) => {
    const input: Input = { kind: 'fast-tracked', by, intent, note };
    const within: ActChoice['within'] = async (client, _contactId, now, policy) => {
      const limit = policy.document.manual?.atMost ?? null;
      if (limit !== null && by.kind !== 'rep') await checkLimit(client, limit, now);
    };
    return acts.act({ contactId }, input, { within });
  };

const checkLimit = async (
  client: PoolClient,
  { count, per }: NonNullable<ManualRule['atMost']>,
  now: Instant,
): Promise<void> => {
  await client.query(`select pg_advisory_xact_lock(${FAST_TRACK_LOCK})`);
  const { rows } = await client.query<{ named: number }>(
    `select count(*)::int as named from decision
     where input like '{"kind":"fast-tracked"%' and by not like '{"kind":"rep"%' and at >= $1`,
    [BEGINS[per].at(now)],
  );
  if ((rows[0]?.named ?? 0) < count) return;
  const say = `Fast track: ${count} of at most ${count} a ${per} are named already; the next ${per} begins ${BEGINS[per].say}.`;
  throw new ActRefused('fast-track-limit', say);
};

// 1970-01-01 was a Thursday: weeks begin on Monday, 3 days later
const BEGINS: {
  readonly [per in NonNullable<ManualRule['atMost']>['per']]: {
    readonly at: (now: Instant) => Instant;
    readonly say: string;
  };
} = {
  day: { at: (now) => now - (now % DAY_MS), say: 'at midnight UTC' },
  week: { at: (now) => now - ((now + 3 * DAY_MS) % (7 * DAY_MS)), say: 'on Monday at midnight UTC' },
};
