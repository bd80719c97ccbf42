import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import type { IntakeMode } from '../../intake/incomingEvent.ts';
import { type DryCounts, dryRun } from '../../records/import/dryRun.ts';
import { findContacts } from '../../records/import/findContacts.ts';
import { countPutOff, handOffList, previewAllocation, sendDigest } from '../../records/import/handOffList.ts';
import { makeImportDeals } from '../../records/import/importDeals.ts';
import { ROW_KINDS, type RowKind } from '../../records/import/importMap.ts';
import { ImportRefusal } from '../../records/import/importRefusal.ts';
import { type OpenImport, openImport } from '../../records/import/openImport.ts';
import { progressLine } from '../../records/import/progress.ts';
import { type ImportResult, runImport } from '../../records/import/runImport.ts';
import { writeImportMap } from '../../records/import/writeImportMap.ts';
import {
  type Call,
  type Command,
  CommandFailure,
  EXIT,
  type ExitCode,
  flag,
  operand,
  text,
  UsageError,
  whole,
} from '../command.ts';
import { hasCompany } from '../databaseChoice.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';
import { table } from '../table.ts';

const MODES = ['history', 'as-of-row', 'list'] as const;

const modeOf = (call: Call): IntakeMode | null => {
  const named = text(call, 'as');
  const asOfRow = flag(call, 'as-of-row');
  if (asOfRow && named !== undefined && named !== 'as-of-row') {
    throw new UsageError('bad-option-value', 'Give one of --as history, --as-of-row, --as list.');
  }
  return asOfRow ? 'as-of-row' : (MODES.find((mode) => mode === named) ?? null);
};

