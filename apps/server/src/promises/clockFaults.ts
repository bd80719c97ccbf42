import type { ClockKind } from '@baton/domain/handoff/decision.ts';
import type { ContactId, HandoffId } from '@baton/domain/kernel/ids.ts';
import type { Queryable } from '../database/queryable.ts';

/** A running clock that has come due. */
export type DueClock = {
  readonly id: number;
  readonly handoffId: HandoffId;
  readonly contactId: ContactId;
  readonly kind: ClockKind;
};

/** First a minute, then twice as long each time, at most an hour: a corrected version finds it soon. */
const RETRY_FIRST_MS = 60_000;
const RETRY_MAX_MS = 3_600_000;
const ERROR_CHARS_MAX = 500;

/**
 * Sets a clock aside that could not be decided, with the reason: it delays nobody, is tried again after a while, and is
 * seen as a leak because its step stays unfired. `error` names no person: it is our own message or the database's.
 */
export async function setClockAside(client: Queryable, clock: DueClock, error: string): Promise<void> {
  await client.query(
    `insert into clock_fault (clock_id, handoff_id, contact_id, kind, first_at, last_at, retry_at, error)
     select $1, $2, $3, $4, now_ms(), now_ms(), now_ms() + $5, $6
     on conflict (clock_id) do update set last_at = excluded.last_at, attempts = clock_fault.attempts + 1,
       error = excluded.error,
       retry_at = excluded.last_at + least($7::int8, $5::int8 * (2 ^ least(clock_fault.attempts, 20))::int8)`,
    [
      clock.id,
      clock.handoffId,
      clock.contactId,
      clock.kind,
      RETRY_FIRST_MS,
      error.slice(0, ERROR_CHARS_MAX),
      RETRY_MAX_MS,
    ],
  );
}

/** Forgets the trouble of clocks that fired, stopped or are gone since. */
export async function forgetClockFaults(client: Queryable): Promise<void> {
  await client.query(
    `delete from clock_fault f where not exists (
       select from handoff_clock c where c.id = f.clock_id and c.stopped_at is null and c.next_at <= f.last_at)`,
  );
}
