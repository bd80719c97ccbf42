import type { Absence } from '@baton/domain/assignment/assignment.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { PoolClient } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import type { DecideContactsDeps } from '../handoff/decideContacts.ts';
import { type Changed, changePeople } from './changePeople.ts';
import { grantCatchUps } from './grantCatchUps.ts';
import type { PeopleError } from './peopleError.ts';
import { findRep, openOf } from './reps.ts';
import { holdPeople } from './settleLedgers.ts';

/** What becomes of what somebody holds when they go: it stays theirs, their cover takes it, or it goes by the routes. */
export const LEAVING_HANDOFFS = ['keep', 'cover', 'reroute'] as const;
export type LeavingHandoffs = (typeof LEAVING_HANDOFFS)[number];

/** A stored absence. */
export type StoredAbsence = Absence & { readonly id: number; readonly repId: RepId; readonly note: string };

const LONGEST_MS = 3 * 366 * DAY_MS;
const NOTE_MAX = 500;
const LISTED_MAX = 200;

const unknownRep = (named: string): PeopleError => ({
  code: 'rep-unknown',
  say: `There is no rep "${named}". "baton rep list" names them.`,
});

/**
 * Marks a rep away from now on, until an instant or until further notice; nothing new is given to them. What they hold is
 * kept, given to their cover or given out anew, in the same transaction. Who is away already stays so, with the new end.
 */
export const markAway = async (
  deps: DecideContactsDeps,
  named: string,
  choice: { readonly handoffs: LeavingHandoffs; readonly until?: Instant | null; readonly note?: string },
): Promise<Result<Changed<RepId>, PeopleError>> => {
  const repId = await findRep(deps.pool, named);
  if (repId === null) return err(unknownRep(named));
  const apply = async (client: PoolClient): Promise<Result<RepId, PeopleError>> => {
    const now = await nowOf(client);
    const to = choice.until ?? null;
    if (to !== null && to <= now)
      return err({ code: 'time-off-invalid', say: 'An absence ends after it begins: give an instant to come.' });
    await endStanding(client, repId, ['away'], now);
    const added = await insertAbsence(client, repId, { from: now, to, why: 'away' }, choice.note ?? '');
    if (!added.ok) return added;
    if (to !== null) await wakeAt(client, repId, to, 'back');
    return ok(repId);
  };
  if (choice.handoffs === 'keep') return unfollowed(deps, apply);
  return changePeople(deps, {
    concerned: (client) => openOf(client, repId),
    apply,
    input: { kind: 'availability-changed', repId, change: 'away', then: choice.handoffs },
    cause: 'away',
  });
};

/** Ends every absence that holds now; what waits for them is decided in the same transaction. */
export const markBack = async (
  deps: DecideContactsDeps,
  named: string,
): Promise<Result<Changed<RepId>, PeopleError>> => {
  const repId = await findRep(deps.pool, named);
  if (repId === null) return err(unknownRep(named));
  return changePeople(deps, {
    concerned: (client) => openOf(client, repId),
    apply: async (client) => {
      const ended = await endStanding(client, repId, ['away', 'time-off', 'out-of-office'], await nowOf(client));
      if (ended > 0) await grantCatchUps(client, repId);
      return ended > 0 ? ok(repId) : err({ code: 'not-away', say: 'They are not away: there is nothing to end.' });
    },
    input: { kind: 'availability-changed', repId, change: 'back' },
    cause: 'back',
  });
};

/** Enters time off. When it begins and ends, what they hold is looked at again by itself. Answers its number. */
export const addTimeOff = async (
  deps: Pick<DecideContactsDeps, 'pool'>,
  named: string,
  off: { readonly from: Instant; readonly to: Instant; readonly note?: string },
): Promise<Result<number, PeopleError>> =>
  inTransaction(deps.pool, async (client) => {
    await holdPeople(client);
    const repId = await findRep(client, named);
    if (repId === null) return err(unknownRep(named));
    if (off.from < off.to && off.to <= (await nowOf(client)))
      return err({ code: 'time-off-invalid', say: 'This time off is over already: nothing would come of it.' });
    const added = await insertAbsence(client, repId, { ...off, why: 'time-off' }, off.note ?? '');
    if (added.ok) await wakeBoth(client, repId, off);
    return added;
  });

