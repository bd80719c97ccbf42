import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { basic } from './badInputs/testServer.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { findFreePort, startNode } from './processes/startNode.ts';

const MAIN = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url));

let database: TestDatabase;
let key: string;
beforeAll(async () => {
  database = await createTestDatabase();
  ({ key } = await prepareCompany(database.connection));
});
afterAll(() => database.drop());

test('the link that the terminal shows signs in once, and a signal ends the server with every answer given', async () => {
  const node = await startNode({ DATABASE_URL: database.url });
  const link = /^Open (http:\/\/localhost:\d+\/\?key=[\w-]{43})$/m.exec(node.printed())?.[1];
  expect(link).toBeDefined();
  const opened = await fetch((link ?? '').replace('localhost', '127.0.0.1'));
  expect(opened.headers.get('set-cookie')).toContain('baton_session=');
  expect((await fetch((link ?? '').replace('localhost', '127.0.0.1'))).status).toBe(401);

  const acknowledged: string[] = [];
  let sent = 0;
  let stopping = false;
  const sending = Array.from({ length: 8 }, async () => {
    while (!stopping) {
      sent += 1;
      const messageId = `stop-${sent}`;
      const body = JSON.stringify({ messageId, userId: `stop-${sent % 50}`, event: 'Read' });
      const answer = await fetch(`${node.url}/v1/track`, {
        method: 'POST',
        headers: { authorization: basic(key) },
        body,
      }).catch(() => null);
      if (answer?.status === 200 && ((await answer.json()) as { accepted: number }).accepted === 1)
        acknowledged.push(messageId);
      else if (answer !== null) expect(answer.status).toBe(503);
    }
  });
  await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(100);
  const started = performance.now();
  await node.stop();
  stopping = true;
  await Promise.all(sending);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(node.printed()).toContain('Stopping');
  const kept = await database.pool.query<{ message_key: string }>(
    `select message_key from message_seen where message_key like 'stop-%'`,
  );
  const there = new Set(kept.rows.map((row) => row.message_key));
  expect(acknowledged.filter((messageId) => !there.has(messageId))).toEqual([]);
});

test.each([
  ['a port that is taken', async () => ({ BATON_PORT: new URL((await startedNode()).url).port }), /Port \d+ is taken/],
  ['a port that is none', async () => ({ BATON_PORT: 'eighty' }), /BATON_PORT=eighty/],
  ['a database that is not there', async () => ({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }), /database/i],
])('%s is said in a sentence, not in a trace', async (_, environment, says) => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      DATABASE_URL: database.url,
      BATON_PORT: String(await findFreePort()),
      ...(await environment()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  const [code] = (await once(child, 'exit')) as [number];
  await running?.stop();
  running = null;
  expect(code).toBe(1);
  expect(printed).toMatch(says);
  expect(printed).not.toMatch(/\n\s+at /);
});

let running: Awaited<ReturnType<typeof startNode>> | null = null;
const startedNode = async () => {
  running = await startNode({ DATABASE_URL: database.url });
  return running;
};
