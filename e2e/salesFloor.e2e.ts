/**
 * Two hundred days of a sales floor in virtual time: reps who are diligent, slow, forgetful, ill and leave; nodes that are cut
 * off and stand still; a destination that fails for days; clocks that are put forward and back. After each step every promise
 * is asked for. The seed of a run that fails is printed: BATON_TEST_SEED repeats it.
 */
import { afterEach, expect, test } from 'vitest';
import { makeDice } from '../apps/server/src/intake/companyFixture.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { LEAK_CHECKS } from '../apps/server/src/leaks/leakChecks.ts';
import { Floor, instantsOf } from './salesFloor/floor.ts';

const DAYS = Number(process.env.BATON_SIM_DAYS ?? 200);
const HOUR_MS = 3_600_000;
/** All checks but those about what a day without servers, or a destination that is down, brings by itself. */
const CHECKS = LEAK_CHECKS.filter(({ id }) => !['silent', 'undelivered', 'untold', 'unseen-alert'].includes(id));

let floor: Floor | null = null;
afterEach(async () => {
  await floor?.close();
  floor = null;
});

/** Rows of every check that finds something. */
const leaksOf = async ({ database }: Floor) => {
  const found: unknown[] = [];
  for (const { id, sql } of CHECKS) for (const row of (await database.pool.query(sql)).rows) found.push({ id, ...row });
  return found;
};

/** Steps out of order (an owner's segment goes on counting where the one before ended), before their time, or not looked at. */
const CLOCKS = `
select 'order' as what, clock_id as id from (
  select clock_id, step, row_number() over w as nth, first_value(step) over w as first from clock_step
  window w as (partition by clock_id order by fired_at, step)
) s where step - first + 1 <> nth
union all select 'early', clock_id from clock_step where fired_at < planned_at
union all select 'overdue', id from handoff_clock where stopped_at is null and next_at <= now_ms()`;

test(`nobody falls between the teams in ${DAYS} days`, { timeout: 900_000 }, async () => {
  const seed = Number(process.env.BATON_TEST_SEED ?? Date.now() % 1_000_000);
  const where = (day: number) => `BATON_TEST_SEED=${seed}, day ${day}`;
  const dice = makeDice(seed);
  floor = await Floor.open(dice);
  const breached = new Set<number>();
  let outageUntil = 0;
  for (let day = 0; day < DAYS; day += 1) {
    if (dice(25) === 0) {
      outageUntil = instantsOf(day, dice)[0] as number;
      outageUntil += (1 + dice(40)) * HOUR_MS;
      floor.seen.outages += 1;
    }
    floor.weather();
    let served = false;
    for (const at of instantsOf(day, dice)) {
      await floor.advance(at);
      // nobody serves: no clock fires, no event is taken, nobody can act
      if (at < outageUntil) continue;
      served = true;
      try {
        await floor.arrive();
        await floor.live();
        await floor.fire();
        await floor.work();
        // a clock that is put right by two seconds, in the middle of the work
        if (dice(10) === 0) {
          await floor.advance(at - 2_000);
          await floor.arrive();
          await floor.fire();
          await floor.advance(at);
        }
        await floor.fire();
        await floor.post();
      } catch (error) {
        throw new Error(where(day), { cause: error });
      }
      const { pool } = floor.database;
      expect(await askOracles(pool, ['open']), where(day)).toEqual([]);
      expect((await pool.query(CLOCKS)).rows, where(day)).toEqual([]);
      const { rows } = await pool.query<{ id: number; breached: boolean }>(
        'select id, breached from handoff where breached',
      );
      for (const id of breached)
        expect(
          rows.some((row) => row.id === id),
          `${where(day)}: a breach went away`,
        ).toBe(true);
      for (const row of rows) breached.add(row.id);
    }
    if (served) expect(await leaksOf(floor), where(day)).toEqual([]);
    if (day % 50 === 49) expect(await askOracles(floor.database.pool), where(day)).toEqual([]);
  }
  expect(await askOracles(floor.database.pool), where(DAYS)).toEqual([]);
  const { rows } = await floor.database.pool.query<{
    handoffs: number;
    steps: number;
    late: number;
    contacted: number;
  }>(
    `select (select count(*) from handoff) as handoffs, (select count(*) from clock_step) as steps,
       (select count(*) from clock_step where fired_at > planned_at + 3600000) as late,
       (select count(*) from handoff where contacted_at is not null) as contacted`,
  );
  // the floor did what it is for
  const lived = rows[0];
  expect(lived?.handoffs, where(DAYS)).toBeGreaterThan(DAYS);
  expect(lived?.contacted, where(DAYS)).toBeGreaterThan(DAYS / 4);
  expect(lived?.steps, where(DAYS)).toBeGreaterThan(DAYS);
  expect(floor.seen.sent, where(DAYS)).toBeGreaterThan(DAYS);
  expect(breached.size, where(DAYS)).toBeGreaterThan(0);
});
