import { capSpan } from '@baton/domain/assignment/availability.ts';
import { rep } from '@baton/domain/handoff/worldFixture.ts';
import { DAY_MS, HOUR_MS } from '@baton/domain/kernel/time.ts';
import type { Calendar } from '@baton/domain/promise/clock.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../database/testDatabase.ts';
import { readLoads } from './repLoads.ts';

/** 2026-01-05 00:00 UTC, a Monday. */
const MONDAY = 1_767_571_200_000;
/** Every day of three weeks, five hours behind UTC, as New York is in January. */
const newYork: Calendar = {
  kind: 'intervals',
  days: Array.from({ length: 21 }, (_, day) => {
    const from = MONDAY + (day - 7) * DAY_MS + 5 * HOUR_MS;
    return { from, to: from + DAY_MS };
  }),
  open: [],
};

test('a cap counts on the rep’s own day and week: what came at nine in the evening in New York is today’s', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { pool } = database;
  const offers = [MONDAY + 2 * HOUR_MS, MONDAY + DAY_MS + HOUR_MS, MONDAY + DAY_MS + 4 * HOUR_MS];
  await pool.query(
    `insert into rep (id, name, email) values (1, 'Ana', 'ana@sales.example'), (2, 'Ben', 'ben@sales.example')`,
  );
  for (const [index, at] of offers.entries())
    for (const id of [1, 2])
      await pool.query(
        'insert into handoff_offer (handoff_id, rep_id, at, how, decision_id) values ($1, $2, $3, $4, $1)',
        [100 + index * 10 + id, id, at, 'ledger'],
      );
  const reps = new Map([rep(1, 'Ana', { calendar: newYork }), rep(2, 'Ben')].map((one) => [one.id, one]));
  // Tuesday 04:30 UTC is Monday 23:30 in New York; Monday 02:00 UTC was Sunday there, of the week before.
  const now = MONDAY + DAY_MS + 4.5 * HOUR_MS;
  const loads = await readLoads(pool, [1, 2], { reps }, now);
  expect(loads.get(1)).toEqual({ today: 2, thisWeek: 2, open: 0 });
  expect(loads.get(2)).toEqual({ today: 2, thisWeek: 3, open: 0 });
  const later = await readLoads(pool, [1, 2], { reps }, MONDAY + DAY_MS + 6 * HOUR_MS);
  expect(later.get(1)).toEqual({ today: 0, thisWeek: 2, open: 0 });
  expect(capSpan(newYork, now).dayFrom).toBe(MONDAY + 5 * HOUR_MS);
});
