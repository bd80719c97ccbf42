import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { COMMANDS } from './commandTable.ts';
import { runCommand } from './runCommand.ts';
import { makeTerminal } from './terminal.ts';

let database: TestDatabase;
const before = process.env.DATABASE_URL;

/** Runs a command as people do, on the test's database. */
const baton = async (...words: string[]) => {
  let out = '';
  let notes = '';
  const terminal = makeTerminal({ write: (each) => (out += each) }, { write: (each) => (notes += each) });
  const code = await runCommand(words, COMMANDS, terminal, '0');
  return { code, out, notes, data: words.includes('--json') && out !== '' ? JSON.parse(out) : null };
};

beforeAll(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_URL = database.url;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = before;
  await database.drop();
});

test('somebody is invited by a link that is printed, gets another role, is locked out and let in again', async () => {
  const invited = await baton('account', 'invite', 'Ana@Acme.example', '--role', 'rep', '--name', 'Ana Lind');
  expect([invited.code, invited.out]).toEqual([
    0,
    expect.stringMatching(/^http:\/\/localhost:4600\/welcome#[\w-]{43}\n$/),
  ]);
  expect(invited.notes).toContain('counts once');
  const first = await baton(
    'account',
    'invite',
    'boss@acme.example',
    '--role',
    'admin',
    '--role',
    'marketing',
    '--json',
  );
  expect(first.data).toMatchObject({
    account: { email: 'boss@acme.example', roles: ['admin', 'marketing'], state: 'invited' },
    mailed: false,
    address: expect.stringContaining('/welcome#'),
  });
  expect((await baton('account', 'list', '--json')).data.accounts).toMatchObject([
    { name: 'Ana Lind', email: 'ana@acme.example', roles: ['rep'], state: 'invited' },
    { email: 'boss@acme.example' },
  ]);
  expect((await baton('account', 'list')).out).toContain('ana@acme.example');
  const changed = await baton('account', 'role', 'ana@acme.example', '--role', 'sales-manager', '--json');
  expect(changed.data.account.roles).toEqual(['sales-manager']);
  await database.pool.query(`update account set state = 'active'`);
  const reset = await baton('account', 'reset-password', 'ana@acme.example');
  expect(reset.out).toMatch(/^http:\/\/localhost:4600\/new-password#[\w-]{43}\n$/);
  expect((await baton('account', 'deactivate', 'ana@acme.example')).notes).toContain('deactivated');
  expect(
    (
      await database.pool.query(
        'select 1 from account_link l join account a on a.id = l.account_id where a.email like $1',
        ['ana%'],
      )
    ).rowCount,
  ).toBe(0);
  expect((await baton('account', 'activate', 'ana@acme.example', '--json')).data.account.state).toBe('active');
});

test('what cannot be done is said with its code', async () => {
  for (const [words, code] of [
    [['account', 'invite', 'boss@acme.example', '--role', 'rep'], 'address-taken'],
    [['account', 'invite', 'no address', '--role', 'rep'], 'address-invalid'],
    [['account', 'deactivate', 'nobody@acme.example'], 'account-unknown'],
    [['account', 'deactivate', 'boss@acme.example'], 'last-admin'],
    [['account', 'role', 'boss@acme.example', '--role', 'rep'], 'last-admin'],
    [['account', 'invite', 'x@acme.example', '--role', 'rep', '--rep', '99'], 'rep-unknown'],
  ] as const) {
    const { code: exit, out, notes } = await baton(...words, '--json');
    expect([words.join(' '), exit, `${out}${notes}`.includes(code)]).toEqual([words.join(' '), 1, true]);
  }
  expect((await baton('account', 'invite', 'y@acme.example')).code).toBe(2);
});

test('a key says until when it counts', async () => {
  await baton('keys', 'add', 'sync', '--kind', 'secret', '--days', '30');
  await baton('keys', 'add', 'site');
  const { data } = await baton('keys', 'list', '--json');
  const days = (data.keys as { name: string; expiresAt: number | null }[]).map(({ name, expiresAt }) => [
    name,
    expiresAt === null ? null : Math.round((expiresAt - Date.now()) / 86_400_000),
  ]);
  expect(days).toEqual([
    ['site', null],
    ['sync', 30],
  ]);
  expect((await baton('keys', 'list')).out).toContain('valid until');
});
