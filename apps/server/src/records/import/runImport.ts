import { setTimeout as delay } from 'node:timers/promises';
import type { Rep } from '@baton/domain/assignment/assignment.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import type { IncomingEvent, IncomingIdentity, IntakeMode, Receipt, Submit } from '../../intake/incomingEvent.ts';
import { IntakeOverloaded } from '../../intake/intakeOverloaded.ts';
import { findRepIn, loadPeople } from '../../people/loadPeople.ts';
import { makeErrorFile } from './errorFile.ts';
import { importCompanies } from './importCompanies.ts';
import type { ImportDeals } from './importDeals.ts';
import type { RowError, RowErrorCode } from './importRefusal.ts';
import { beginRun, type ImportCounts, type ImportRun } from './importRun.ts';
import type { DealRow } from './mapDeal.ts';
import { type CompanyRow, mapRow, type RowContext } from './mapRow.ts';
import type { OpenImport } from './openImport.ts';
import type { Progress } from './progress.ts';
import { type Row, readRows } from './readRows.ts';
import { type NamedOwner, writeOwners } from './writeOwners.ts';

export type ImportDeps = {
  readonly pool: Pool;
  readonly submit: Submit;
  readonly importDeals: ImportDeals;
  /** `--as list` with an intent: hands off who has no open handoff; answers who was refused and why. */
  readonly handOff?: (run: ImportRun, people: readonly IncomingIdentity[]) => Promise<ReadonlyMap<ContactId, string>>;
  /** Milliseconds of any clock, for rate and time to go. */
  readonly clock: () => number;
};

export type ImportChoice = {
  readonly mode: IntakeMode;
  readonly errorPath: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Takes at most so many rows this time and stops in a place from which the next run goes on. */
  readonly rowsAtMost?: number;
  /** Asked between batches: true ends the run in a place from which it resumes. */
  readonly isStopped?: () => boolean;
};

export type ImportResult = {
  readonly runId: number;
  /** `paused`: as many rows as were asked for; `stopped`: interrupted. Both go on with the next run. */
  readonly state: 'done' | 'paused' | 'stopped';
  readonly sourceId: number;
  readonly sourceName: string;
  readonly resumedAtRow: number;
  readonly counts: ImportCounts;
  readonly errorPath: string | null;
  readonly elapsedMs: number;
};

/** Events of one transaction at most; large enough that a commit costs little, small enough to answer soon. */
const EVENTS_A_BATCH = 1_000;

/** One row on its way. */
type Taken = { readonly row: Row } & (
  | { readonly kind: 'events'; readonly events: readonly IncomingEvent[]; readonly owner: string | null }
  | { readonly kind: 'company'; readonly company: CompanyRow }
  | { readonly kind: 'deal'; readonly deal: DealRow }
);

/**
 * Imports a file: reads, maps and commits batch by batch, and keeps its place after each, so that a run that was killed
 * goes on where it was. What was already taken counts as duplicate. A bad row goes to the error file and costs no other.
 * Throws what the database said where it could not be reached; the run is then resumable. Linear in the file.
 */
