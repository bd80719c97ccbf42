import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, starterPolicy } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import type { TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
let node: Node;
beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('demo-request-only')));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

test('deals that were open before deals had a clock get theirs, once, and can be won', async () => {
  await node.intake.submit([makeDemoRequest('ann@a.example')]);
  const { rows } = await database.pool.query<{ id: number; owner_id: number; deal_id: number | null }>(
    'select id, owner_id, deal_id from handoff',
  );
  const { id, owner_id, deal_id } = rows[0] as { id: number; owner_id: number; deal_id: number | null };
  const by = { kind: 'rep', id: owner_id } as const;
  const dealId = deal_id ?? 4_711;
  const change = { to: 'created', at: Date.now(), reason: null } as const;
  await node.acts.act({ handoffId: id }, { kind: 'deal-changed', by, dealId, change });
  await database.pool.query(`update contact set state = (state::jsonb #- '{handoff,close}')::text`);
  await database.pool.query(`delete from handoff_clock where kind = 'close'`);
  expect((await askOracles(database.pool)).map((breach) => breach.id)).toContain('O1');

  const sql = readFileSync(new URL('./migrations/0012_deal_clocks.sql', import.meta.url), 'utf8');
  await database.pool.query(sql);
  await database.pool.query(sql);
  expect(await askOracles(database.pool)).toEqual([]);
  const won = { to: 'won', at: Date.now(), reason: null } as const;
  const outcome = await node.acts.act({ handoffId: id }, { kind: 'deal-changed', by, dealId, change: won });
  expect(outcome.kind).toBe('done');
  expect(await askOracles(database.pool)).toEqual([]);
});
