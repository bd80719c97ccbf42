import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
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
