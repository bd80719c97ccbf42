import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { findUnsetWaysInForce } from './findUnsetWays.ts';
import { publishPolicyFile, signPolicyFile } from './policyCommands.ts';

let database: TestDatabase;
let folder: string;
let file: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'baton-policy-'));
  cpSync(join(import.meta.dirname, '../../../../policies'), folder, { recursive: true });
  file = join(folder, 'demo-request-only.yaml');
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const sign = (team: 'marketing' | 'sales', person: string) => signPolicyFile(database.pool, file, { team, person });
const publish = () => publishPolicyFile(database.pool, file, { by: 'ruth@example.com' });

it('a file goes from teams that are missing to being in force, step by step, with a sentence at each', async () => {
  const noTeam = await sign('marketing', 'mia@example.com');
  expect(noTeam.exitCode).toBe(3);
  expect(noTeam.text).toContain('error unknown-team route[1].to.team');

  await database.pool.query("insert into team (id, name) values ('inbound', 'Inbound')");
  const unsigned = await publish();
  expect(unsigned).toMatchObject({ exitCode: 1, data: { error: { code: 'signature-missing' } } });

  const first = await sign('marketing', 'mia@example.com');
  expect(first).toMatchObject({ exitCode: 0, text: expect.stringContaining('Missing: the signature of sales.') });
  expect(await publish()).toMatchObject({ exitCode: 1, text: expect.stringContaining('lacks the signature of sales') });

  const second = await sign('sales', 'jonas@example.com');
  expect(second.text).toContain('Both have signed: it can be published.');
  const published = await publish();
  expect(published).toMatchObject({ exitCode: 0, data: { ok: true, seq: 1, mode: 'two-key' } });

  writeFileSync(file, readFileSync(file, 'utf8').replace('for: 7d', 'for: 6d'));
  expect(await publish()).toMatchObject({ exitCode: 1, data: { error: { code: 'signature-missing' } } });
});

it('publishing warns of each way that the policy names and nobody set up here, and says how to mend it', async () => {
  const source = readFileSync(file, 'utf8')
    .replace('fallback: { queue: triage }', 'fallback: { queue: triage, tell: managers }')
    .replace(
      /^ {2}owner: \{ via: in-app/m,
      '  managers: { via: [slack, webhook], to: War-Room }\n  crm: { via: webhook, to: crm }\n  owner: { via: [in-app, email, slack]',
    );
  writeFileSync(file, source);
  await sign('marketing', 'mia@example.com');
  await sign('sales', 'jonas@example.com');
  await database.pool.query(
    "insert into webhook (name, url, secrets, created_by) values ('war-room', 'https://a.example', '[]', 'test')",
  );
  const unset = new Map([['slack', 'set BATON_SLACK_BOT_TOKEN']] as const);
  const published = await publishPolicyFile(database.pool, file, { by: 'ruth@example.com' }, unset);
  expect(published.text.split('\n').slice(1)).toEqual([
    `${file}: warning notify.crm: no webhook is called “crm”: notices go other ways; baton webhooks add crm https://...`,
    `${file}: warning notify.managers: slack is not set up here: notices go other ways; set BATON_SLACK_BOT_TOKEN`,
    `${file}: warning notify.owner: slack is not set up here: notices go other ways; set BATON_SLACK_BOT_TOKEN`,
  ]);
  expect(published).toMatchObject({ exitCode: 0, data: { ok: true, unsetWays: [{ via: 'webhook' }, {}, {}] } });
  const inForce = await findUnsetWaysInForce(database.pool, new Map());
  expect(inForce.map(({ path }) => path)).toEqual(['notify.crm']);
});
