import type { HandoffRow } from '@baton/contract/handoffs.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import type { Delivery } from '../outbox/sender.ts';
import { rowsOf, type StoredRow, toRow } from '../records/handoffs/handoffRows.ts';

/** Whom a message is for, and how they want to be spoken to. */
export type Addressee = {
  readonly id: RepId;
  readonly name: string;
  readonly email: string;
  /** An IANA name; instants are told in it. */
  readonly timeZone: string;
  readonly active: boolean;
};

/** What any channel may say about a delivery: the handoff as it is now, whom it is for, and what came before. */
export type NoticeFacts = {
  readonly row: HandoffRow | null;
  readonly phone: string | null;
  readonly acceptedAt: Instant | null;
  readonly rep: Addressee | null;
  /** The name of the rep in whose place this one is told. */
  readonly coversFor: string | null;
  /** The first message to the same rep about the same handoff by this channel; null where this is the first. */
  readonly first: { readonly key: string; readonly subject: string } | null;
  /** True where the rep wants nothing by this channel. */
  readonly isOff: boolean;
};

type StoredRep = {
  id: number;
  name: string;
  email: string;
  time_zone: string;
  active: boolean;
  is_off: boolean;
  covers_for: string | null;
  first_key: string | null;
  first_subject: string | null;
};

/** What the facts of a delivery are read by. */
export type AskedFacts = Pick<Delivery, 'id' | 'channel' | 'repId' | 'coversFor' | 'handoffId'>;

const HANDOFFS = `select row.*, (select c.state::json #>> '{facts,contact.phone,value}' from contact c where c.id = row.contact_id) as phone,
    (select h.accepted_at from handoff h where h.id = row.id) as accepted_at
  from (${rowsOf('select distinct id from unnest($1::bigint[]) as asked(id)')}) row`;

const REPS = `select asked.n::int as n, r.id, r.name, r.email, r.active, coalesce(r.time_zone, t.time_zone, 'UTC') as time_zone,
    exists (select 1 from channel_off o where o.rep_id = r.id and o.channel = asked.channel) as is_off,
    (select c.name from rep c where c.id = asked.covers_for) as covers_for,
    first.key as first_key, first.subject as first_subject
  from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) with ordinality
    as asked(rep_id, channel, handoff_id, delivery_id, covers_for, n)
  join rep r on r.id = asked.rep_id
  left join lateral (
    select team.time_zone from team_member m join team on team.id = m.team_id
    where m.rep_id = r.id and team.time_zone is not null order by team.id limit 1
  ) t on true
  left join lateral (
    select d.key, d.subject from delivery d
    where d.handoff_id = asked.handoff_id and d.rep_id = r.id and d.channel = asked.channel and d.id < asked.delivery_id
    order by d.id limit 1
  ) first on true`;

/** Reads what deliveries can say, in their order. Two statements, whatever the channel and however many they are. */
export const readAllNoticeFacts = async (pool: Pool, asked: readonly AskedFacts[]): Promise<readonly NoticeFacts[]> => {
  const handoffIds = asked.flatMap(({ handoffId }) => handoffId ?? []);
  const [handoffs, people] = await Promise.all([
    handoffIds.length === 0
      ? null
      : pool.query<StoredRow & { phone: string | null; accepted_at: number | null }>({
          name: 'notice-rows',
          text: HANDOFFS,
          values: [handoffIds],
        }),
    asked.every(({ repId }) => repId === null)
      ? null
      : pool.query<StoredRep & { n: number }>({
          name: 'notice-reps',
          text: REPS,
          values: [
            asked.map(({ repId }) => repId),
            asked.map(({ channel }) => channel),
            asked.map(({ handoffId }) => handoffId),
            asked.map(({ id }) => id),
            asked.map(({ coversFor }) => coversFor),
          ],
        }),
  ]);
  const rows = new Map(handoffs?.rows.map((row) => [row.id, row]));
  const reps = new Map(people?.rows.map((rep) => [rep.n - 1, rep]));
  return asked.map(({ handoffId }, index) =>
    factsOf(handoffId === null ? undefined : rows.get(handoffId), reps.get(index)),
  );
};

/** Reads what one delivery can say. */
export const readNoticeFacts = async (pool: Pool, asked: AskedFacts): Promise<NoticeFacts> =>
  (await readAllNoticeFacts(pool, [asked]))[0] as NoticeFacts;

const factsOf = (
  row: (StoredRow & { phone: string | null; accepted_at: number | null }) | undefined,
  rep: StoredRep | undefined,
): NoticeFacts => ({
  row: row === undefined ? null : toRow(row),
  phone: row?.phone ?? null,
  acceptedAt: row?.accepted_at ?? null,
  rep:
    rep === undefined
      ? null
      : { id: rep.id, name: rep.name, email: rep.email, timeZone: rep.time_zone, active: rep.active },
  coversFor: rep?.covers_for ?? null,
  first:
    rep?.first_key == null || rep.first_subject === null ? null : { key: rep.first_key, subject: rep.first_subject },
  isOff: rep?.is_off === true,
});
