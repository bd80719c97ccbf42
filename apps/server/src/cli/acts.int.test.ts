import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { takeActivity } from '../evidence/takeActivity.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { COMMANDS } from './commandTable.ts';
import { runCommand } from './runCommand.ts';
import { makeTerminal } from './terminal.ts';

let database: TestDatabase;
let node: Node;
let before: string | undefined;

const baton = async (...words: string[]) => {
  let out = '';
  let notes = '';
  const terminal = makeTerminal({ write: (each) => (out += each) }, { write: (each) => (notes += each) });
  const code = await runCommand(words, COMMANDS, terminal, '0');
  return { code, out, notes, data: words.includes('--json') && out !== '' ? JSON.parse(out) : null };
};

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  before = process.env['DATABASE_URL'];
  process.env['DATABASE_URL'] = database.url;
});
afterAll(async () => {
  if (before === undefined) delete process.env['DATABASE_URL'];
  else process.env['DATABASE_URL'] = before;
  await node.intake.stop();
  await database.drop();
});

test('every act of a rep has its verb: log, task, park, undo, deal, and who may not is told why', async () => {
  const person = 'verbs@own-lead.example';
  const [ada, bo] = ['Rep 1', 'Rep 2'];
  await node.intake.submit([makeDemoRequest(person, { type: 'identify', name: 'identify' })]);
  const run = async (...words: string[]) => {
    const done = await baton(...words, '--json');
    expect(done.code, `${words.join(' ')}: ${done.notes}`).toBe(0);
    return done.data;
  };
  const { handoff } = await run('own-lead', person, '--as', ada, '--note', 'an old colleague');
  const id = String(handoff);
  const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await run(
    'log',
    id,
    '--as',
    ada,
    '--channel',
    'call',
    '--outcome',
    'connected',
    '--next',
    'email',
    '--next-due',
    day,
  );
  const { tasks } = await run('task', 'list', '--rep', ada, '--limit', '1000');
  const task = tasks.find((one: { handoffId: number }) => one.handoffId === handoff);
  expect(task).toMatchObject({ type: 'email' });
  await run('task', 'done', String(task.id), '--as', ada);
  expect((await baton('reject', id, 'bad-fit', '--as', bo)).notes).toContain(`it is ${ada}’s`);
  await run('park', id, '--until', day, '--as', ada);
  await run('undo', id, '--as', ada);
  const statusOf = async () =>
    (await database.pool.query<{ status: string }>('select status from handoff where id = $1', [handoff])).rows[0]
      ?.status;
  expect(await statusOf()).toBe('working');
  const made = await run('deal', 'create', id, '--amount', '120000', '--currency', 'EUR', '--as', ada);
  expect(made.say).toContain('deal');
  const { rows } = await database.pool.query<{ id: number }>('select id from deal where handoff_id = $1', [handoff]);
  await run('deal', 'move', String(rows[0]?.id), 'contract', '--as', ada);
  await run('deal', 'close', String(rows[0]?.id), '--won', '--as', ada);
  expect(await statusOf()).toBe('won');
  expect((await baton('withdraw', person, 'colossal', '--by', 'Mia')).code).toBe(2);
  await run('withdraw', person, 'by-hand', '--by', 'Mia');
});

test('what was seen and nobody was found for is listed and resolved; a merge is undone by the address it brought', async () => {
  const { pool } = database;
  await node.intake.submit([makeDemoRequest('seen@firm1.example'), makeDemoRequest('other@firm2.example')]);
  await takeActivity(
    { pool, acts: node.acts },
    {
      source: 'dialer',
      externalId: 'call-1',
      at: Date.now(),
      channel: 'call',
      outcome: 'connected',
      automated: false,
      who: { userId: null, email: null, phone: '+49 30 1234567' },
      agent: null,
      note: null,
    },
  );
  const { data } = await baton('activity', 'list', '--state', 'unmatched', '--json');
  expect(data.activities).toMatchObject([{ phone: '+49 30 1234567', outcome: 'connected' }]);
  const id = String(data.activities[0].id);
  expect((await baton('activity', 'resolve', id, 'nobody@firm1.example')).code).toBe(1);
  const resolved = await baton('activity', 'resolve', id, 'seen@firm1.example', '--by', 'Mia', '--json');
  expect(resolved.data, resolved.notes).toMatchObject({ state: 'counted' });
  expect((await baton('activity', 'dismiss', id)).notes).toContain('counted already (Mia)');

  const idOf = async (email: string) =>
    (await pool.query<{ id: number }>('select contact_id as id from identity_key where value = $1', [email])).rows[0]
      ?.id;
  const [one, other] = [(await idOf('seen@firm1.example')) ?? 0, (await idOf('other@firm2.example')) ?? 0];
  await node.acts.merge(one, other, { kind: 'person', name: 'Mia', team: 'sales' });
  const undone = await baton('contact', 'unmerge', 'other@firm2.example', '--json');
  expect(undone.data, undone.notes).toMatchObject({ contactId: other, survivorId: one });
  expect(await idOf('other@firm2.example')).toBe(other);
});

test('a calendar is set up, shown without its secret, and removed', async () => {
  const set = await baton('hook', 'set', 'cal-com', '--json');
  expect(set.data).toMatchObject({ path: '/hooks/cal-com', secret: expect.stringMatching(/^[\w-]{32}$/) });
  const listed = await baton('hook', 'list', '--json');
  expect(listed.data.hooks).toMatchObject([
    { calendar: 'cal-com', set: true },
    { calendar: 'calendly', set: false },
  ]);
  expect(listed.out).not.toContain(set.data.secret);
  expect((await baton('hook', 'set', 'outlook')).code).toBe(2);
  expect((await baton('hook', 'remove', 'cal-com')).code).toBe(0);
  expect((await baton('hook', 'remove', 'cal-com')).code).toBe(1);
});
