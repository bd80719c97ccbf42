import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { IncomingIdentity, IntakeMode } from '../../intake/incomingEvent.ts';
import type { RowError } from './importRefusal.ts';
import { mapRow } from './mapRow.ts';
import type { OpenImport } from './openImport.ts';
import { readRows } from './readRows.ts';

export type DryCounts = {
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
  /** Events that the good rows would become. */
  readonly events: number;
  readonly errors: { readonly [code: string]: number };
  readonly firstErrors: readonly RowError[];
  /** Rows whose person is known here already; null where nobody was asked. */
  readonly known: number | null;
};

/** Says of each identity whether somebody here has it. */
export type AskKnown = (identities: readonly IncomingIdentity[]) => Promise<readonly (ContactId | null)[]>;

const SHOWN_ERRORS = 10;
const ASKED_AT_ONCE = 1_000;

/** Reads and maps every row and writes nothing: what the file itself can tell and, with `askKnown`, whom it would meet. */
export const dryRun = async (given: OpenImport, mode: IntakeMode, askKnown?: AskKnown): Promise<DryCounts> => {
  const context = { sourceId: 0, sourceName: given.map.source, mode, startedAt: 0 };
  const errors: { [code: string]: number } = {};
  const firstErrors: RowError[] = [];
  let good = 0;
  let bad = 0;
  let events = 0;
  let known = askKnown === undefined ? null : 0;
  let asked: IncomingIdentity[] = [];
  const ask = async (atLeast: number): Promise<void> => {
    if (askKnown === undefined || known === null || asked.length < atLeast) return;
    known += (await askKnown(asked)).filter((id) => id !== null).length;
    asked = [];
  };
  const fail = (error: RowError): void => {
    bad += 1;
    errors[error.code] = (errors[error.code] ?? 0) + 1;
    if (firstErrors.length < SHOWN_ERRORS) firstErrors.push(error);
  };
  for await (const batch of readRows(given.path, given.shape)) {
    for (const error of batch.errors) fail(error);
    for (const row of batch.rows) {
      const mapped = mapRow(given.map, row, context);
      if (!mapped.ok) {
        fail({ row: row.row, line: row.line, code: mapped.error.code, say: mapped.error.say, cells: row.cells });
        continue;
      }
      good += 1;
      const { value } = mapped;
      if (value.kind === 'events') events += value.events.length;
      const identity =
        value.kind === 'events' ? value.events[0]?.identity : value.kind === 'deal' ? value.deal.identity : undefined;
      if (identity !== undefined) asked.push(identity);
    }
    await ask(ASKED_AT_ONCE);
  }
  await ask(1);
  return { rows: good + bad, good, bad, events, errors, firstErrors, known };
};