export const runImport = async (deps: ImportDeps, given: OpenImport, choice: ImportChoice): Promise<ImportResult> => {
  const run = await beginRun(deps.pool, given, choice.mode);
  const began = deps.clock();
  const { counts } = run;
  const errors = makeErrorFile(choice.errorPath, counts.errorBytes);
  const context: RowContext = {
    sourceId: run.sourceId,
    sourceName: run.sourceName,
    mode: choice.mode,
    startedAt: run.startedAt,
  };
  let bytesDone = 0;
  let state: ImportResult['state'] = 'done';
  let pending: Taken[] = [];
  let pendingErrors: RowError[] = [];
  let pendingEvents = 0;
  let lastRow = run.rowsDone;
  const rowsBefore = counts.rows;
  const rowsAtMost = choice.rowsAtMost ?? Number.POSITIVE_INFINITY;

  const flush = async (): Promise<void> => {
    if (pending.length === 0 && pendingErrors.length === 0) return;
    const bad = [...pendingErrors, ...(await commit(deps, run, pending, choice.mode, counts))].sort(
      (left, right) => left.row - right.row,
    );
    counts.rows += pending.length + pendingErrors.length;
    counts.bad += bad.length;
    for (const each of bad) counts.errors[each.code] = (counts.errors[each.code] ?? 0) + 1;
    counts.errorBytes = await errors.write(bad);
    await run.keep(lastRow, counts);
    pending = [];
    pendingErrors = [];
    pendingEvents = 0;
  };

  try {
    for await (const batch of readRows(given.path, given.shape)) {
      bytesDone += batch.bytes;
      for (const error of batch.errors) if (error.row > run.rowsDone) pendingErrors.push(error);
      for (const row of batch.rows) {
        if (row.row <= run.rowsDone) continue;
        const mapped = mapRow(given.map, row, context);
        if (!mapped.ok) {
          pendingErrors.push(errorOf(row, mapped.error.code, mapped.error.say));
        } else {
          pending.push({ row, ...mapped.value });
          pendingEvents += mapped.value.kind === 'events' ? mapped.value.events.length : 1;
        }
        lastRow = row.row;
        const isEnough = counts.rows + pending.length + pendingErrors.length - rowsBefore >= rowsAtMost;
        if (pendingEvents >= EVENTS_A_BATCH || isEnough) {
          // Bad rows that come later in this piece of text wait for their turn, so that the kept place is true.
          const later = pendingErrors.filter((each) => each.row > lastRow);
          pendingErrors = pendingErrors.filter((each) => each.row <= lastRow);
          await flush();
          pendingErrors = later;
          choice.onProgress?.(progressAt());
          if (choice.isStopped?.() === true) state = 'stopped';
          else if (isEnough) state = 'paused';
          if (state !== 'done') break;
        }
      }
      if (state !== 'done') break;
      lastRow = Math.max(lastRow, batch.errors.at(-1)?.row ?? 0);
    }
    if (state === 'done') await flush();
    choice.onProgress?.(progressAt());
    await run.finish(state === 'done' ? 'done' : 'stopped', null);
  } catch (error) {
    await run.finish('failed', error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  } finally {
    await errors.close();
    await run.release();
  }
  return {
    runId: run.id,
    state,
    sourceId: run.sourceId,
    sourceName: run.sourceName,
    resumedAtRow: run.rowsDone,
    counts,
    errorPath: counts.errorBytes > 0 ? choice.errorPath : null,
    elapsedMs: deps.clock() - began,
  };

  function progressAt(): Progress {
    return {
      bytesDone,
      bytesTotal: given.facts.bytes,
      rows: counts.rows,
      elapsedMs: deps.clock() - began,
    };
  }
};

const errorOf = (row: Row, code: RowErrorCode, say: string): RowError => ({
  row: row.row,
  line: row.line,
  code,
  say,
  cells: row.cells,
});

/** Commits one batch and counts it; answers the rows that were not taken. */
const commit = async (
  deps: ImportDeps,
  run: ImportRun,
  taken: readonly Taken[],
  mode: IntakeMode,
  counts: ImportCounts,
): Promise<readonly RowError[]> => {
  const bad: RowError[] = [];
  const events = taken.filter((each) => each.kind === 'events');
  if (events.length > 0) bad.push(...(await commitEvents(deps, run, events, counts)));
  const companies = taken.filter((each) => each.kind === 'company');
  if (companies.length > 0) {
    const changed = await importCompanies(
      deps.pool,
      run,
      companies.map((each) => each.company),
      mode,
    );
    counts.accepted += changed.accepted;
    counts.duplicate += changed.duplicate;
  }
  const deals = taken.filter((each) => each.kind === 'deal');
  if (deals.length > 0) {
    const outcomes = await deps.importDeals(
      run,
      deals.map((each) => each.deal),
      mode,
    );
    for (const [index, outcome] of outcomes.entries()) {
      const row = deals[index]?.row;
      if (row === undefined) continue;
      if (outcome.kind === 'bad') bad.push(errorOf(row, outcome.code, outcome.say));
      else counts[outcome.kind] += 1;
      if (outcome.kind === 'accepted') {
        for (const code of outcome.flags) counts.flags[code] = (counts.flags[code] ?? 0) + 1;
      }
    }
  }
  return bad;
};

const commitEvents = async (
  deps: ImportDeps,
  run: ImportRun,
  taken: readonly (Taken & { readonly kind: 'events' })[],
  counts: ImportCounts,
): Promise<readonly RowError[]> => {
  const reps = taken.some((each) => each.owner !== null) ? (await loadPeople(deps.pool)).reps : NO_REPS;
  const receipts = await submitWithOwners(deps, run, taken, reps);
  const bad: RowError[] = [];
  const people: IncomingIdentity[] = [];
  let at = 0;
  for (const { row, events, owner } of taken) {
    const own = receipts.slice(at, at + events.length);
    at += events.length;
    counts.events += own.filter((each) => each.outcome === 'accepted').length;
    const refused = own.find((each) => each.outcome === 'quarantined' || each.outcome === 'rejected');
    if (refused !== undefined) {
      const code = refused.outcome === 'quarantined' ? 'quarantined' : 'rejected';
      bad.push(errorOf(row, code, [refused.code, refused.detail].filter((each) => each !== undefined).join(': ')));
      continue;
    }
    const flag = owner === null ? null : flagOfOwner(owner, reps);
    if (flag !== null) counts.flags[flag] = (counts.flags[flag] ?? 0) + 1;
    const [first] = events;
    if (first !== undefined) people.push(first.identity);
    if (own.every((each) => each.outcome === 'duplicate')) counts.duplicate += 1;
    else counts.accepted += 1;
  }
  const refusals = deps.handOff === undefined || people.length === 0 ? null : await deps.handOff(run, people);
  if (refusals !== null) counts.notHandedOff += refusals.size;
  return bad;
};

const NO_REPS: ReadonlyMap<number, Rep> = new Map();

/**
 * Events of rows in their order. Where rows name owners of ours, what each row says of the contact goes first, then its
 * owner, then what it did: so that a lead of the row finds its owner.
 */
const submitWithOwners = async (
  deps: ImportDeps,
  run: ImportRun,
  taken: readonly (Taken & { readonly kind: 'events' })[],
  reps: ReadonlyMap<number, Rep>,
): Promise<readonly Receipt[]> => {
  const owners = taken.flatMap(({ owner, events }): NamedOwner[] => {
    const rep = owner === null ? undefined : findRepIn(reps, owner);
    const [first] = events;
    return rep?.active === true && first !== undefined ? [{ identity: first.identity, repId: rep.id }] : [];
  });
  if (owners.length === 0)
    return submitPatiently(
      deps.submit,
      taken.flatMap((each) => each.events),
    );
  const told = await submitPatiently(
    deps.submit,
    taken.flatMap((each) => each.events.slice(0, 1)),
  );
  await writeOwners(deps.pool, run, owners);
  const did = await submitPatiently(
    deps.submit,
    taken.flatMap((each) => each.events.slice(1)),
  );
  let next = 0;
  return taken.flatMap(({ events }, index) => {
    const rest = did.slice(next, next + events.length - 1);
    next += events.length - 1;
    return [told[index] as Receipt, ...rest];
  });
};

/** Whom a row names as owner and cannot be: nobody of ours, or somebody who left. The contact goes where the policy says. */
const flagOfOwner = (named: string, reps: ReadonlyMap<number, Rep>): 'owner-unknown' | 'owner-inactive' | null => {
  const rep = findRepIn(reps, named);
  return rep === undefined ? 'owner-unknown' : rep.active ? null : 'owner-inactive';
};

/** An import can wait: where the intake has too much to do, the batch is offered again. */
const submitPatiently = async (submit: Submit, events: readonly IncomingEvent[]): ReturnType<Submit> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await submit(events);
    } catch (error) {
      if (!(error instanceof IntakeOverloaded) || attempt >= 60) throw error;
      await delay(Math.min(1_000, 50 * 2 ** attempt));
    }
  }
};