export const importCommand: Command = {
  path: ['import'],
  say: 'bring in contacts, companies, events or deals from a CSV or NDJSON file',
  detail:
    'How the file counts is said by name, never guessed:\n' +
    '  --as history   facts and events are kept; nobody is handed off or told\n' +
    "  --as-of-row    decided as of each row's own instant, as if it had run then; nobody is told\n" +
    '  --as list      a list such as of a trade show: handed off now, one digest for each rep instead of many notices\n' +
    'Without --map the columns are guessed from the header; --save-map keeps the guess for you to correct.\n' +
    'A run that was interrupted goes on where it was; a file that is imported twice counts once.\n' +
    'Bad rows go to an error file with their reason and cost no other row (exit code 3). docs/import.md tells the map.',
  operands: [{ name: 'FILE', say: 'a .csv, .tsv, .ndjson or .jsonl file', required: true }],
  options: [
    { name: 'map', say: 'which column goes where', takes: { kind: 'text', name: 'MAP.yaml' } },
    { name: 'as', say: 'how the file counts', takes: { kind: 'choice', of: MODES } },
    { name: 'as-of-row', say: 'the same as --as as-of-row' },
    { name: 'dry-run', short: 'n', say: 'read and count everything, write nothing' },
    { name: 'save-map', say: 'write the guessed map here', takes: { kind: 'text', name: 'MAP.yaml' } },
    { name: 'rows', say: 'what a row is, where no map says so', takes: { kind: 'choice', of: ROW_KINDS } },
    { name: 'source', say: 'the name that provenance shows', takes: { kind: 'text', name: 'NAME' } },
    { name: 'errors', say: 'where bad rows go (FILE.errors.csv)', takes: { kind: 'text', name: 'PATH' } },
    { name: 'intent', say: 'of a list: hand everybody off with this intent', takes: { kind: 'text', name: 'INTENT' } },
    {
      name: 'team',
      say: 'of a list, with --dry-run: show who of this team would have them',
      takes: { kind: 'text', name: 'TEAM' },
    },
    {
      name: 'at-most',
      say: 'take so many rows; the same command goes on from there',
      takes: { kind: 'number', name: 'N', min: 1 },
    },
    {
      name: 'per-rep-day',
      say: 'of a list with an intent: so many for each rep and day; the others follow on the days to come',
      takes: { kind: 'number', name: 'N', min: 1 },
    },
    { name: 'strict', say: 'import nothing if any row is bad' },
  ],
  examples: [
    {
      run: 'baton import leads.csv --dry-run --save-map leads.map.yaml',
      say: 'see what it would do, and keep the map',
    },
    {
      run: 'baton import leads.csv --map leads.map.yaml --as-of-row',
      say: 'a past year, decided as it would have been',
    },
    { run: 'baton import fair.csv --as list --dry-run --team inbound', say: 'the allocation of a trade show list' },
    {
      run: 'baton import fair.csv --as list --intent standard --at-most 50',
      say: 'fifty today, the next ones tomorrow',
    },
    { run: 'baton import crm.ndjson --as history', say: 'what was known before Baton came' },
  ],
  run: async (call) => {
    const path = operand(call, 0);
    const mode = modeOf(call);
    const rows = text(call, 'rows') as RowKind | undefined;
    const given = await refusing(() =>
      openImport(path, text(call, 'map') ?? null, rows ?? null, text(call, 'source') ?? null),
    );
    tellMap(call, given);
    await saveMap(call, given);
    if (flag(call, 'dry-run')) {
      const team = text(call, 'team');
      const intent = text(call, 'intent') ?? 'standard';
      const counting = async (pool: Pool | null): Promise<ExitCode> => {
        const counts = await refusing(() =>
          dryRun(given, mode ?? 'history', pool === null ? undefined : (people) => findContacts(pool, people)),
        );
        const shows = pool !== null && team !== undefined && mode === 'list';
        return tellDryRun(call, given, counts, shows ? await previewAllocation(pool, team, intent, counts.good) : null);
      };
      // a file can be looked at before there is a company; a preview of who would have the leads needs one
      return team !== undefined || hasCompany()
        ? withDatabase(call.terminal, ({ pool }) => counting(pool))
        : counting(null);
    }
    if (mode === null) {
      throw new UsageError(
        'missing-option',
        'Say how the file counts: --as history, --as-of-row or --as list (see --help), or --dry-run.',
      );
    }
    if (mode === 'as-of-row' && given.map.instant === null && given.map.rows !== 'deals') {
      throw new CommandFailure(
        'mode-impossible',
        '--as-of-row needs the instant of each row: name it in the map ("instant: COLUMN").',
      );
    }
    if (flag(call, 'strict')) {
      const counts = await refusing(() => dryRun(given, mode));
      if (counts.bad > 0) {
        throw new CommandFailure(
          'rows-bad',
          `${counts.bad} of ${counts.rows} rows are bad (${codes(counts.errors)}); nothing was imported.`,
        );
      }
    }
    if (text(call, 'per-rep-day') !== undefined && (mode !== 'list' || text(call, 'intent') === undefined))
      throw new UsageError('missing-option', '--per-rep-day is for --as list with an --intent.');
    const rowsAtMost = whole(call, 'at-most');
    const result = await withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, ({ intake, deciding }) =>
        stoppable(call, (isStopped) =>
          refusing(async () => {
            const intent = text(call, 'intent');
            const perRepDay = whole(call, 'per-rep-day') ?? null;
            const began = Date.now();
            const done = await runImport(
              {
                pool,
                submit: intake.submit,
                importDeals: makeImportDeals(deciding),
                clock: () => performance.now(),
                ...(mode === 'list' && intent !== undefined
                  ? { handOff: (run, people) => handOffList(deciding, run, people, intent, { perRepDay }) }
                  : {}),
              },
              given,
              {
                mode,
                errorPath: text(call, 'errors') ?? `${path}.errors.csv`,
                onProgress: (at) => call.terminal.redraw(progressLine(at)),
                isStopped,
                ...(rowsAtMost === undefined ? {} : { rowsAtMost }),
              },
            );
            if (mode === 'list')
              call.terminal.note(`${await sendDigest(pool, done, began)} reps have one notice each.`);
            const waiting = perRepDay === null ? 0 : await countPutOff(pool, done);
            if (waiting > 0) call.terminal.note(`${waiting} wait for the days to come.`);
            return done;
          }),
        ),
      ),
    );
    call.terminal.settle();
    return tellResult(call, given, result);
  },
};

/** The first interrupt ends the import between two batches; the run is kept and resumes. */
const stoppable = async <T>(call: Call, work: (isStopped: () => boolean) => Promise<T>): Promise<T> => {
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    call.terminal.note('Stopping after this batch; the same command goes on from there.');
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work(() => stopped);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
};

/** What refuses the file as a whole is told with its code and ends with 1. */
const refusing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ImportRefusal) throw new CommandFailure(error.code, error.message, { cause: error });
    throw error;
  }
};

