import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { askOracles } from '../leaks/askOracles.ts';
import type { IncomingEvent, Receipt, Submit } from './incomingEvent.ts';
import {
  furnish,
  makeDemoRequest,
  makeEvent,
  type Node,
  putInForce,
  starterPolicy,
  startNode,
} from './intakeFixture.ts';
import type { NodeAnswer } from './intakeNodeProcess.ts';

let database: TestDatabase;
let here: Node;
let there: ChildProcess;
let submitThere: Submit;

beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  await putInForce(database.pool, starterPolicy('demo-request-only'));
  here = startNode(database.pool);
  ({ child: there, submit: submitThere } = await startProcess());
});

afterAll(async () => {
  there.kill();
  await here.intake.stop();
  await database.drop();
});

/** A second node in a process of its own. */
async function startProcess(): Promise<{ child: ChildProcess; submit: Submit }> {
  const child = fork(
    fileURLToPath(new URL('./intakeNodeProcess.ts', import.meta.url)),
    [JSON.stringify(database.connection)],
    { serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'] },
  );
  const waiting = new Map<
    number,
    { resolve: (receipts: readonly Receipt[]) => void; reject: (error: Error) => void }
  >();
  let next = 1;
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the node process ended with ${code}`)));
  });
  child.on('message', (answer: NodeAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asked?.reject(new Error(answer.error));
    else asked?.resolve(answer.receipts);
  });
  await ready;
  return {
    child,
    submit: (batch) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        child.send({ id, batch });
      }),
  };
}

const nodes = (): readonly Submit[] => [here.intake.submit, submitThere];
const send = (events: readonly IncomingEvent[]): Promise<Receipt[]> =>
  Promise.all(events.map((event, index) => (nodes()[index % 2] as Submit)([event]))).then(
    (all) => all.flat() as Receipt[],
  );

const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  (await database.pool.query<{ count: number }>(sql, values)).rows[0]?.count ?? -1;

test('of 50 copies of one event at two nodes at once, one counts', async () => {
  const event = makeEvent({ messageKey: 'fifty', identity: { anonymousId: 'copied' } });
  const receipts = await send(Array.from({ length: 50 }, () => event));
  const outcomes = receipts.map((receipt) => receipt.outcome);
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(49);
  expect(
    await count(
      `select count(*) from event e join identity_key k on k.contact_id = e.contact_id where k.value = 'copied'`,
    ),
  ).toBe(1);
});

test('concurrent identifies of one person over different keys end in one contact', async () => {
  const email = 'gil@gears.example';
  const events = Array.from({ length: 24 }, (_, n) =>
    makeEvent({
      type: 'identify',
      name: 'identify',
      identity: { email, anonymousId: `browser-${n % 6}` },
      trust: 'server',
      sourceId: 3,
    }),
  );
  const receipts = await send(events);
  expect(new Set(receipts.map((receipt) => receipt.outcome))).toEqual(new Set(['accepted']));
  expect(
    await count(
      `select count(distinct coalesce(r.survivor_id, k.contact_id)) from identity_key k
       left join contact_redirect r on r.contact_id = k.contact_id where k.value = $1 or k.value like 'browser-%'`,
      [email],
    ),
  ).toBe(1);
});

test('several people of one company at once: one company, one handoff that the others join', async () => {
  const receipts = await send(Array.from({ length: 12 }, (_, n) => makeDemoRequest(`person${n}@hub.example`)));
  expect(new Set(receipts.map((receipt) => receipt.outcome))).toEqual(new Set(['accepted']));
  expect(await count(`select count(*) from company where domain = 'hub.example'`)).toBe(1);
  const companyHandoffs = `select count(*) from handoff h join company c on c.id = h.company_id where c.domain = 'hub.example'`;
  expect(await count(companyHandoffs)).toBe(1);
  expect(
    await count(
      `select count(*) from handoff_member m join handoff h on h.id = m.group_id join company c on c.id = h.company_id
       where c.domain = 'hub.example' and m.left_at is null`,
    ),
  ).toBe(11);
});

test('400 leads at concurrency 50 over two nodes to five equal reps: 80 each, whatever was before', async () => {
  const before = await database.pool.query<{ winner: number; count: number }>(
    'select winner, count(*) from ledger_step group by winner',
  );
  const had = new Map(before.rows.map((row) => [row.winner, row.count]));
  const leads = Array.from({ length: 400 }, (_, n) => makeDemoRequest(`lead${n}@firm${n}.example`));
  const queue = [...leads.entries()];
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        const [index, lead] = one;
        const [receipt] = await (nodes()[index % 2] as Submit)([lead]);
        expect(receipt?.outcome).toBe('accepted');
      }
    }),
  );
  const after = await database.pool.query<{ winner: number; count: number }>(
    'select winner, count(*) from ledger_step group by winner order by winner',
  );
  const total = after.rows.reduce((sum, row) => sum + row.count, 0);
  expect(after.rows).toHaveLength(5);
  for (const row of after.rows) expect(Math.abs(row.count - total / 5)).toBeLessThan(1);
  expect(after.rows.reduce((sum, row) => sum + row.count - (had.get(row.winner) ?? 0), 0)).toBe(400);
});

test('afterwards every promise is kept', async () => {
  expect(await askOracles(database.pool)).toEqual([]);
});
