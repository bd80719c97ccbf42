import { expect } from 'vitest';
import { createKey } from '../../apps/server/src/access/keys.ts';
import { createSignInLink } from '../../apps/server/src/access/signIn.ts';
import { readConfig } from '../../apps/server/src/config.ts';
import { createTestDatabase, type TestDatabase } from '../../apps/server/src/database/testDatabase.ts';
import { askOracles } from '../../apps/server/src/leaks/askOracles.ts';
import { TEST_KEY } from '../../apps/server/src/outbox/outboxFixture.ts';
import { type RunningServer, startServer } from '../../apps/server/src/startServer.ts';
import { prepareCompany } from '../processes/prepareCompany.ts';

/** The whole server over a database of its own, with a company that works: reps, a policy in force, keys, a session. */
export type TestServer = {
  readonly url: string;
  readonly database: TestDatabase;
  readonly writeKey: string;
  readonly secretKey: string;
  readonly cookie: string;
  readonly mistakes: unknown[];
  readonly server: RunningServer;
  readonly stop: () => Promise<void>;
};

export const startTestServer = async (): Promise<TestServer> => {
  const database = await createTestDatabase();
  const { key: secretKey } = await prepareCompany(database.connection);
  const { key: writeKey } = await createKey(database.pool, { name: 'website', kind: 'write', by: 'test' });
  const mistakes: unknown[] = [];
  const server = await startServer({
    config: readConfig({ BATON_PORT: '0', BATON_SECRET_KEY: TEST_KEY.toString('hex') }),
    connection: database.connection,
    onMistake: (error) => mistakes.push(error),
  });
  const { token } = await createSignInLink(database.pool);
  const opened = await fetch(`${server.url}/?key=${token}`);
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    url: server.url,
    database,
    writeKey,
    secretKey,
    cookie,
    mistakes,
    server,
    async stop() {
      await server.stop();
      await database.drop();
    },
  };
};

/** An answer with its text already read. */
export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the suite looks into answers of every shape
  readonly json: any;
};

/** Words that no answer may hold: traces, SQL, paths of ours, drivers. */
const TELLTALES =
  /\n\s+at |node_modules|\.ts:\d|\bselect\b.+\bfrom\b|insert into|\/apps\/server|PostgresError|pg_|duplicate key value|syntax error at|baton_sk_/i;

/** Sends a request and holds its answer to what every answer must be: in time, below 500 unless told, telling nothing. */
export const ask = async (
  server: Pick<TestServer, 'url'>,
  path: string,
  init: RequestInit & { readonly limitMs?: number; readonly mayFail?: boolean } = {},
): Promise<Answered> => {
  const started = performance.now();
  const response = await fetch(`${server.url}${path}`, { redirect: 'manual', ...init });
  const text = await response.text();
  expect(performance.now() - started).toBeLessThan(init.limitMs ?? 2_000);
  if (init.mayFail !== true)
    expect([path, response.status < 500 || response.status === 501, text.slice(0, 300)]).toMatchObject([
      path,
      true,
      text.slice(0, 300),
    ]);
  expect(text).not.toMatch(TELLTALES);
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  if (response.status >= 400 && isJson) {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status: response.status,
      code: expect.any(String),
      requestId: expect.any(String),
    });
  }
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
};

/** What must hold after every case: the server answers, nothing was polluted or a mistake of ours, and no lead leaked. */
export const expectSound = async (server: TestServer): Promise<void> => {
  const started = performance.now();
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  expect(server.mistakes).toEqual([]);
  // what a rep who left had is handed on by the next reevaluation, within seconds
  await expect.poll(() => askOracles(server.database.pool), { timeout: 15_000, interval: 250 }).toEqual([]);
};

/** Basic auth as Segment's clients send a key. */
export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
