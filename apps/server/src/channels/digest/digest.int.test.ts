import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { startCompany } from '../../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import { loadPeople } from '../../people/loadPeople.ts';
import { digestDay, makeDigests } from './makeDigests.ts';

let database: TestDatabase;
let node: Node;
beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const at = (text: string): number => Date.parse(text);

test('a digest is due on the mornings of working days where the team is', () => {
  const berlin = (text: string) => digestDay(undefined, 'Europe/Berlin', at(text));
  expect(berlin('2026-11-23T06:59:00Z')).toBeNull();
  expect(berlin('2026-11-23T07:00:00Z')).toBe('2026-11-23');
  expect(berlin('2026-11-23T09:59:00Z')).toBe('2026-11-23');
  expect(berlin('2026-11-23T10:00:00Z')).toBeNull();
  expect(berlin('2026-11-22T08:00:00Z')).toBeNull();
  // summer time: an hour earlier by the world's clock
  expect(berlin('2026-07-01T06:00:00Z')).toBe('2026-07-01');
  expect(digestDay(undefined, 'Pacific/Auckland', at('2026-11-22T20:00:00Z'))).toBe('2026-11-23');
  const holiday = { calendar: { kind: 'intervals' as const, open: [], days: [] } };
  expect(digestDay(holiday, 'Europe/Berlin', at('2026-11-23T07:00:00Z'))).toBeNull();
});

test('each team’s manager gets one a day, by one channel, from however many nodes; teams without a manager none', async () => {
  const { pool } = database;
  const emails = ['a@one.example', 'b@two.example', 'c@three.example'];
  await node.intake.submit(emails.map((email) => makeDemoRequest(email)));
  await pool.query(`update handoff set due_at = 1000 where contact_id = (select id from contact where email = $1)`, [
    emails[0],
  ]);
  const morning = at('2026-11-23T09:00:00Z');
  const run = async (channels: readonly ('email' | 'slack' | 'webhook')[], now = morning) => {
    const client = await pool.connect();
    try {
      return await makeDigests(pool, await loadPeople(client), channels, now);
    } finally {
      client.release();
    }
  };
  expect(await run(['email'])).toBe(0);
  await pool.query(`update team set manager_id = 3 where id = 'inbound'`);
  expect(await run(['webhook'])).toBe(0);
  const made = await Promise.all([run(['slack', 'email']), run(['email']), run(['email'])]);
  expect(made.toSorted()).toEqual([0, 0, 1]);
  expect(await run(['email'], morning + 86_400_000)).toBe(1);
  expect(await run(['email'], at('2026-11-28T09:00:00Z'))).toBe(0);
  const { rows } = await pool.query<{ subject: string; body: string; destination: string }>(
    `select subject, body, destination from delivery where about = 'digest' order by id`,
  );
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ subject: 'Inbound: 3 open, 1 late, 0 in the queue', destination: 'email rep:3' });
  expect(rows[0]?.body).toContain('Name of a@one.example, Rep');
  expect(rows[0]?.body).toContain('Nobody has fallen between the teams.');
});
