import type { Pool } from 'pg';
import { MORNING } from './morning.ts';
import { seedHandoff, seedPeople } from './seedHandoffs.ts';

const LEAD = 1_000_000_000n;
/** Where each rep stands, by their numbers from 1, in hundredths of a lead. */
const BALANCES = [-25n, 35n, 20n, 15n, 10n, -55n];

/** The team `dach` of six with a morning's handoffs: Dana is next, Eli has half a share, Cy is off and Dana covers. */
export const seedTeam = async (pool: Pool): Promise<void> => {
  await seedPeople(pool);
  for (const [index, seed] of MORNING.entries()) await seedHandoff(pool, 2_000 + index, seed);
  await pool.query(
    `insert into team_member (team_id, rep_id, weight) select 'dach', id, case id when 3 then 50 else 100 end from rep`,
  );
  await pool.query(`insert into ledger (team_id, intent, seq, balances) values ('dach', 'high', 6, $1)`, [
    JSON.stringify(BALANCES.map((part, index) => [index + 1, String((part * LEAD) / 100n), index])),
  ]);
  await pool.query(
    `insert into rep_absence (rep_id, from_at, to_at, why, note) values (4, now_ms() - 3600000, now_ms() + 345600000, 'time-off', '')`,
  );
  await pool.query('update rep set cover_id = 2 where id = 4');
  await pool.query(`update rep set caps = '{"open":10}'`);
  await pool.query(`update rep set hours = 'mon-fri 09:00-17:00', time_zone = 'Europe/Berlin' where id = 1`);
};
