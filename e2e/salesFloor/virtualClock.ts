import type { Pool } from 'pg';

/** A company's clock that a test turns: everything that asks what time it is asks the database, and this is its answer. */
export type VirtualClock = {
  now: () => number;
  /** Puts the clock to an instant; back, too, as a corrected clock does. */
  readonly set: (at: number) => Promise<void>;
};

/** Takes the place of the database's one function for the present instant. Once for each database. */
export const startVirtualClock = async (pool: Pool, at: number): Promise<VirtualClock> => {
  let now = at;
  await pool.query(`
    create table virtual_clock (at bigint not null);
    create or replace function now_ms() returns bigint language sql volatile parallel safe
      as 'select at from virtual_clock'`);
  await pool.query('insert into virtual_clock values ($1)', [at]);
  return {
    now: () => now,
    set: async (next) => {
      now = next;
      await pool.query('update virtual_clock set at = $1', [next]);
    },
  };
};
