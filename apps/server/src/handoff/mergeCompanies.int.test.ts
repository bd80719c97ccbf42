import type { Actor } from '@baton/domain/handoff/input.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { furnish, makeDemoRequest, type Node, putInForce, starterPolicy, startNode } from '../intake/intakeFixture.ts';
import { reevaluateDue } from '../intake/reevaluate.ts';
import { askOracles } from '../leaks/askOracles.ts';

const SALES: Actor = { kind: 'person', name: 'Jonas', team: 'sales' };

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  await putInForce(database.pool, starterPolicy('fit-and-engagement'), () => Buffer.from('rival.example\n'));
  node = startNode(database.pool);
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const ask = async (email: string): Promise<number> => {
  const [receipt] = await node.intake.submit([makeDemoRequest(email)]);
  if (receipt?.outcome !== 'accepted') throw new Error(JSON.stringify(receipt));
  return receipt.contactId as number;
};
type Row = { id: number; contact_id: number; company_id: number; status: string; deal_id: number | null };
const handoffOf = async (contactId: number): Promise<Row | undefined> =>
  (
    await database.pool.query<Row>(
      'select id, contact_id, company_id, status, deal_id from handoff where contact_id = $1 order by id desc limit 1',
      [contactId],
    )
  ).rows[0];

test('a person of two companies is one: the handoff that survives and its deal are of one company, the other is free', async () => {
  const one = await ask('ann@north.example');
  const before = (await handoffOf(one)) as Row;
  const other = await ask('ann@south.example');
  const [north, south] = [before.company_id, ((await handoffOf(other)) as Row).company_id];
  expect(north).not.toBe(south);
  // ann@north is due first, so her handoff survives, and goes over to the survivor's company
  expect((await node.acts.merge(other, one, SALES)).kind).toBe('done');
  const { rows: open } = await database.pool.query<Row>(
    'select id, contact_id, company_id, status, deal_id from handoff where closed_at is null',
  );
  expect(open).toMatchObject([{ id: before.id, contact_id: other, company_id: south }]);
  const { rows: deals } = await database.pool.query(
    `select id from deal where status = 'open' and company_id is distinct from $1`,
    [south],
  );
  expect(deals).toEqual([]);
  // north is free: a colleague there is handed off and joins nobody; at south a colleague joins
  const bo = await ask('bo@north.example');
  expect(await handoffOf(bo)).toMatchObject({ company_id: north });
  const cy = await ask('cy@south.example');
  expect(await handoffOf(cy)).toBeUndefined();
  const { rows: members } = await database.pool.query('select contact_id, handoff_id from handoff_member');
  expect(members).toEqual([{ contact_id: cy, handoff_id: before.id }]);
  await reevaluateDue({ pool: database.pool, references: node.references, ids: node.ids });
  expect(await askOracles(database.pool)).toEqual([]);
});

test('a deal that is won and was not the one policy made is the deal of the handoff', async () => {
  const contactId = await ask('dora@west.example');
  const handoff = (await handoffOf(contactId)) as Row;
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into deal (id, company_id, created_at, updated_at, pipeline_id, stage_id, made_by, name)
     values (nextval('decision_id_seq') + 200, $1, now_ms(), now_ms(), 'sales', 'contract', 'crm', 'From the CRM') returning id`,
    [handoff.company_id],
  );
  const dealId = rows[0]?.id as number;
  const won = await node.acts.act(
    { contactId },
    { kind: 'deal-changed', by: SALES, dealId, change: { to: 'won', at: Date.now(), reason: null } },
  );
  expect(won).toMatchObject({ kind: 'done' });
  expect(await handoffOf(contactId)).toMatchObject({ status: 'won', deal_id: dealId });
  const { rows: open } = await database.pool.query(`select id from deal where status = 'open' and company_id = $1`, [
    handoff.company_id,
  ]);
  expect(open).toEqual([]);
  expect(await askOracles(database.pool)).toEqual([]);
});
