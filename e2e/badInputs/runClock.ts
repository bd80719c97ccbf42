import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { BadInput } from './catalogue.ts';
import { ask, basic, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let people = 0;

/** New people who each asked for a demo; answers their handoffs. */
const makeLeads = async (server: TestServer, count: number): Promise<readonly { id: number; owner_id: number }[]> => {
  const users = Array.from({ length: count }, (_, n) => `clock-${people + n}`);
  people += count;
  const batch = users.flatMap((userId) => [
    { type: 'identify', userId, traits: { email: `m@${userId}.example` } },
    { type: 'track', userId, event: 'Demo Requested' },
  ]);
  const sent = await ask(server, '/v1/batch', {
    method: 'POST',
    headers: { authorization: basic(server.secretKey) },
    body: JSON.stringify({ batch }),
  });
  expect(sent.json.accepted).toBe(2 * count);
  const { rows } = await server.database.pool.query<{ id: number; owner_id: number }>(
    `select h.id, h.owner_id from handoff h join identity_key k on k.contact_id = h.contact_id
     where k.kind = 'user' and k.value = any($1)`,
    [users],
  );
  expect(rows.length).toBe(count);
  return rows;
};

const ids = (handoffs: readonly { id: number }[]): readonly number[] => handoffs.map(({ id }) => id);

const stepsOf = async (server: TestServer, handoffs: readonly { id: number }[]): Promise<number> => {
  const { rows } = await server.database.pool.query<{ n: number }>(
    'select count(*) as n from clock_step where handoff_id = any($1)',
    [ids(handoffs)],
  );
  return rows[0]?.n ?? 0;
};

/** Makes the response clocks of handoffs owe in `ms` from now, in the row and in the state. */
const oweIn = async (server: TestServer, handoffs: readonly { id: number }[], ms: number): Promise<void> => {
  await server.database.pool.query(
    `with due as (select now_ms() + $2::int8 as at),
       clocks as (
         update handoff_clock set due_at = due.at, next_at = due.at
         from due where handoff_id = any($1) and kind = 'response' and stopped_at is null)
     update contact c set state = jsonb_set(c.state::jsonb #- '{handoff,response,nextAt}',
         '{handoff,response,dueAt}', to_jsonb(due.at))::text
     from handoff h, due where h.id = any($1) and c.id = h.contact_id`,
    [ids(handoffs), ms],
  );
};

const responses = async (server: TestServer, handoffs: readonly { id: number }[]) =>
  (
    await server.database.pool.query<{ id: number; due_at: number; how: string | null; breached: boolean }>(
      `select h.id, k.due_at, k.how, h.breached from handoff h
       join lateral (select * from handoff_clock k where k.handoff_id = h.id and k.kind = 'response' order by k.id desc limit 1) k on true
       where h.id = any($1) order by h.id`,
      [ids(handoffs)],
    )
  ).rows;

/** Each case of the area by its id. */
export const RUN_CLOCK: { readonly [caseId: string]: Run } = {
  'CLK-02': async (server) => {
    const handoffs = await makeLeads(server, 2);
    const real = Date.now;
    try {
      for (const jump of [90 * DAY_MS, -90 * DAY_MS, HOUR_MS, -HOUR_MS]) {
        Date.now = () => real() + jump;
        await delay(1_500);
        expect(await stepsOf(server, handoffs)).toBe(0);
      }
      // it is late by the database's clock, and the process believes that it is ninety days early
      Date.now = () => real() - 90 * DAY_MS;
      await oweIn(server, handoffs, 300);
      await expect.poll(() => stepsOf(server, handoffs), { timeout: 10_000 }).toBeGreaterThan(0);
      const fired = await stepsOf(server, handoffs);
      await delay(2_000);
      expect(await stepsOf(server, handoffs)).toBe(fired);
    } finally {
      Date.now = real;
    }
    const { rows } = await server.database.pool.query(
      'select 1 from clock_step where handoff_id = any($1) and fired_at < planned_at',
      [ids(handoffs)],
    );
    expect(rows).toEqual([]);
  },

  'CLK-04': async (server) => {
    const handoffs = await makeLeads(server, 20);
    await oweIn(server, handoffs, 400);
    await delay(350);
    const answers = await Promise.all(
      handoffs.map(({ id, owner_id }) =>
        ask(server, `/api/v1/handoffs/${id}/log-contact`, {
          method: 'POST',
          headers: { authorization: `Bearer ${server.secretKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ as: owner_id, channel: 'call', outcome: 'connected' }),
          limitMs: 10_000,
        }),
      ),
    );
    for (const { status } of answers) expect([200, 409]).toContain(status);
    await delay(1_500);
    for (const { how, breached } of await responses(server, handoffs)) {
      expect(['kept', 'broken']).toContain(how);
      expect(breached).toBe(how === 'broken');
    }
  },

  'CLK-05': async (server) => {
    const setCalendar = (timeZone: string, hours: string) =>
      ask(server, '/api/v1/teams/inbound', {
        method: 'POST',
        headers: { cookie: server.cookie, 'x-baton': '1', 'content-type': 'application/json', origin: server.url },
        body: JSON.stringify({ timeZone, hours }),
        limitMs: 10_000,
      });
    expect((await setCalendar('Europe/Berlin', 'Mon-Sun 00:00-23:59')).status).toBe(200);
    const [running, broken] = [await makeLeads(server, 1), await makeLeads(server, 1)];
    await oweIn(server, broken, 300);
    await expect.poll(async () => (await responses(server, broken))[0]?.breached, { timeout: 10_000 }).toBe(true);
    const before = [...(await responses(server, running)), ...(await responses(server, broken))];
    const edited = await setCalendar('Asia/Tokyo', 'Mon-Fri 10:00-11:00');
    expect(edited.status).toBe(200);
    expect(edited.json.recomputed).toBeGreaterThan(0);
    const after = [...(await responses(server, running)), ...(await responses(server, broken))];
    // four hours of an hour a day are days away
    expect(after[0]?.due_at).toBeGreaterThan((before[0]?.due_at ?? 0) + DAY_MS);
    expect(after[1]).toMatchObject({ breached: true });
    const { rows } = await server.database.pool.query(
      `select 1 from decision d join handoff h on h.contact_id = d.contact_id
       where h.id = any($1) and d.outcome = 'replanned'`,
      [ids(running)],
    );
    expect(rows.length).toBe(1);
  },
};
