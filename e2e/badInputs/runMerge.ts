import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { publishPolicy } from '../../apps/server/src/agreement/publishPolicy.ts';
import { withEngine } from '../../apps/server/src/cli/engine.ts';
import { listReps } from '../../apps/server/src/people/listReps.ts';
import { addRep, deactivateRep } from '../../apps/server/src/people/reps.ts';
import { setMember } from '../../apps/server/src/people/teams.ts';
import { expectOk } from '../processes/expectOk.ts';
import { signVersion } from '../processes/signVersion.ts';
import type { BadInput } from './catalogue.ts';
import { authOf, sendCase } from './sendCase.ts';
import { ask, basic, type TestServer } from './testServer.ts';

const POLICY = new URL('../../policies/demo-request-only.yaml', import.meta.url);
const PLACE = '  sales-managers: { via: slack, to: "#sales-managers" }';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;

let people = 0;

/** A new person who asked for a demo, and so has a handoff; answers the contact's id. */
const makeLead = async (server: TestServer): Promise<number> => {
  people += 1;
  const userId = `merge-${people}`;
  const batch = [
    { type: 'identify', userId, traits: { email: `m@merge${people}.example` } },
    { type: 'track', userId, event: 'Demo Requested' },
  ];
  const sent = await ask(server, '/v1/batch', {
    method: 'POST',
    headers: { authorization: basic(server.secretKey) },
    body: JSON.stringify({ batch }),
  });
  expect(sent.json.accepted).toBe(2);
  const found = await server.database.pool.query<{ contact_id: number }>(
    `select contact_id from identity_key where kind = 'user' and value = $1`,
    [userId],
  );
  return found.rows[0]?.contact_id ?? 0;
};

const merge = (server: TestServer, bad: BadInput, survivorId: number, loserId: number) =>
  sendCase(server, bad, {
    body: JSON.stringify({ survivorId, loserId }),
    headers: { 'content-type': 'application/json' },
  });

const openOf = async (server: TestServer, ids: readonly number[]) =>
  (
    await server.database.pool.query<{ id: number; owner_id: number | null; due_at: number }>(
      'select id, owner_id, due_at from handoff where contact_id = any($1::int8[]) and closed_at is null',
      [ids],
    )
  ).rows;

const homeOf = async (server: TestServer, id: number): Promise<number> =>
  (
    await server.database.pool.query<{ id: number }>(
      'select survivor_id as id from contact_redirect where contact_id = $1',
      [id],
    )
  ).rows[0]?.id ?? id;

