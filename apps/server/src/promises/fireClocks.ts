/**
 * Fires clocks that have come due. Rows are the truth: a clock is chosen by `next_at` and the database's clock, its contact
 * locked, its row read again under the lock, and the same `decide` as everything else says what its step does. What the
 * step did and when it is looked at next commit together, so whichever node comes first does it, once.
 */
import type { Decision } from '@baton/domain/handoff/decision.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { PoolClient } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import { isPassing } from '../database/isPassing.ts';
import { Undecidable, type Work } from '../handoff/decideAll.ts';
import { type DecideContactsDeps, decideContacts, type Locked } from '../handoff/decideContacts.ts';
import { type DueClock, forgetClockFaults, setClockAside } from './clockFaults.ts';

export type FireDeps = DecideContactsDeps & {
  /** Hears of each clock that could not be decided; it is set aside and tried again later. */
  readonly onFault?: (error: unknown, clock: DueClock) => void;
  /** Hears how late each clock fired. */
  readonly onFired?: (latenessMs: number) => void;
  /** True once the node drains: what is left is fired by others, or after the start. */
  readonly isStopping?: () => boolean;
};

/** Clocks of one transaction: small, so that no lock is held long. */
const CHUNK = 200;

// In the index's own order, so that a limit reads no more than it answers, however many clocks fall due at one instant.
// A contact that somebody else holds is passed over, so nodes share what is due and a node that stands still delays only
// what it holds. Nothing is waited for here, so the order of these locks can't close a circle.
const CHOOSE = `
select k.id, c.id as contact_id from handoff_clock k join contact c on c.id = k.contact_id
where k.stopped_at is null and k.next_at <= (select now_ms())
  and not exists (select from clock_fault f where f.clock_id = k.id and f.retry_at > (select now_ms()))
order by k.next_at limit $1 for no key update of c skip locked`;

// under the lock, and by the clock that was read after it: what was chosen may have fired or stopped meanwhile
const DUE = `
select id, handoff_id, contact_id, kind, next_at from handoff_clock
where id = any($1::int8[]) and stopped_at is null and next_at <= $2 order by next_at, id`;

type DueRow = {
  readonly id: number;
  readonly handoff_id: number;
  readonly contact_id: number;
  readonly kind: DueClock['kind'];
  readonly next_at: Instant;
};

/** What one transaction did: how many clocks it chose, and how many of those moved on. */
type Round = { readonly chosen: number; readonly moved: number };

/**
 * Fires everything that is due, chunk by chunk; while there is more than a chunk in two lanes, since each waits for the
 * database half of its time. Answers how many clocks moved on.
 */
export async function fireDueClocks(deps: FireDeps): Promise<number> {
  let second: Promise<number> | null = null;
  const first = fireInLane(deps, () => {
    second ??= fireInLane(deps, () => {});
  });
  const [one] = await Promise.allSettled([first]);
  const [other] = await Promise.allSettled([second ?? 0]);
  if (one.status === 'rejected') throw one.reason;
  if (other.status === 'rejected') throw other.reason;
  return one.value + other.value;
}

async function fireInLane(deps: FireDeps, onFull: () => void): Promise<number> {
  let total = 0;
  // after a chunk failed for a reason of its own: one clock at a time until the one that can't be decided is found
  let alone = 0;
  for (;;) {
    const limit = alone > 0 ? 1 : CHUNK;
    alone = Math.max(0, alone - 1);
    let chosen: readonly number[] = [];
    try {
      const round = await fireChunk(deps, limit, (ids) => {
        chosen = ids;
      });
      total += round.moved;
      if (round.chosen === 0 || deps.isStopping?.() === true) return total;
      if (round.chosen === CHUNK) onFull();
    } catch (error) {
      // nothing was chosen: the trouble is not a clock's
      if (isPassing(error) || chosen.length === 0) throw error;
      const guilty =
        error instanceof Undecidable && error.about !== undefined
          ? (error.about as DueClock)
          : await onlyClock(deps, chosen);
      if (guilty === null) alone = chosen.length;
      else await setAside(deps, guilty, error);
    }
  }
}

