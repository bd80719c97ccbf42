/** The second leg through the real database: rows, clocks, deal, and the way back. */
import type { Input, RepAct } from '@baton/domain/handoff/input.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { loadLegs } from '../insight/legs.ts';
import { furnish, makeDemoRequest, type Node, offeringPolicy, putInForce, startNode } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { makeUndoAct } from './undoAct.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool, 2);
  await database.pool.query(`insert into team (id, name) values ('ae', 'Account executives')`);
  for (const name of ['Eva', 'Fin']) {
    const { rows } = await database.pool.query<{ id: number }>(
      'insert into rep (name, email) values ($1, $2) returning id',
      [name, `${name.toLowerCase()}@sales.example`],
    );
    await database.pool.query(`insert into team_member (team_id, rep_id) values ('ae', $1)`, [rows[0]?.id]);
  }
  const legs = `legs:
  - { id: sdr-to-ae, when: meeting-booked, to: { team: ae }, accept: { by: rep, within: 1wd }, promise: { contact-within: 1wd }, deal-owner: ae }
`;
  await putInForce(database.pool, offeringPolicy().replace('\nnotify:\n', `\n${legs}\nnotify:\n`));
  node = startNode(database.pool);
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

type Row = {
  id: number;
  contact_id: number;
  owner_id: number;
  team_id: string;
  status: string;
  accepted_at: number;
  contacted_at: number;
};
const handoffOf = async (): Promise<Row> => {
  const { rows } = await database.pool.query<Row>('select * from handoff order by id desc limit 1');
  return rows[0] as Row;
};
const act = async (handoffId: number, by: number, what: RepAct): Promise<void> => {
  const input: Input = { kind: 'rep-acted', by: { kind: 'rep', id: by }, act: what };
  expect(await node.acts.act({ handoffId }, input)).toMatchObject({ kind: 'done' });
};

test('passed on by a booked meeting it has clocks and a turn of its own; accepted, the deal is the next owner’s; both legs are on record', async () => {
  await node.intake.submit([makeDemoRequest('ann@firm1.example')]);
  const offered = await handoffOf();
  const sdr = offered.owner_id;
  await act(offered.id, sdr, { do: 'accept' });
  const first = await handoffOf();
  await act(offered.id, sdr, { do: 'log-contact', channel: 'meeting', outcome: 'booked', note: null, at: Date.now() });
  const passed = await handoffOf();
  expect(passed.status).toBe('offered');
  expect(passed.owner_id).not.toBe(sdr);
  // Reports count the first leg: whose lead it was, and when it was accepted.
  expect(passed).toMatchObject({ team_id: 'inbound', accepted_at: first.accepted_at });
  await act(offered.id, passed.owner_id, { do: 'accept' });
  const deal = await database.pool.query<{ owner_id: number }>('select owner_id from deal where handoff_id = $1', [
    offered.id,
  ]);
  expect(deal.rows).toEqual([{ owner_id: passed.owner_id }]);
  await act(offered.id, passed.owner_id, {
    do: 'log-contact',
    channel: 'call',
    outcome: 'connected',
    note: null,
    at: Date.now(),
  });
  const legs = await database.pool.query<{ rep_id: number; how: string }>(
    'select rep_id, how from handoff_offer where handoff_id = $1 order by at, decision_id',
    [offered.id],
  );
  expect(legs.rows).toEqual([
    { rep_id: sdr, how: 'ledger' },
    { rep_id: passed.owner_id, how: 'leg' },
  ]);
  const kept = await database.pool.query<{ owner_id: number; how: string }>(
    `select owner_id, how from handoff_clock where handoff_id = $1 and kind = 'response' order by id`,
    [offered.id],
  );
  expect(kept.rows).toEqual([
    { owner_id: sdr, how: 'kept' },
    { owner_id: passed.owner_id, how: 'kept' },
  ]);
  expect(await handoffOf()).toMatchObject({ status: 'working', accepted_at: first.accepted_at });
  expect(await loadLegs(database.pool)).toEqual([
    { leg: 'first', handoffs: 1, contacted: 1, kept: 1, medianMs: expect.any(Number) },
    { leg: 'second', handoffs: 1, contacted: 1, kept: 1, medianMs: expect.any(Number) },
  ]);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('handed back with a good reason it is the first rep’s again, and the second team’s turns are as if it had not been', async () => {
  await node.intake.submit([makeDemoRequest('bob@firm2.example')]);
  const { id, owner_id: sdr } = await handoffOf();
  await act(id, sdr, { do: 'accept' });
  const before = await database.pool.query(`select balances from ledger where team_id = 'ae'`);
  await act(id, sdr, { do: 'pass-on', leg: null, to: null, note: null });
  const { owner_id: ae } = await handoffOf();
  await act(id, ae, { do: 'hand-back', reason: 'wrong-territory' });
  expect(await handoffOf()).toMatchObject({ status: 'open', owner_id: sdr, team_id: 'inbound' });
  const balances = (rows: { balances: string }[]): unknown =>
    (JSON.parse(rows[0]?.balances ?? '[]') as [number, string, number][]).map(([rep, balance]) => [rep, balance]);
  const after = await database.pool.query(`select balances from ledger where team_id = 'ae'`);
  expect(balances(after.rows)).toEqual(balances(before.rows));
  expect(await askOracles(database.pool)).toEqual([]);
});

test('taken back at once, acceptance leaves the first leg as it was, and gives the deal back', async () => {
  await node.intake.submit([makeDemoRequest('cyd@firm3.example')]);
  const { id, contact_id: contactId, owner_id: sdr } = await handoffOf();
  await act(id, sdr, { do: 'accept' });
  const { accepted_at: acceptedAt } = await handoffOf();
  await act(id, sdr, { do: 'pass-on', leg: null, to: null, note: null });
  const { owner_id: ae } = await handoffOf();
  await act(id, ae, { do: 'accept' });
  const ownerOfDeal = async (): Promise<number | undefined> =>
    (await database.pool.query<{ owner_id: number }>('select owner_id from deal where handoff_id = $1', [id])).rows[0]
      ?.owner_id;
  expect(await ownerOfDeal()).toBe(ae);
  expect(await makeUndoAct(node.acts)(contactId, { kind: 'rep', id: ae })).toMatchObject({ kind: 'done' });
  expect(await handoffOf()).toMatchObject({ status: 'offered', owner_id: ae, accepted_at: acceptedAt });
  expect(await ownerOfDeal()).toBe(sdr);

  await act(id, ae, { do: 'accept' });
  await act(id, ae, { do: 'reject', reason: 'wrong-owner', detail: null });
  const { owner_id: second } = await handoffOf();
  expect(second).not.toBe(ae);
  await act(id, second, { do: 'accept' });
  expect(await ownerOfDeal()).toBe(second);
  expect(await makeUndoAct(node.acts)(contactId, { kind: 'rep', id: second })).toMatchObject({ kind: 'done' });
  expect(await handoffOf()).toMatchObject({ status: 'offered', owner_id: second });
  expect(await ownerOfDeal()).toBe(ae);
  expect(await askOracles(database.pool)).toEqual([]);
});
