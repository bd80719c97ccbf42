import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import { askOracles } from '../../leaks/askOracles.ts';
import { type Ask, startApi, type TestApi } from './apiFixture.ts';
import { registerPeopleRoutes } from './peopleRoutes.ts';

let database: TestDatabase;
let node: Node;
let ask: Ask;
let reader: string;
let made: TestApi;

beforeAll(async () => {
  made = await startApi(offeringPolicy(), ['handoffs:read', 'people:write']);
  ({ database, node, ask, reader } = made);
  const deciding = { pool: database.pool, references: node.references, ids: node.ids };
  registerPeopleRoutes(made.app, { ...made.api, deciding });
});
afterAll(() => made.stop());

test('a rep is added, changed and read back; what can not be is refused with the reason', async () => {
  const added = await ask('POST', '/reps', {
    name: 'Zoe',
    email: 'zoe@sales.example',
    skills: ['German'],
    timeZone: 'europe/berlin',
    hours: 'Mon-Fri 09:00-18:00',
    holidays: 'de-by',
  });
  expect(added).toMatchObject({
    status: 201,
    json: { skills: ['german'], timeZone: 'Europe/Berlin', hours: 'mon-fri 09:00-18:00', holidays: 'DE-BY' },
  });
  const { id } = added.json;
  expect(await ask('GET', `/reps/${id}`)).toMatchObject({ status: 200, json: { name: 'Zoe', openHandoffs: 0 } });
  expect(await ask('POST', `/reps/${id}`, { caps: { perDay: 3 } })).toMatchObject({
    status: 200,
    json: { moved: 0, rep: { caps: { perDay: 3 }, hours: 'mon-fri 09:00-18:00' } },
  });
  expect(await ask('POST', '/reps', { name: 'Zoe', email: 'ZOE@sales.example' })).toMatchObject({ status: 409 });
  const closed = Array.from({ length: 400 }, (_, day) =>
    new Date(Date.now() + (day - 1) * 86_400_000).toISOString().slice(0, 10),
  );
  for (const [change, why] of [
    [{ hours: 'whenever' }, 'names no days'],
    [{ hours: 'mon-fri off' }, 'no day has any hours'],
    [{ timeZone: '+02:00' }, 'no time zone'],
    [{ timeZone: null }, 'Hours need a time zone'],
    [{ holidays: 'XX' }, 'no public holidays'],
    [{ hours: 'mon 09:00-10:00', closed }, 'no working time in the coming year'],
    [{ cover: String(id) }, 'their own cover'],
    [{ nickname: 'Z' }, 'nickname: nothing of this name'],
  ] as const) {
    const refused = await ask('POST', `/reps/${id}`, change);
    expect(refused.status, why).toBe(422);
    expect(refused.json.detail).toContain(why);
  }
  expect(await ask('POST', '/reps/999999', { name: 'x' })).toMatchObject({ status: 404 });
  expect(await ask('POST', `/reps/${id}`, { name: 'x' }, reader)).toMatchObject({ status: 403 });
  const page = await ask('GET', '/reps?limit=2');
  expect(page.json.rows).toHaveLength(2);
  const next = await ask('GET', `/reps?limit=2&cursor=${page.json.nextCursor}`);
  expect(next.json.rows[0].id).toBeGreaterThan(page.json.rows[1].id);
});

test('time off is entered in days of the rep, listed and taken back', async () => {
  const { json } = await ask('GET', '/reps?limit=200');
  const zoe = json.rows.find((rep: { name: string }) => rep.name === 'Zoe');
  const made = await ask('POST', `/reps/${zoe.id}/time-off`, { from: '2027-12-20', to: '2027-12-24' });
  expect(made.status).toBe(201);
  expect((await ask('GET', `/reps/${zoe.id}/time-off`)).json.rows).toEqual([
    { id: made.json.id, from: '2027-12-19T23:00:00.000Z', to: '2027-12-24T23:00:00.000Z', why: 'time-off', note: '' },
  ]);
  expect(await ask('POST', `/reps/${zoe.id}/time-off`, { from: '2027-12-24', to: '2027-12-20' })).toMatchObject({
    status: 422,
  });
  expect((await ask('DELETE', `/reps/${zoe.id}/time-off/${made.json.id}`)).status).toBe(204);
  expect((await ask('DELETE', `/reps/${zoe.id}/time-off/${made.json.id}`)).status).toBe(404);
  expect(await ask('POST', `/reps/${zoe.id}/back`)).toMatchObject({ status: 409 });
});

