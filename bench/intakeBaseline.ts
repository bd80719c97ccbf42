/**
 * What the rows cost at least: one client that copies the very event rows (and message ids) that intake stored, in
 * batches of the same size, one transaction each, into the same indexed tables of the same database.
 */
import type { Pool } from 'pg';
import { copyIn } from '../apps/server/src/database/binary/copyIn.ts';
import { CopyRows, type CopyValue } from '../apps/server/src/database/binary/copyRows.ts';
import { INTAKE_TABLES } from '../apps/server/src/intake/intakeRows.ts';
import { median } from './measure.ts';

export type Baseline = {
  readonly perSecond: number;
  /** One transaction of one batch, from sending to committed, in ms. */
  readonly commitMs: number;
  readonly bytesPerEvent: number;
};

/** The tables of the baseline as they are, to be printed with its figure. */
export const describeTables = async (pool: Pool): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ line: string }>(`
    select format('%s (%s)', c.relname, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)) as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 where c.relname in ('event', 'message_seen') group by c.oid, c.relname
    union all select pg_get_indexdef(indexrelid) from pg_index where indrelid in ('event'::regclass, 'message_seen'::regclass)`);
  return rows.map((row) => row.line);
};

/** Copies `count` of the latest stored events again, under fresh message ids, and takes them out afterwards. */
export const measureBaseline = async (pool: Pool, count: number, rowsPerCopy: number): Promise<Baseline> => {
  const columns = INTAKE_TABLES.event.columns.map(([name]) => name);
  const stored = await pool.query<CopyValue[]>({
    text: `select ${columns.join(', ')} from event order by recorded_at desc limit $1`,
    values: [count],
    rowMode: 'array',
  });
  const events = new CopyRows(INTAKE_TABLES.event, 1 << 18);
  const seen = new CopyRows(INTAKE_TABLES.seen, 1 << 16);
  const client = await pool.connect();
  const hash = new Uint8Array(12);
  const run = Date.now().toString(36);
  let bytes = 0;
  let serial = 0;
  const commits: number[] = [];
  const source = columns.indexOf('source_id');
  const started = performance.now();
  for (let at = 0; at < stored.rows.length; at += rowsPerCopy) {
    events.clear();
    seen.clear();
    for (const row of stored.rows.slice(at, at + rowsPerCopy)) {
      row[source] = BASELINE_SOURCE;
      events.add(row);
      serial += 1;
      seen.add([BASELINE_SOURCE, `${run}-bare-${serial.toString(36).padStart(6, '0')}`, hash]);
    }
    bytes += events.message().length;
    const sent = performance.now();
    await copyIn(client, [seen, events], { before: 'begin', after: 'commit' });
    commits.push(performance.now() - sent);
  }
  const seconds = (performance.now() - started) / 1000;
  client.release();
  return {
    perSecond: stored.rows.length / seconds,
    commitMs: median(commits),
    bytesPerEvent: bytes / stored.rows.length,
  };
};

/** A source of its own, so that what the baseline wrote can be told apart. */
export const BASELINE_SOURCE = 999_999;
