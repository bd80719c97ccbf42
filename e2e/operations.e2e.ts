import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../apps/server/src/access/keys.ts';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { findFreePort, type RunningNode, startNode } from './processes/startNode.ts';

let database: TestDatabase;
let key: string;
let node: RunningNode;
let dataDir: string;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ key } = await prepareCompany(database.connection));
  dataDir = mkdtempSync(join(tmpdir(), 'baton-operations-'));
  node = await startNode({ ...environment(), BATON_LOG: 'json', BATON_DRAIN_SECONDS: '2' }, await findFreePort());
});
afterAll(async () => {
  await node?.kill();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const environment = () => ({ BATON_DATA: dataDir, DATABASE_URL: database.url });
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${node.url}${path}`, { headers });
const lines = () =>
  node
    .printed()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('metrics are for a key that may read them, are OpenMetrics, and count what there is', async () => {
  expect((await get('/metrics')).status).toBe(401);
  const { key: poor } = await createKey(database.pool, {
    name: 'poor',
    kind: 'secret',
    by: 'test',
    scopes: ['policy:read'],
  });
  expect((await get('/metrics', bearer(poor))).status).toBe(403);
  const { key: scraper } = await createKey(database.pool, {
    name: 'scraper',
    kind: 'secret',
    by: 'test',
    scopes: ['metrics:read'],
  });
  const asked = await fetch(`${node.url}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
    body: JSON.stringify({
      event: 'Demo Requested',
      messageId: 'one',
      userId: 'mara@halden.example',
      context: { traits: { email: 'mara@halden.example' } },
    }),
  });
  expect(asked.status).toBe(200);
  const answer = await get('/metrics', bearer(scraper));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('application/openmetrics-text; version=1.0.0');
  const text = await answer.text();
  expect(text.endsWith('# EOF\n')).toBe(true);
  expect(text).toMatch(/^baton_handoffs_open\{status="(open|offered)"\} 1$/m);
  expect(text).toMatch(/^baton_clocks_running [12]$/m);
  expect(text).toMatch(/^baton_timer_lag_seconds 0$/m);
  expect(text).toMatch(/^baton_nodes 1$/m);
  expect(text).toMatch(/^baton_clock_lateness_seconds_bucket\{le="\+Inf"\} 0$/m);
  expect(text).toMatch(/^baton_http_answers_total\{status="4xx"\} [1-9]/m);
  expect(text).toMatch(/^baton_live_clients 0$/m);
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (TYPE|HELP|EOF)\b.*|baton_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+)$/);
});

test('a node is ready while the database has the schema of this version', async () => {
  expect(await (await get('/readyz')).json()).toMatchObject({ status: 'ready', timerLagMs: 0 });
  await database.pool.query(`insert into schema_migration (version, name, hash) values (9999, 'later', 'x')`);
  const answer = await get('/readyz');
  expect(answer.status).toBe(503);
  expect(((await answer.json()) as { detail: string }).detail).toContain('schema version 9999');
  expect((await get('/livez')).status).toBe(200);
  await database.pool.query('delete from schema_migration where version = 9999');
  expect((await get('/readyz')).status).toBe(200);
});

test('each line of the log is JSON, names requests by id and route, and nobody', async () => {
  const answer = await get('/api/v1/contacts/4711', bearer(key));
  const requestId = answer.headers.get('x-request-id');
  await expect.poll(() => lines().some((line) => line['requestId'] === requestId)).toBe(true);
  expect(lines().find((line) => line['requestId'] === requestId)).toMatchObject({
    level: 'info',
    event: 'answered',
    method: 'GET',
    route: '/api/v1/contacts/:id',
    status: answer.status,
  });
  expect(lines()[0]).toHaveProperty('at');
  expect(node.printed()).not.toContain('mara');
  expect(node.printed()).not.toContain('4711');
});

test('SIGTERM: not ready at once, serves on for a while, tells live pages when to come back, and leaves the nodes', async () => {
  const live = await get('/api/v1/live', bearer(key));
  expect(live.status).toBe(200);
  const told = live.text();
  await expect
    .poll(async () => (await (await get('/metrics', bearer(key))).text()).includes('baton_live_clients 1'), {
      timeout: 10_000,
    })
    .toBe(true);
  const stopped = node.stop();
  await expect.poll(async () => (await get('/readyz')).status, { timeout: 1_500 }).toBe(503);
  expect((await get('/livez')).status).toBe(200);
  const text = await told;
  const retries = [...text.matchAll(/^retry: (\d+)$/gm)].map((match) => Number(match[1]));
  expect(retries.length).toBe(2);
  expect(retries.at(-1)).toBeGreaterThan(2_000);
  await stopped;
  expect((await database.pool.query('select count(*) as n from node')).rows).toEqual([{ n: 0 }]);
  expect(lines().filter((line) => line['event'] === 'stopping')).toMatchObject([{ signal: 'SIGTERM' }]);
});
