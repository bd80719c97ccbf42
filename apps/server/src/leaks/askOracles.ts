import type { Queryable } from '../database/queryable.ts';
import { holidayRows } from './holidayRows.ts';
import { ORACLES, type Oracle } from './oracles.ts';

/** A broken promise and the first rows that show it. */
export type Breach = { readonly id: string; readonly promise: string; readonly rows: readonly object[] };

const ROWS_MAX = 20;

/** Asks the oracles; answers only those that are broken. `costs`: which ones to ask; all when left out. */
export const askOracles = async (
  client: Queryable,
  costs: readonly Oracle['cost'][] = ['open', 'all', 'events'],
): Promise<readonly Breach[]> => {
  const breaches: Breach[] = [];
  for (const { id, promise, sql, cost, given } of ORACLES) {
    if (!costs.includes(cost)) continue;
    const { rows } = await client.query<object>(
      `select * from (${sql}) as breach limit ${ROWS_MAX}`,
      given === undefined ? [] : [await holidayRows(client)],
    );
    if (rows.length > 0) breaches.push({ id, promise, rows });
  }
  return breaches;
};
