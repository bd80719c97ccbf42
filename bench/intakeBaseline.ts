/**
 * What the rows cost at least: one client that copies the very event rows (and message ids) that intake stored, in
 * batches of the same size, one transaction each, into the same indexed tables of the same database. Source and form of the
 * message ids are those of intake too, so that both write to the same place of the same index.
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

/** Copies `count` of the latest stored events again, under fresh message ids; `dropBaseline` takes them out. */
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
  let bytes = 0;
  let serial = 0;
  const commits: number[] = [];
  const [source, key] = [columns.indexOf('source_id'), columns.indexOf('key')];
  const started = performance.now();
  for (let at = 0; at < stored.rows.length; at += rowsPerCopy) {
    events.clear();
    seen.clear();
    for (const row of stored.rows.slice(at, at + rowsPerCopy)) {
      serial += 1;
      const id = serial.toString(36).padStart(6, '0');
      row[key] = `${BASELINE_KEY}${id.padStart(11, '0')}`;
      events.add(row);
      seen.add([row[source] as number, `${Date.now().toString(36)}-${BASELINE_RUN}-${id}`, hash]);
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

/** How the baseline's events and message ids can be told apart: real keys have no tilde. */
const BASELINE_KEY = '~';
const BASELINE_RUN = 'baseline';

/** Takes out what baselines wrote. */
export const dropBaseline = async (pool: Pool): Promise<void> => {
  await pool.query(`delete from event where key like '${BASELINE_KEY}%'`);
  await pool.query(`delete from message_seen where message_key like '%-${BASELINE_RUN}-%'`);
};
