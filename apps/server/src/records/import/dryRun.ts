import type { IntakeMode } from '../../intake/incomingEvent.ts';
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
};

const SHOWN_ERRORS = 10;

/** Reads and maps every row and writes nothing: what the file itself can tell. Whom it meets is known only at the import. */
export const dryRun = async (given: OpenImport, mode: IntakeMode): Promise<DryCounts> => {
  const context = { sourceId: 0, sourceName: given.map.source, mode, startedAt: 0 };
  const errors: { [code: string]: number } = {};
  const firstErrors: RowError[] = [];
  let good = 0;
  let bad = 0;
  let events = 0;
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
      if (mapped.value.kind === 'events') events += mapped.value.events.length;
    }
  }
  return { rows: good + bad, good, bad, events, errors, firstErrors };
};
