import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Queryable } from '../database/queryable.ts';

/** What the demo has made, kept in one row, so that a second load goes on and a removal takes all of it and nothing else. */
export type DemoRecord = {
  readonly seed: number;
  /** "Now" of the story: the four weeks end here. */
  readonly anchor: Instant;
  readonly repIds: readonly number[];
  readonly teamIds: readonly string[];
  readonly policyVersionId: number | null;
  readonly policyHash: string | null;
  readonly policySeq: number | null;
  readonly state: 'loading' | 'loaded';
};

const KEY = 'demo';

/** Advisory lock: loading and removing hold it alone, the demo's live acts share it. */
export const DEMO_LOCK = 7_228_110;

/** The record, or null where there is no demo. */
export const loadDemoRecord = async (client: Queryable): Promise<DemoRecord | null> => {
  const { rows } = await client.query<{ value: string }>('select value from setting where key = $1', [KEY]);
  return rows[0] === undefined ? null : (JSON.parse(rows[0].value) as DemoRecord);
};

/** Writes what the demo made, in place of what was written before. */
export const saveDemoRecord = async (client: Queryable, record: DemoRecord): Promise<void> => {
  await client.query(
    `insert into setting (key, value) values ($1, $2)
     on conflict (key) do update set value = excluded.value, updated_at = now_ms()`,
    [KEY, JSON.stringify(record)],
  );
};

/** Forgets that there is a demo; what it made is removed before (see removeDemo.ts). */
export const removeDemoRecord = async (client: Queryable): Promise<void> => {
  await client.query('delete from setting where key = $1', [KEY]);
};
