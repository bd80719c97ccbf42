import type { People, Team } from '@baton/domain/assignment/assignment.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool, PoolClient } from 'pg';
import { Temporal } from 'temporal-polyfill';
import { inTransaction } from '../../database/transaction.ts';
import type { DeliveryChannel } from '../../outbox/sender.ts';
import { sayLocal, saySpan } from '../sayTimes.ts';

/** Digests go out from eight in the morning; who starts Baton in the afternoon gets the next one tomorrow. */
const HOUR_FROM = 8;
const HOUR_TO = 11;
const LATE_SHOWN = 5;
const SATURDAY = 6;

type DueTeam = { id: string; name: string; time_zone: string; manager_id: number };

/** The local day on which a team's digest is due now, as `2026-11-24`; null outside its mornings and working days. */
export const digestDay = (team: Pick<Team, 'calendar'> | undefined, timeZone: string, now: Instant): string | null => {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  if (local.hour < HOUR_FROM || local.hour >= HOUR_TO) return null;
  const { calendar } = team ?? {};
  const works =
    calendar?.kind === 'intervals'
      ? calendar.days.some((day) => day.from <= now && now < day.to)
      : local.dayOfWeek < SATURDAY;
  return works ? local.toPlainDate().toString() : null;
};

/**
 * Writes the digests that are due: one for each team and working day, to its manager, by the first of `channels`. Safe on
 * several nodes: the day is taken in the transaction that writes the message. Answers how many were written.
 */
export const makeDigests = async (
  pool: Pool,
  people: Pick<People, 'teams'>,
  channels: readonly DeliveryChannel[],
  now: Instant,
): Promise<number> => {
  const channel = (['email', 'slack'] as const).find((one) => channels.includes(one));
  if (channel === undefined) return 0;
  const { rows } = await pool.query<DueTeam>(
    `select t.id, t.name, coalesce(t.time_zone, r.time_zone, 'UTC') as time_zone, t.manager_id
     from team t join rep r on r.id = t.manager_id and r.active`,
  );
  let made = 0;
  for (const team of rows) {
    const day = digestDay(people.teams.get(team.id), team.time_zone, now);
    if (day !== null && (await makeDigest(pool, team, day, channel, now))) made += 1;
  }
  return made;
};

const makeDigest = (
  pool: Pool,
  team: DueTeam,
  day: string,
  channel: 'email' | 'slack',
  now: Instant,
): Promise<boolean> =>
  inTransaction(pool, async (client) => {
    const taken = await client.query(
      'insert into digest_made (team_id, day) values ($1, $2) on conflict do nothing returning 1',
      [team.id, day],
    );
    if (taken.rowCount === 0) return false;
    const { subject, body } = await writeDigest(client, team, now);
    await client.query(
      `insert into delivery (next_at, created_at, rep_id, key, destination, channel, about, subject, body)
       values (now_ms(), now_ms(), $1, $2, $3, $4, 'digest', $5, $6) on conflict (key) do nothing`,
      [
        team.manager_id,
        `digest:${team.id}:${day}:${channel}`,
        `${channel} rep:${team.manager_id}`,
        channel,
        subject,
        body,
      ],
    );
    return true;
  });

type Counts = { open: number; queued: number; late: number; broken: number; leaks: number };
type Late = { name: string | null; email: string | null; owner: string | null; queue: string | null; due_at: number };

/** What a manager reads in the morning: how many are open, late and in the queue, which are late longest, and what leaks. */
const writeDigest = async (
  client: PoolClient,
  team: DueTeam,
  now: Instant,
): Promise<{ readonly subject: string; readonly body: string }> => {
  const counted = await client.query<Counts>(
    `select
       count(*) filter (where owner_id is not null)::int as open,
       count(*) filter (where queue_id is not null)::int as queued,
       count(*) filter (where due_at < $2 and status in ('offered', 'queued', 'open', 'working'))::int as late,
       (select count(*)::int from handoff_clock k join handoff h on h.id = k.handoff_id
         where h.team_id = $1 and k.how = 'broken' and k.stopped_at >= $2 - 86400000) as broken,
       (select count(*)::int from leak where cleared_at is null) as leaks
     from handoff where team_id = $1 and closed_at is null`,
    [team.id, now],
  );
  const counts = counted.rows[0] ?? { open: 0, queued: 0, late: 0, broken: 0, leaks: 0 };
  const { rows } = await client.query<Late>(
    `select c.name, c.email, r.name as owner, h.queue_id as queue, h.due_at
     from handoff h join contact c on c.id = h.contact_id left join rep r on r.id = h.owner_id
     where h.team_id = $1 and h.closed_at is null and h.due_at < $2 and h.status in ('offered', 'queued', 'open', 'working')
     order by h.due_at, h.id limit ${LATE_SHOWN}`,
    [team.id, now],
  );
  const late = rows.map(
    (row) =>
      `${row.name ?? row.email ?? 'A lead'}, ${row.owner ?? `queue ${row.queue ?? ''}`}: ${saySpan(now - row.due_at)} late, due ${sayLocal(row.due_at, team.time_zone)}`,
  );
  const leaks =
    counts.leaks === 0
      ? 'Nobody has fallen between the teams.'
      : `${counts.leaks} ${counts.leaks === 1 ? 'leak is' : 'leaks are'} open: see Leaks.`;
  return {
    subject: `${team.name}: ${counts.open} open, ${counts.late} late, ${counts.queued} in the queue`,
    body: [
      `${counts.open} leads are open, ${counts.queued} wait in the queue. ${counts.late} are late now; ${counts.broken} promises were broken since yesterday.`,
      ...(late.length === 0 ? [] : [`Late longest:\n${late.join('\n')}`]),
      leaks,
    ].join('\n\n'),
  };
};