/** Takes time off back, or ends it now where it has begun. */
export const removeTimeOff = async (
  deps: DecideContactsDeps,
  named: string,
  id: number,
): Promise<Result<Changed<number>, PeopleError>> => {
  const repId = await findRep(deps.pool, named);
  if (repId === null) return err(unknownRep(named));
  return changePeople(deps, {
    concerned: (client) => openOf(client, repId),
    apply: async (client) => {
      const now = await nowOf(client);
      const { rows } = await client.query<AbsenceRow>(
        `update rep_absence set removed_at = $3 where id = $1 and rep_id = $2 and removed_at is null
           and (to_at is null or to_at > $3) returning ${COLUMNS}`,
        [id, repId, now],
      );
      const row = rows[0];
      if (row === undefined)
        return err({ code: 'time-off-unknown', say: `There is no time off ${id} of theirs that is not over.` });
      if (row.from_at < now) await keepPast(client, row, now);
      return ok(id);
    },
    input: { kind: 'availability-changed', repId, change: 'back' },
    cause: 'back',
  });
};

/** Absences that are not over, of one rep, the earliest first; at most 200. */
export const listAbsences = async (client: Queryable, repId: RepId): Promise<readonly StoredAbsence[]> => {
  const { rows } = await client.query<AbsenceRow>(
    `select ${COLUMNS} from rep_absence where rep_id = $1 and removed_at is null and (to_at is null or to_at > now_ms())
     order by from_at, id limit ${LISTED_MAX}`,
    [repId],
  );
  return rows.map((row) => ({
    id: row.id,
    repId: row.rep_id,
    from: row.from_at,
    to: row.to_at,
    why: row.why,
    note: row.note,
  }));
};

type AbsenceRow = {
  id: number;
  rep_id: number;
  from_at: Instant;
  to_at: Instant | null;
  why: Absence['why'];
  note: string;
};
const COLUMNS = 'id, rep_id, from_at, to_at, why, note';

const nowOf = async (client: Queryable): Promise<Instant> =>
  (await client.query<{ now: Instant }>('select now_ms() as now')).rows[0]?.now ?? 0;

/** A change of people that no open handoff is decided for. */
const unfollowed = async <T>(
  { pool }: Pick<DecideContactsDeps, 'pool'>,
  apply: (client: PoolClient) => Promise<Result<T, PeopleError>>,
): Promise<Result<Changed<T>, PeopleError>> => {
  const applied = await inTransaction(pool, async (client) => {
    await holdPeople(client);
    return apply(client);
  });
  return applied.ok ? ok({ value: applied.value, decided: 0 }) : applied;
};

/** Ends what holds now of these kinds; answers how many. What was is kept: the row goes, one that ends now takes its place. */
const endStanding = async (
  client: PoolClient,
  repId: RepId,
  whys: readonly Absence['why'][],
  now: Instant,
): Promise<number> => {
  const { rows } = await client.query<AbsenceRow>(
    `update rep_absence set removed_at = $3 where rep_id = $1 and why = any($2::text[]) and removed_at is null
       and from_at <= $3 and (to_at is null or to_at > $3) returning ${COLUMNS}`,
    [repId, [...whys], now],
  );
  for (const row of rows) if (row.from_at < now) await keepPast(client, row, now);
  return rows.length;
};

const keepPast = async (client: PoolClient, row: AbsenceRow, now: Instant): Promise<void> => {
  await client.query('insert into rep_absence (rep_id, from_at, to_at, why, note) values ($1, $2, $3, $4, $5)', [
    row.rep_id,
    row.from_at,
    now,
    row.why,
    row.note,
  ]);
};

/** Writes an absence after looking at its span. */
export const insertAbsence = async (
  client: PoolClient,
  repId: RepId,
  { from, to, why }: Absence,
  note: string,
): Promise<Result<number, PeopleError>> => {
  const isLong = to !== null && to - from > LONGEST_MS;
  if (!Number.isSafeInteger(from) || (to !== null && (!Number.isSafeInteger(to) || to <= from)) || isLong)
    return err({ code: 'time-off-invalid', say: 'Time off ends after it begins, within three years.' });
  const { rows } = await client.query<{ id: number }>(
    'insert into rep_absence (rep_id, from_at, to_at, why, note) values ($1, $2, $3, $4, $5) returning id',
    [repId, from, to, why, note.slice(0, NOTE_MAX)],
  );
  return ok(rows[0]?.id ?? 0);
};

/** Has what the rep holds looked at when an absence begins and when it ends. */
export const wakeBoth = async (
  client: PoolClient,
  repId: RepId,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<void> => {
  await wakeAt(client, repId, from, 'away');
  await wakeAt(client, repId, to, 'back');
};

const wakeAt = async (client: PoolClient, repId: RepId, at: Instant, change: 'away' | 'back'): Promise<void> => {
  await client.query('insert into availability_due (at, rep_id, change) values ($1, $2, $3) on conflict do nothing', [
    at,
    repId,
    change,
  ]);
};
