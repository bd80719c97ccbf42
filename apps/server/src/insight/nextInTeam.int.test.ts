import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { makeActs } from '../handoff/act.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, starterPolicy } from '../intake/intakeFixture.ts';
import { decidingOn } from '../people/decidingFixture.ts';
import { nextInTeam, whyNotThisRep } from './nextInTeam.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('demo-request-only')));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const ask = (n: number) => node.intake.submit([makeDemoRequest(`ann@firm${n}.example`)]);
const owners = async () =>
  (
    await database.pool.query<{ id: number; owner_id: number }>(
      'select id, owner_id from handoff order by qualified_at, id',
    )
  ).rows;

test('who is told to be next is who gets the next leads, caps included, and asking takes no turn', async () => {
  expect(await nextInTeam(database.pool, 'nowhere', 'high', 1)).toBeNull();
  await database.pool.query(`update rep set caps = '{"perDay": 1}' where id = 2`);
  for (let n = 0; n < 3; n += 1) await ask(n);
  const told = await nextInTeam(database.pool, 'inbound', 'high', 7);
  expect(await nextInTeam(database.pool, 'inbound', 'high', 7)).toEqual(told);
  for (let n = 3; n < 10; n += 1) await ask(n);
  expect((await owners()).slice(3).map((one) => one.owner_id)).toEqual(told?.next.map((one) => one.repId));
  expect(told?.next.every((one) => one.say.length > 0 && one.name !== null)).toBe(true);
});

test('why not me: capped, behind, or mine', async () => {
  const last = (await owners()).at(-1);
  if (last === undefined) throw new Error('expected a handoff');
  expect(await whyNotThisRep(database.pool, last.id, last.owner_id)).toBeNull();
  expect(await whyNotThisRep(database.pool, last.id, 2)).toBe('not eligible: Rep 2 has had 1 of at most 1 leads today');
  const other = [1, 3, 4, 5].find((id) => id !== last.owner_id) as number;
  expect(await whyNotThisRep(database.pool, last.id, other)).toMatch(/^eligible, /);
});

test('why not me: past the turns, by the words of the decision itself', async () => {
  const last = (await owners()).at(-1);
  if (last === undefined) throw new Error('expected a handoff');
  const other = [1, 3, 4, 5].find((id) => id !== last.owner_id) as number;
  const by = { kind: 'person', name: 'Mia', team: 'sales' } as const;
  const input = { kind: 'manager-acted', by, act: { do: 'assign', to: other } } as const;
  const done = await makeActs(decidingOn(database.pool)).act({ handoffId: last.id }, input);
  expect(done.kind).toBe('done');
  expect(await whyNotThisRep(database.pool, last.id, last.owner_id)).toBe(
    `it was nobody’s turn: given to Rep ${other} by hand`,
  );
});