test('a team’s calendar is edited: what is owed moves with it in one transaction', async () => {
  const { pool } = database;
  for (let n = 0; n < 4; n += 1) await node.intake.submit([makeDemoRequest(`ann@firm${n}.example`)]);
  const due = async () =>
    (
      await pool.query<{ id: number; due_at: number }>(
        `select h.id, c.due_at from handoff h join handoff_clock c on c.handoff_id = h.id
         where c.kind = 'response' and c.stopped_at is null order by h.id`,
      )
    ).rows;
  const before = await due();
  expect(before.length).toBe(4);
  // a week in which only the day after tomorrow is worked: everything is due later than around the clock
  const day = new Date(Date.now() + 2 * 86_400_000).toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' });
  const change = { timeZone: 'UTC', hours: `${day.toLowerCase()} 08:00-20:00` };
  const edited = await ask('POST', '/teams/inbound', change);
  expect(edited).toMatchObject({ status: 200, json: { team: 'inbound', recomputed: 4 } });
  const after = await due();
  for (const [index, one] of after.entries()) expect(one.due_at).toBeGreaterThan(before[index]?.due_at as number);
  expect(await ask('POST', '/teams/inbound', { hours: 'mon-sun off' })).toMatchObject({ status: 422 });
  expect((await ask('GET', '/teams')).json.rows).toContainEqual(
    expect.objectContaining({ id: 'inbound', timeZone: 'UTC', hours: change.hours }),
  );
  expect(await askOracles(pool)).toEqual([]);
});

test('who is next, why not somebody else, and who leaves hands everything on', async () => {
  const { pool } = database;
  const next = await ask('GET', '/teams/inbound/next?intent=high&count=20');
  expect(next.json.next).toHaveLength(20);
  expect(await ask('GET', '/teams/nowhere/next')).toMatchObject({ status: 404 });
  const { rows } = await pool.query<{ id: number; owner_id: number }>(
    'select id, owner_id from handoff where owner_id is not null and closed_at is null limit 1',
  );
  const { id, owner_id: owner } = rows[0] as { id: number; owner_id: number };
  expect((await ask('GET', `/handoffs/${id}/why-not/${owner}`)).json).toEqual({ why: null });
  const { rows: others } = await pool.query<{ id: number }>(
    'select rep_id as id from team_member where rep_id <> $1 limit 1',
    [owner],
  );
  expect((await ask('GET', `/handoffs/${id}/why-not/${others[0]?.id}`)).json.why).toMatch(/eligible/);
  const left = await ask('POST', `/reps/${owner}/deactivate`);
  expect(left).toMatchObject({ status: 200, json: { rep: { active: false, openHandoffs: 0 } } });
  expect(left.json.moved).toBeGreaterThan(0);
});

test('a territory table is previewed, applied once and read back', async () => {
  const csv = 'name,to,contact.email\nfirms,team:inbound,ann@firm0.example\n';
  const preview = await ask('POST', '/territories/preview', { csv });
  expect(preview).toMatchObject({ status: 200, json: { version: 0, moving: 1 } });
  expect(await ask('POST', '/territories', { csv, expects: 0 })).toMatchObject({ status: 200, json: { rows: 1 } });
  expect(await ask('POST', '/territories', { csv, expects: 0 })).toMatchObject({ status: 409 });
  expect(await ask('POST', '/territories', { csv: 'nothing' })).toMatchObject({ status: 422 });
  expect((await ask('GET', '/territories')).json).toMatchObject({ rows: 1, csv: expect.stringContaining('firms') });
});
