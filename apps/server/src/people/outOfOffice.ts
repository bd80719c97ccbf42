/** A rep's out-of-office calendar: a file given once, or an address that is asked again every hour. */
import type { RepId } from '@baton/domain/kernel/ids.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import { DAY_MS, HOUR_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { Pool, PoolClient } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import { insertAbsence, wakeBoth } from './absences.ts';
import type { PeopleError } from './peopleError.ts';
import { type OutOfOffice, readOutOfOffice } from './readOutOfOffice.ts';
import { findRep } from './reps.ts';
import { holdPeople } from './settleLedgers.ts';

/** Asks an address that somebody wrote; only public ones are called. */
export type FetchCalendar = (
  url: string,
) => Promise<{ readonly status: number; readonly body: Buffer; readonly cut: boolean }>;

/** How such an address is asked: calendars are larger than other answers. */
export const CALENDAR_REQUEST = { maxBytes: 5_000_000, timeoutMs: 30_000 } as const;

export type CalendarSource = { readonly ics: string } | { readonly url: string };

const AHEAD_MS = 400 * DAY_MS;
const AT_ONCE = 20;

/**
 * Takes a calendar, or with null forgets it and what it said of days to come. Answers how many absences it holds. What the
 * rep holds is looked at again when one begins and ends.
 */
export const setOutOfOffice = async (
  pool: Pool,
  named: string,
  source: CalendarSource | null,
  fetchCalendar: FetchCalendar,
): Promise<Result<number, PeopleError>> => {
  const repId = await findRep(pool, named);
  if (repId === null)
    return err({ code: 'rep-unknown', say: `There is no rep "${named}". "baton rep list" names them.` });
  const text =
    source === null ? ok(null) : 'ics' in source ? ok(source.ics) : await fetchText(source.url, fetchCalendar);
  if (!text.ok) return err({ code: 'calendar-unreadable', say: `${text.error}.` });
  return inTransaction(pool, async (client) => {
    await holdPeople(client);
    const ahead = await readAhead(client, repId, text.value);
    // what can't be read takes nothing's place
    if (!ahead.ok) return ahead;
    if (source === null) await client.query('delete from rep_calendar where rep_id = $1', [repId]);
    else
      await client.query(
        `insert into rep_calendar (rep_id, url, ics, read_at, next_at) values ($1, $2, $3, now_ms(), $4 + now_ms())
         on conflict (rep_id) do update set url = excluded.url, ics = excluded.ics, given_at = now_ms(),
           read_at = now_ms(), next_at = excluded.next_at, failures = 0, problem = null`,
        [
          repId,
          'url' in source ? source.url : null,
          'ics' in source ? source.ics : null,
          'url' in source ? HOUR_MS : null,
        ],
      );
    return replaceAbsences(client, repId, ahead.value);
  });
};

/** Asks every address that is due, on whichever node comes first. Answers how many it was. */
export const refreshCalendars = async (pool: Pool, fetchCalendar: FetchCalendar): Promise<number> => {
  const { rows } = await pool.query<{ rep_id: RepId; url: string }>(
    `update rep_calendar set next_at = now_ms() + ${HOUR_MS} where rep_id in (
       select rep_id from rep_calendar where next_at <= now_ms() order by next_at for update skip locked limit ${AT_ONCE})
     returning rep_id, url`,
  );
  for (const { rep_id: repId, url } of rows) {
    const text = await fetchText(url, fetchCalendar);
    const done = text.ok
      ? await inTransaction(pool, async (client) => {
          await holdPeople(client);
          const ahead = await readAhead(client, repId, text.value);
          return ahead.ok ? replaceAbsences(client, repId, ahead.value) : ahead;
        })
      : err({ say: text.error });
    // what it said last stays true until it can be read again
    await pool.query(
      `update rep_calendar set read_at = case when $2::text is null then now_ms() else read_at end, problem = $2,
         failures = case when $2::text is null then 0 else failures + 1 end where rep_id = $1 and url = $3`,
      [repId, done.ok ? null : done.error.say, url],
    );
  }
  return rows.length;
};

const fetchText = async (url: string, fetchCalendar: FetchCalendar): Promise<Result<string, string>> => {
  try {
    const { status, body, cut } = await fetchCalendar(url);
    if (status !== 200) return err(`the calendar's address answered ${status}`);
    return cut ? err('the calendar is too large') : ok(body.toString('utf8'));
  } catch (error) {
    return err(`the calendar's address can't be asked: ${error instanceof Error ? error.message : String(error)}`);
  }
};

type Ahead = { readonly now: Instant; readonly absences: readonly OutOfOffice[] };

/** What a calendar says of the time to come; none where there is no calendar. */
const readAhead = async (
  client: PoolClient,
  repId: RepId,
  text: string | null,
): Promise<Result<Ahead, PeopleError>> => {
  const found = await client.query<{ now: Instant; time_zone: string | null }>(
    'select now_ms() as now, time_zone from rep where id = $1',
    [repId],
  );
  const { now, time_zone: zone } = found.rows[0] as { now: Instant; time_zone: string | null };
  const read = text === null ? ok([]) : readOutOfOffice(text, zone, { from: now, to: now + AHEAD_MS });
  return read.ok ? ok({ now, absences: read.value }) : err({ code: 'calendar-unreadable', say: `${read.error}.` });
};

/** Makes the absences to come those of the calendar; what is as before is not touched. */
const replaceAbsences = async (
  client: PoolClient,
  repId: RepId,
  { now, absences }: Ahead,
): Promise<Result<number, PeopleError>> => {
  const { rows } = await client.query<{ id: number; from_at: Instant; to_at: Instant }>(
    `select id, from_at, to_at from rep_absence
     where rep_id = $1 and why = 'out-of-office' and removed_at is null and to_at > $2`,
    [repId, now],
  );
  const wanted = new Map(absences.map((one) => [`${one.from} ${one.to}`, one]));
  const gone = rows.filter((row) => !wanted.delete(`${row.from_at} ${row.to_at}`)).map((row) => row.id);
  if (gone.length > 0)
    await client.query('update rep_absence set removed_at = $2 where id = any($1::int8[])', [gone, now]);
  for (const one of wanted.values()) {
    const added = await insertAbsence(client, repId, { ...one, why: 'out-of-office' }, '');
    if (!added.ok) throw new Error(`an absence that was read is refused: ${added.error.say}`);
    await wakeBoth(client, repId, one);
  }
  return ok(absences.length);
};

/** A rep's calendar as it is shown; null where there is none. */
export type StoredCalendar = {
  /** Whom it is asked of every hour; the whole address may hold a secret. Null: it was given as a file. */
  readonly host: string | null;
  readonly readAt: Instant | null;
  readonly nextAt: Instant | null;
  readonly failures: number;
  readonly problem: string | null;
  readonly absences: number;
};

export const readCalendar = async (client: Queryable, repId: RepId): Promise<StoredCalendar | null> => {
  const { rows } = await client.query<Omit<StoredCalendar, 'host'> & { url: string | null }>(
    `select url, read_at as "readAt", next_at as "nextAt", failures, problem,
       (select count(*) from rep_absence a where a.rep_id = c.rep_id and a.why = 'out-of-office' and a.removed_at is null
          and a.to_at > now_ms()) as absences
     from rep_calendar c where rep_id = $1`,
    [repId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { url, ...rest } = row;
  return { host: url === null ? null : URL.canParse(url) ? new URL(url).host : '', ...rest };
};