async function fireChunk(
  deps: FireDeps,
  limit: number,
  onChosen: (clockIds: readonly number[]) => void,
): Promise<Round> {
  let chosen: readonly number[] = [];
  let late: number[] = [];
  let unmoved: DueClock[] = [];
  let dueAt: Instant = 0;
  const choose = async (client: PoolClient): Promise<readonly ContactId[]> => {
    const { rows } = await client.query<{ id: number; contact_id: number }>({
      name: 'choose-clocks',
      text: CHOOSE,
      values: [limit],
    });
    chosen = rows.map((row) => row.id);
    onChosen(chosen);
    return [...new Set(rows.map((row) => row.contact_id))];
  };
  const makeWork = async ({ client, slotOf, now }: Locked) => {
    late = [];
    unmoved = [];
    dueAt = now;
    const { rows } = await client.query<DueRow>({
      name: 'due-clocks',
      text: DUE,
      values: [int8Array(chosen), now],
    });
    const work = new Map<ContactId, { readonly slot: NonNullable<ReturnType<typeof slotOf>>; readonly work: Work[] }>();
    for (const row of rows) {
      const slot = slotOf(row.contact_id);
      if (slot === null) continue;
      const clock: DueClock = { id: row.id, handoffId: row.handoff_id, contactId: slot.id, kind: row.kind };
      const one = work.get(slot.id) ?? { slot, work: [] };
      work.set(slot.id, one);
      one.work.push({
        input: { kind: 'timer-fired', timer: row.kind },
        asOf: null,
        handsOff: true,
        tells: true,
        about: clock,
        done: (outcome) => {
          if ('decision' in outcome && moves(outcome.decision, clock)) late.push(now - row.next_at);
          else unmoved.push(clock);
        },
      });
    }
    return [...work.values()];
  };
  const decided = await decideContacts(deps, choose, makeWork);
  // no policy is in force: nothing can be decided now
  if (!decided) return { chosen: 0, moved: 0 };
  for (const lateness of late) deps.onFired?.(lateness);
  const stuck = unmoved.length === 0 ? [] : await stillDue(deps, unmoved, dueAt);
  for (const clock of stuck)
    await setAside(
      deps,
      clock,
      new Error('the clock came due, and nothing moved it on: row and state of its contact differ'),
    );
  return { chosen: chosen.length, moved: late.length };
}

/** True where a decision stopped this very clock, began it anew, or fired it and looks again later. */
const moves = (decision: Decision, { handoffId, kind }: DueClock): boolean =>
  decision.changes.some(
    (change) =>
      ((change.kind === 'clock-fired' && change.nextAt > decision.at) ||
        change.kind === 'clock-stopped' ||
        change.kind === 'clock-started') &&
      change.handoffId === handoffId &&
      change.clock === kind,
  );

/** Those that are as due as before: the row says so, the contact's state does not. Left alone they would come at once again. */
async function stillDue(deps: FireDeps, clocks: readonly DueClock[], dueAt: Instant): Promise<readonly DueClock[]> {
  const { rows } = await deps.pool.query<DueRow>(DUE, [int8Array(clocks.map(({ id }) => id)), dueAt]);
  const ids = new Set(rows.map((row) => row.id));
  return clocks.filter(({ id }) => ids.has(id));
}

/** The clock of a transaction that held one alone; null where it held several. */
async function onlyClock({ pool }: FireDeps, ids: readonly number[]): Promise<DueClock | null> {
  if (ids.length > 1) return null;
  const { rows } = await pool.query<DueRow>(
    'select id, handoff_id, contact_id, kind, next_at from handoff_clock where id = $1',
    [ids[0] ?? null],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return { id: row.id, handoffId: row.handoff_id, contactId: row.contact_id, kind: row.kind };
}

async function setAside(deps: FireDeps, clock: DueClock, error: unknown): Promise<void> {
  await setClockAside(deps.pool, clock, error instanceof Error ? error.message : String(error));
  deps.onFault?.(error, clock);
}

/** Forgets the faults of clocks that moved on since; cheap, once in a while. */
export const tidyClockFaults = (deps: FireDeps): Promise<void> => forgetClockFaults(deps.pool);