const tellMap = (call: Call, given: OpenImport): void => {
  if (given.guessed === null) return;
  call.terminal.note(`No map was given; guessed from the header of ${given.path} (${given.map.rows}):`);
  for (const rule of given.map.columns) {
    const own = given.guessed.own.includes(rule.column) ? '   (a fact of your own)' : '';
    call.terminal.note(`  ${rule.column} -> ${rule.to}${own}`);
  }
  if (given.map.instant?.kind === 'column') call.terminal.note(`  ${given.map.instant.column} -> when it happened`);
  if (given.map.key.length > 0) call.terminal.note(`  ${given.map.key.join(', ')} names a row`);
};

const saveMap = async (call: Call, given: OpenImport): Promise<void> => {
  const to = text(call, 'save-map');
  if (to === undefined) return;
  if (existsSync(to)) throw new CommandFailure('file-exists', `${to} is there already; name another file.`);
  await writeFile(to, writeImportMap(given.map));
  call.terminal.note(`The map is in ${to}: correct it, then import with --map ${to}.`);
};

const codes = (errors: { readonly [code: string]: number }): string =>
  Object.entries(errors)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');

type Allocation = Awaited<ReturnType<typeof previewAllocation>>;

const tellDryRun = (call: Call, given: OpenImport, counts: DryCounts, allocation: Allocation | null): ExitCode => {
  if (call.json) {
    call.terminal.out(
      JSON.stringify({
        dryRun: true,
        file: given.path,
        rowsAre: given.map.rows,
        encoding: given.facts.encoding,
        ...counts,
        ...(allocation === null ? {} : { allocation }),
      }),
    );
  } else {
    call.terminal.out(
      table(
        ['rows', 'good', 'bad', 'known already', 'events', 'encoding'],
        [[counts.rows, counts.good, counts.bad, counts.known, counts.events, given.facts.encoding]],
      ),
    );
    for (const each of counts.firstErrors) {
      call.terminal.note(`  row ${each.row} (line ${each.line}): ${each.code}: ${each.say}`);
    }
    if (counts.bad > counts.firstErrors.length) call.terminal.note(`  ... ${codes(counts.errors)}`);
    if (allocation !== null) {
      call.terminal.note('If all came now:');
      call.terminal.out(
        table(
          ['rep', 'leads'],
          allocation.map(({ rep, leads }) => [rep, leads]),
        ),
      );
    }
    call.terminal.note('Nothing was written.');
  }
  return counts.bad > 0 ? EXIT.findings : EXIT.ok;
};

const tellResult = (call: Call, given: OpenImport, result: ImportResult): ExitCode => {
  const { counts } = result;
  if (call.json) {
    call.terminal.out(
      JSON.stringify({
        run: result.runId,
        state: result.state,
        file: given.path,
        rowsAre: given.map.rows,
        resumedAtRow: result.resumedAtRow,
        rows: counts.rows,
        accepted: counts.accepted,
        duplicate: counts.duplicate,
        bad: counts.bad,
        events: counts.events,
        errors: counts.errors,
        flags: counts.flags,
        notHandedOff: counts.notHandedOff,
        errorFile: result.errorPath,
        elapsedMs: Math.round(result.elapsedMs),
      }),
    );
  } else {
    if (result.resumedAtRow > 0) call.terminal.note(`Went on after row ${result.resumedAtRow}.`);
    call.terminal.out(
      table(
        ['rows', 'new', 'known before', 'bad', 'events', 'seconds'],
        [
          [
            counts.rows,
            counts.accepted,
            counts.duplicate,
            counts.bad,
            counts.events,
            Number((result.elapsedMs / 1_000).toFixed(1)),
          ],
        ],
      ),
    );
    if (Object.keys(counts.flags).length > 0) call.terminal.note(`Kept and marked as odd: ${codes(counts.flags)}.`);
    if (counts.bad > 0) call.terminal.note(`Bad rows: ${codes(counts.errors)}. They are in ${result.errorPath}.`);
    if (counts.notHandedOff > 0)
      call.terminal.note(
        `${counts.notHandedOff} were kept but not handed off (no fast track in the policy, or taken out for good).`,
      );
    if (result.state === 'stopped') call.terminal.note('Stopped; the same command goes on from there.');
    if (result.state === 'paused')
      call.terminal.note('That was as many as asked for; the same command goes on from there.');
  }
  if (result.state === 'stopped') return EXIT.failure;
  return counts.bad > 0 ? EXIT.findings : EXIT.ok;
};
