import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, starterPolicy } from '../intake/intakeFixture.ts';
import { markAway, markBack } from './absences.ts';
import { decidingOn } from './decidingFixture.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('demo-request-only')));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const ask = async (from: number, to: number): Promise<void> => {
  for (let n = from; n < to; n += 1) await node.intake.submit([makeDemoRequest(`ann@firm${n}.example`)]);
};
const granted = async () =>
  (
    await database.pool.query<{ lines: string }>(`select lines from ledger_step where kind = 'granted' order by seq`)
  ).rows.map(({ lines }) => JSON.parse(lines) as { repId: number; accrued: string }[]);
const awayFor = async (rep: string, from: number, to: number): Promise<void> => {
  const deciding = decidingOn(database.pool);
  expect((await markAway(deciding, rep, { handoffs: 'keep' })).ok).toBe(true);
  await ask(from, to);
  expect((await markBack(deciding, rep)).ok).toBe(true);
};

test('back from an absence, a team that catches up grants what was missed, once and zero-sum; another team nothing', async () => {
  const [first] = (
    await database.pool.query<{ id: number; email: string; members: number }>(
      `select id, email, (select count(*)::int from team_member where team_id = 'inbound') as members from rep
     where exists (select 1 from team_member where rep_id = rep.id and team_id = 'inbound') order by id limit 1`,
    )
  ).rows;
  if (first === undefined) throw new Error('no rep');
  await awayFor(first.email, 0, first.members);
  expect(await granted()).toEqual([]);
  await database.pool.query(`update team set catch_up = true where id = 'inbound'`);
  await awayFor(first.email, 100, 100 + first.members);
  const steps = await granted();
  expect(steps).toHaveLength(1);
  const lines = steps[0] ?? [];
  const share = BigInt(first.members) * (1_000_000_000n / BigInt(first.members));
  expect(lines.find(({ repId }) => repId === first.id)?.accrued).toBe(String(share));
  expect(lines.reduce((sum, { accrued }) => sum + BigInt(accrued), 0n)).toBe(0n);
  // Away and back without a lead in between: nothing was missed, nothing is granted twice.
  await awayFor(first.email, 0, 0);
  expect(await granted()).toHaveLength(1);
});
