import { type CustomTypesConfig, Pool, types } from 'pg';
import type { Connection } from './connection.ts';

/** Size and name of a pool. */
export interface PoolChoice {
  /** Most connections at a time; 10 when left out. */
  readonly max?: number;
  /** Shown in pg_stat_activity. */
  readonly name?: string;
}

/**
 * How long a transaction may wait for its process before the database ends it. A process that was paused in the middle of
 * one holds locks that everybody else waits for; when it wakes up its transaction is gone, and it begins again.
 */
const IDLE_IN_TRANSACTION = '20s';

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: parseInt8,
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: parseTimestamptz,
};

/** How values come back: int8 as number, timestamptz as epoch ms, date as its text; all else as `pg` does it. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary' && PARSERS[oid] !== undefined) return PARSERS[oid];
    return types.getTypeParser(oid, format as 'text');
  },
};

/** A pool of connections whose values come back as `valueTypes` says. End it with `pool.end()`. */
export function createPool(connection: Connection, choice: PoolChoice = {}): Pool {
  const pool = new Pool({
    ...connection,
    max: choice.max ?? 10,
    application_name: choice.name ?? 'baton',
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 30_000,
    types: valueTypes,
    onConnect: async (client) => {
      await client.query(`set idle_in_transaction_session_timeout = '${IDLE_IN_TRANSACTION}'`);
    },
  });
  // an idle connection that breaks (the server was restarted) is replaced by the pool; unheard, it would end the process
  pool.on('error', () => {});
  // the same while it is lent out: whoever holds it learns by the failing query, at its next await
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`int8 ${text} does not fit a JavaScript number; select it as text`);
  return value;
}

/** Parses PostgreSQL's ISO form with any offset (`2026-03-01 09:00:00.123456+05:30`) to epoch ms, cutting microseconds. */
export function parseTimestamptz(text: string): number {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  if (text === '-infinity') return Number.NEGATIVE_INFINITY;
  const match =
    /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?( BC)?$/.exec(
      text,
    );
  if (match === null) throw new RangeError(`not a timestamptz in ISO form: ${text}`);
  const [, year, month, day, hour, minute, second, fraction = '', sign, offHours, offMinutes, offSeconds, bc] = match;
  const instant = new Date(0);
  instant.setUTCFullYear(bc === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  instant.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, '0').slice(0, 3)));
  const offset = (Number(offHours) * 3600 + Number(offMinutes ?? 0) * 60 + Number(offSeconds ?? 0)) * 1000;
  return instant.getTime() - (sign === '-' ? -offset : offset);
}
