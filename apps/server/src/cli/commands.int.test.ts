import { countFunnel } from '@baton/domain/measures/counts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { FUNNEL_DIVISIONS, loadFunnel } from '../insight/funnel.ts';
import { COMMANDS } from './commandTable.ts';
import { runCommand } from './runCommand.ts';
import { makeTerminal } from './terminal.ts';

let database: TestDatabase;
let before: string | undefined;

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
  before = process.env.DATABASE_URL;
  process.env.DATABASE_URL = database.url;
  expect((await baton('demo')).code).toBe(0);
});
afterAll(async () => {
  if (before === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = before;
  await database.drop();
});

test('a handoff is listed, explained and accepted, and a second accept is told who was first', async () => {
  const { data } = await baton('handoffs', '--view', 'owed', '--limit', '200', '--json');
  // the demo moves with the clock: who comes first may have gone to their company's owner, past any team
  const { rows: byTeam } = await database.pool.query('select id, team_id from handoff where team_id is not null');
  const teamOf = new Map(byTeam.map((row) => [row.id, row.team_id]));
  const offered = data.rows.find(
    (row: { id: number; status: string; owner: unknown }) =>
      row.status === 'offered' && row.owner !== null && teamOf.has(row.id),
  );
  expect(offered.why).toMatch(/\w/);
  const explained = await baton('explain', String(offered.id), '--json');
  expect(explained.data.assignment.say).toContain(offered.owner.name);
  const inWords = (await baton('explain', String(offered.id))).out;
  // the evidence, in the sentences that the policy's own explanation gives
  expect(inWords).toMatch(/Why qualified: .*\n {2}\S.*\.\n/);
  const notMe = await baton('explain', String(offered.id), '--rep', offered.owner.name);
  expect(notMe.out).toContain(`has handoff ${offered.id}`);
  const { rows: others } = await database.pool.query('select name from rep where name <> $1 order by id limit 1', [
    offered.owner.name,
  ]);
  expect((await baton('explain', String(offered.id), '--rep', others[0].name)).out).toMatch(/^Why not .*: \S/);
  const next = await baton('next', teamOf.get(offered.id), '--intent', offered.intent, '--count', '3', '--json');
  expect(next.data.next).toHaveLength(3);
  // people read the same reason, whole
  const turns = await baton('next', teamOf.get(offered.id), '--intent', offered.intent, '--count', '3');
  expect(turns.out).toContain(next.data.next[0].say);
  expect(turns.out).not.toContain('...');
  expect((await baton('accept', String(offered.id))).code).toBe(2);
  const accepted = await baton('accept', String(offered.id), '--as', offered.owner.name);
  expect(accepted.code, accepted.notes).toBe(0);
  const again = await baton('accept', String(offered.id), '--as', offered.owner.name, '--json');
  expect(again.code).toBe(1);
  expect(JSON.parse(again.notes)).toMatchObject({ error: { code: 'already-accepted' } });
  const told = await baton('contact', offered.contact.email);
  expect(told.out).toMatch(new RegExp(`\\n.*${offered.owner.name} .* open\\n`)); // the first task, and whose it is
  expect(told.out).toMatch(new RegExp(`accepted +${offered.owner.name}`));
  const stage = await database.pool.query(
    'select c.stage from contact c join handoff h on h.contact_id = c.id where h.id = $1',
    [offered.id],
  );
  expect(stage.rows[0].stage).toBe('sql');
});

test('doctor proves the promises, and names the one that is broken with a row that shows it', async () => {
  const kept = await baton('doctor', '--promises', '--json');
  const states = new Map<string, string>(
    kept.data.findings.map((finding: { check: string; state: string }) => [finding.check, finding.state]),
  );
  expect(states.get('promise-Q1')).toBe('ok');
  expect(states.get('promise-O1')).toBe('ok');
  const { rows } = await database.pool.query(
    "update handoff_clock set stopped_at = started_at, how = 'closed' where id = (select min(id) from handoff_clock where stopped_at is null) returning id, handoff_id",
  );
  const broken = await baton('doctor', '--promises');
  expect(broken.code).toBe(3);
  expect(broken.out).toMatch(new RegExp(`PROBLEM promise-O1: Broken: .*"handoff_id":${rows[0].handoff_id}`));
  await database.pool.query('update handoff_clock set stopped_at = null, how = null where id = $1', [rows[0].id]);
});

test('doctor says by which ways of the policy in force nothing would arrive', async () => {
  const says = async () =>
    (await baton('doctor', '--json')).data.findings.filter(({ check }: { check: string }) => check === 'channels');
  expect(await says()).toEqual([expect.objectContaining({ state: 'ok' })]);
  const { rows } = await database.pool.query(
    'select v.id, v.canonical from policy_version v join policy_active a on a.version_id = v.id order by a.seq desc limit 1',
  );
  const { id, canonical } = rows[0];
  await database.pool.query('update policy_version set canonical = $2 where id = $1', [
    id,
    canonical.replace('"via":["in-app"]', '"via":["in-app","slack"]'),
  ]);
  expect(await says()).toEqual([
    {
      check: 'channels',
      state: 'note',
      says: 'notify.owner: slack is not set up here: notices go other ways; set BATON_SLACK_BOT_TOKEN.',
    },
  ]);
  await database.pool.query('update policy_version set canonical = $2 where id = $1', [id, canonical]);
});

test('a contact’s file says where each fact came from, and explain says what is missing', async () => {
  const { rows } = await database.pool.query(
    `select email from contact c where email is not null and stage is null and company_id is not null
     and not exists (select 1 from handoff where contact_id = c.id) limit 1`,
  );
  const { data } = await baton('contact', rows[0].email, '--json');
  expect(data.email).toBe(rows[0].email);
  expect(data.facts['contact.title']).toMatchObject({ source: 'Demo app', trust: 'server' });
  const explained = await baton('explain', rows[0].email, '--json');
  expect(explained.data.rule).toBeNull();
  expect(explained.data.sentences.length).toBeGreaterThan(0);
  expect(explained.data.otherwise.some((each: { then: string }) => each.then.includes('would qualify'))).toBe(true);
  const nobody = await baton('contact', 'nobody@nowhere.example');
  expect(nobody).toMatchObject({ code: 1, out: '' });
});

test('the funnel counts what the measures define, and every division adds up to the whole', async () => {
  const { rows } = await database.pool.query(
    `select h.kind, h.status, h.accepted_at is not null as accepted, h.contacted_at is not null as contacted,
       exists (select 1 from stage_entry e where e.contact_id = h.contact_id and e.to_stage = 'opportunity' and e.at >= h.qualified_at) as deal
     from handoff h left join handoff_member m on m.handoff_id = h.id where m.id is null`,
  );
  const { counts } = countFunnel(
    rows.map((row) => ({
      kind: row.kind,
      status: row.status,
      isAccepted: row.accepted,
      isContacted: row.contacted,
      hasDeal: row.deal,
      response: null,
    })),
  );
  const members = await database.pool.query('select count(*) as n from handoff_member');
  const whole = (await loadFunnel(database.pool, { by: 'all' }))[0];
  expect(whole?.won).toBeGreaterThan(0);
  // Members count as people in mql and sql; what belongs to one deal counts once.
  const alone = await database.pool.query(
    `select count(*) as n from handoff h where h.kind <> 'own' and exists (select 1 from handoff_member m where m.handoff_id = h.id)`,
  );
  expect(whole?.mql).toBe(counts.mql + members.rows[0].n + alone.rows[0].n);
  for (const by of FUNNEL_DIVISIONS) {
    const parts = await loadFunnel(database.pool, { by });
    for (const key of ['mql', 'sql', 'won', 'lost', 'deals', 'rejected'] as const) {
      expect(
        parts.reduce((sum, part) => sum + part[key], 0),
        `${by} ${key}`,
      ).toBe(whole?.[key]);
    }
  }
});

test('who leaves hands over what they hold', async () => {
  const { rows } = await database.pool.query(
    `select r.email, count(*) as n from handoff h join rep r on r.id = h.owner_id where h.closed_at is null group by 1 order by 2 desc limit 1`,
  );
  const left = await baton('rep', 'deactivate', rows[0].email, '--json');
  expect(left.code, left.notes).toBe(0);
  expect(left.data.rerouted).toBeGreaterThan(0);
  const held = await database.pool.query(
    'select h.status, count(*) as n from handoff h join rep r on r.id = h.owner_id where not r.active and h.closed_at is null group by 1',
  );
  expect(held.rows).toEqual([]);
});

test('the criteria report counts everybody once and the demo goes again', async () => {
  const { data } = await baton('report', 'criteria', '--json');
  const { rows } = await database.pool.query('select count(*) as n from contact where redirected_to is null');
  expect(data.leads).toBe(rows[0].n);
  expect(data.criteria.find((one: { id: string }) => one.id === 'hand-raiser').met.notConverted).toBeGreaterThan(0);
  expect((await baton('demo', '--remove')).code).toBe(0);
  expect((await database.pool.query('select count(*) as n from handoff')).rows[0].n).toBe(0);
});

test('a secret key has the scopes that were asked for, a write key can have none', async () => {
  const made = await baton('keys', 'add', 'setup', '--kind', 'secret', '--scopes', 'keys:write, policy:read', '--json');
  expect(made.data.row.scopes).toEqual(['keys:write', 'policy:read']);
  const usual = await baton('keys', 'add', 'backend', '--kind', 'secret', '--json');
  expect(usual.data.row.scopes).not.toContain('keys:write');
  expect((await baton('keys', 'add', 'x', '--kind', 'secret', '--scopes', 'all')).code).toBe(2);
  expect((await baton('keys', 'add', 'x', '--scopes', 'policy:read')).code).toBe(2);
});