/** Each case of the area by its id. The reps are switched off by the last ones. */
export const RUN_MERGE: { readonly [caseId: string]: Run } = {
  'MRG-01': async (server, bad) => {
    const [a, b] = [await makeLead(server), await makeLead(server)];
    const before = await openOf(server, [a, b]);
    expect(before).toHaveLength(2);
    expect(new Set(before.map((handoff) => handoff.owner_id)).size).toBe(2);
    expect((await merge(server, bad, a, b)).json).toEqual({ contactId: a, merged: true });
    const after = await openOf(server, [a, b]);
    expect(after).toHaveLength(1);
    expect(after[0]?.due_at).toBe(Math.min(...before.map((handoff) => handoff.due_at)));
    const kept = await server.database.pool.query<{ n: number }>(
      'select count(*) as n from event where contact_id = any($1::int8[])',
      [[a, b]],
    );
    expect(kept.rows[0]?.n).toBe(4);
    const gone = before.find((handoff) => handoff.id !== after[0]?.id);
    const told = await server.database.pool.query('select 1 from notification where rep_id = $1 and about = $2', [
      gone?.owner_id,
      'merged',
    ]);
    expect(told.rowCount).toBeGreaterThan(0);
  },
  'MRG-02': async (server, bad) => {
    const [a, b, c] = [await makeLead(server), await makeLead(server), await makeLead(server)];
    expect((await merge(server, bad, a, b)).json.merged).toBe(true);
    expect((await merge(server, bad, a, b)).json).toEqual({ contactId: a, merged: false });
    expect((await merge(server, bad, b, a)).json).toEqual({ contactId: a, merged: false });
    const self = await merge(server, bad, a, a);
    expect([self.status, self.json.code]).toEqual([422, 'invalid_field']);
    expect((await merge(server, bad, c, b)).json.merged).toBe(true);
    const home = await homeOf(server, a);
    expect(await Promise.all([a, b, c].map((id) => homeOf(server, id)))).toEqual([home, home, home]);
    const [d, e] = [await makeLead(server), await makeLead(server)];
    const both = await Promise.all([merge(server, bad, d, e), merge(server, bad, e, d), merge(server, bad, d, e)]);
    expect(both.filter((answer) => answer.json.merged === true)).toHaveLength(1);
    expect(await homeOf(server, d)).toBe(await homeOf(server, e));
    expect(
      (
        await ask(server, '/api/v1/contacts/merge', {
          method: 'POST',
          headers: { ...authOf(server, bad), 'content-type': 'application/json' },
          body: '{"survivorId":1,"loserId":99999999}',
        })
      ).status,
    ).toBe(404);
  },
  'MRG-04': async (server) => {
    const { pool } = server.database;
    const added = await addRep(pool, { name: 'Zed', email: 'zed@sales.example' });
    if (!added.ok) throw new Error(added.error.say);
    expect(await setMember(pool, 'inbound', 'zed@sales.example', 100)).toMatchObject({ ok: true });
    await Promise.all(Array.from({ length: 20 }, () => makeLead(server)));
    const leads = Promise.all(Array.from({ length: 100 }, () => makeLead(server)));
    expect(await withEngine(pool, ({ deciding }) => deactivateRep(deciding, 'zed@sales.example'))).toMatchObject({
      ok: true,
    });
    await leads;
    await expect
      .poll(
        async () =>
          (await pool.query('select 1 from handoff where owner_id = $1 and closed_at is null', [added.value])).rowCount,
        { timeout: 20_000 },
      )
      .toBe(0);
    const lost = await pool.query(
      'select 1 from handoff where closed_at is null and owner_id is null and queue_id is null',
    );
    expect(lost.rowCount).toBe(0);
  },
  'MRG-05': async (server) => {
    const { pool } = server.database;
    const source = readFileSync(POLICY, 'utf8')
      .replace('queue: triage }\n\npromise:', 'queue: triage, tell: sales-managers }\n\npromise:')
      .replace(/^notify:$/m, `notify:\n${PLACE}`);
    const version = await signVersion(pool, source);
    expectOk(await publishPolicy(pool, { versionId: version.id, by: 'Mia' }));
    for (const { email } of await listReps(pool))
      expect(await withEngine(pool, ({ deciding }) => deactivateRep(deciding, email))).toMatchObject({ ok: true });
    const contact = await makeLead(server);
    const found = await pool.query<{ status: string; queue_id: string; clocks: number }>(
      `select status, queue_id, (select count(*) from handoff_clock where handoff_id = handoff.id and stopped_at is null) as clocks
       from handoff where contact_id = $1`,
      [contact],
    );
    expect(found.rows).toEqual([{ status: 'queued', queue_id: 'triage', clocks: 1 }]);
    const told = await pool.query<{ tell: string }>(
      'select tell from notification where contact_id = $1 and queue_id is not null',
      [contact],
    );
    expect(told.rows).toEqual([{ tell: 'sales-managers' }]);
    const sent = await pool.query<{ channel: string; place: string; about: string }>(
      'select channel, place, about from delivery where contact_id = $1 and place is not null',
      [contact],
    );
    expect(sent.rows).toEqual([{ channel: 'slack', place: '#sales-managers', about: 'queued' }]);
  },
};
