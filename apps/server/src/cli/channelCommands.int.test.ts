import { afterAll, beforeAll, expect, test } from 'vitest';
import { markRefused } from '../channels/mail/refusedAddresses.ts';
import { type SlackDouble, startSlackDouble } from '../channels/slack/slackDouble.ts';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { COMMANDS } from './commandTable.ts';
import { runCommand } from './runCommand.ts';
import { makeTerminal } from './terminal.ts';

const KEYS = ['DATABASE_URL', 'BATON_SLACK_BOT_TOKEN', 'BATON_SLACK_API_URL'] as const;
const before = KEYS.map((name) => [name, process.env[name]] as const);
let database: TestDatabase;
let slack: SlackDouble;

/** Runs a command as people do, on the test's database. */
const baton = async (...words: string[]) => {
  let out = '';
  let notes = '';
  const terminal = makeTerminal({ write: (each) => (out += each) }, { write: (each) => (notes += each) });
  const code = await runCommand(words, COMMANDS, terminal, '0');
  return { code, out, notes };
};

beforeAll(async () => {
  database = await createTestDatabase();
  slack = await startSlackDouble();
  slack.addUser('U02ABC', 'ana@private.example');
  process.env.DATABASE_URL = database.url;
  await database.pool.query(`insert into rep (id, name, email) values (1, 'Ana', 'ana@company.example')`);
});
afterAll(async () => {
  for (const [name, value] of before)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  await slack.stop();
  await database.drop();
});

test('a rep is mapped to their member of Slack; who or what is wrong is named', async () => {
  expect((await baton('channels', 'map', 'ana@company.example', 'U02ABC')).notes).toContain('BATON_SLACK_BOT_TOKEN');
  process.env.BATON_SLACK_BOT_TOKEN = slack.token;
  process.env.BATON_SLACK_API_URL = slack.apiUrl;
  const nobody = await baton('channels', 'map', 'bo@company.example', 'U02ABC');
  expect([nobody.code, nobody.notes]).toEqual([1, expect.stringContaining('No active rep')]);
  const stranger = await baton('channels', 'map', 'ana@company.example', 'U0NONE');
  expect([stranger.code, stranger.notes]).toEqual([1, expect.stringContaining('knows nobody by U0NONE')]);
  expect((await baton('channels', 'map', 'Ana@company.example', 'U02ABC')).code).toBe(0);
  const { rows } = await database.pool.query('select rep_id, user_id from slack_link');
  expect(rows).toEqual([{ rep_id: 1, user_id: 'U02ABC' }]);
});

test('an address whose mails came back is allowed again, once, and its alert goes', async () => {
  await markRefused(database.pool, 'Ana@company.example', 7, '550 no such user');
  const { rows } = await database.pool.query('select say from alert where closed_at is null');
  expect(rows).toEqual([{ say: expect.stringContaining('baton channels allow') }]);
  expect((await baton('channels', 'allow', 'ana@company.example')).code).toBe(0);
  expect((await baton('channels', 'allow', 'ana@company.example')).code).toBe(1);
  expect((await database.pool.query('select 1 from alert where closed_at is null')).rowCount).toBe(0);
});
