import type { ContactState } from '@baton/domain/handoff/state.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { readState } from '../handoff/storedState.ts';
import {
  furnish,
  makeDemoRequest,
  makeEvent,
  type Node,
  putInForce,
  starterPolicy,
  startNode,
} from './intakeFixture.ts';
import { POLICY_CAUSE, reevaluateDue } from './reevaluate.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  node = startNode(database.pool);
});

afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const stateOf = async (email: string): Promise<ContactState> => {
  const { rows } = await database.pool.query<{ state: string }>(
    'select state from contact where email = $1 and redirected_to is null',
    [email],
  );
  expect(rows).toHaveLength(1);
  return readState(rows[0]?.state ?? '{}');
};
const handoffs = async (): Promise<number> => {
  const { rows } = await database.pool.query<{ n: number }>('select count(*)::int as n from handoff');
  return rows[0]?.n ?? -1;
};
/** What publishing writes. */
const lookAtAll = () =>
  database.pool.query(
    `insert into reevaluation (contact_id, cause, at) select id, $1, now_ms() from contact
    where redirected_to is null`,
    [POLICY_CAUSE],
  );

test('a policy that comes into force knows what was done before it, and hands nobody off for it', async () => {
  const deps = { pool: database.pool, references: node.references, ids: node.ids };
  const visitor = { anonymousId: 'early-visitor' };
  await node.intake.submit([
    makeEvent({ type: 'page', name: 'page', identity: visitor, properties: { path: '/pricing' } }),
    makeEvent({ type: 'page', name: 'page', identity: visitor, properties: { path: '/pricing' }, marks: ['bot'] }),
  ]);
  await node.intake.submit([
    makeEvent({ type: 'identify', name: 'identify', identity: { ...visitor, email: 'early@firm.example' } }),
    makeDemoRequest('early@firm.example'),
  ]);
  expect((await stateOf('early@firm.example')).signals).toEqual({});

  const policy = await putInForce(database.pool, starterPolicy('fit-and-engagement'), () =>
    Buffer.from('rival.example\n'),
  );
  await lookAtAll();
  expect(await reevaluateDue(deps)).toBeGreaterThan(0);

  const state = await stateOf('early@firm.example');
  const pairsOf = (key: string | undefined) => state.signals[key ?? ''] ?? [];
  expect(pairsOf(policy.actions.get('demo')?.key)).toHaveLength(1);
  expect(pairsOf(policy.actions.get('pricing-3')?.key)).toHaveLength(1);
  expect(state.metBefore).toEqual(['hand-raiser']);
  expect(await handoffs()).toBe(0);

  await lookAtAll();
  await reevaluateDue(deps);
  expect((await stateOf('early@firm.example')).signals).toEqual(state.signals);

  await node.intake.submit([makeDemoRequest('early@firm.example')]);
  expect(await handoffs()).toBe(1);
});
