import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import type { Activity } from './activity.ts';
import { type EvidenceDeps, takeActivity } from './takeActivity.ts';
import { dismissActivity, listActivities, resolveActivity } from './unmatched.ts';

let database: TestDatabase;
let node: Node;
let deps: EvidenceDeps;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  deps = { pool: database.pool, acts: node.acts };
});
afterAll(async () => {
  expect(await askOracles(database.pool)).toEqual([]);
  await node.intake.stop();
  await database.drop();
});

let serial = 0;
const lead = async (phone?: string) => {
  serial += 1;
  const email = `person${serial}@firm${serial}.example`;
  const identity = { email, userId: `u-${serial}`, ...(phone === undefined ? {} : { phone }) };
  const [receipt] = await node.intake.submit([makeDemoRequest(email, { identity })]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  const contactId = receipt.contactId as number;
  const { rows } = await database.pool.query<{ id: number; owner_id: number }>(
    'select id, owner_id from handoff where contact_id = $1',
    [contactId],
  );
  return { email, userId: `u-${serial}`, contactId, handoffId: rows[0]?.id as number, ownerId: rows[0]?.owner_id };
};
const activity = (more: Partial<Activity>): Activity => {
  serial += 1;
  return {
    source: 'dialer',
    externalId: `call-${serial}`,
    at: Date.now(),
    channel: 'call',
    outcome: 'connected',
    automated: false,
    who: { userId: null, email: null, phone: null },
    agent: null,
    note: null,
    ...more,
  };
};
const who = (more: Partial<Activity['who']>) => ({ userId: null, email: null, phone: null, ...more });
const responseOf = async (handoffId: number) =>
  (
    await database.pool.query<{ how: string | null; evidence: string | null }>(
      `select how, evidence from handoff_clock where handoff_id = $1 and kind = 'response' order by id desc limit 1`,
      [handoffId],
    )
  ).rows[0];
const statusOf = async (contactId: number) =>
  (await database.pool.query<{ lead_status: string }>('select lead_status from contact where id = $1', [contactId]))
    .rows[0]?.lead_status;

test('a call that somebody answered stops the clock, with the source as its evidence; sent again it counts once', async () => {
  const ada = await lead();
  const call = activity({ who: who({ email: ` ${ada.email.toUpperCase()} ` }) });
  const first = await takeActivity(deps, call);
  expect(first).toMatchObject({
    state: 'counted',
    duplicate: false,
    contactId: ada.contactId,
    handoffId: ada.handoffId,
  });
  expect(await responseOf(ada.handoffId)).toEqual({ how: 'kept', evidence: 'call: connected, seen by dialer' });
  expect(await statusOf(ada.contactId)).toBe('connected');
  expect(await takeActivity(deps, call)).toMatchObject({ id: first.id, state: 'counted', duplicate: true });
  const together = await Promise.all(
    [1, 2, 3].map(() => takeActivity(deps, activity({ ...call, externalId: 'twice' }))),
  );
  expect(together.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  const { rows } = await database.pool.query('select 1 from timeline where contact_id = $1 and kind = $2', [
    ada.contactId,
    'contact',
  ]);
  expect(rows).toHaveLength(2);
});

test.each([
  ['voicemail', 'attempted-to-contact', 'kept'],
  ['sent', 'attempted-to-contact', 'kept'],
  ['no-show', 'attempted-to-contact', 'kept'],
  ['replied', 'connected', 'kept'],
  ['booked', 'connected', 'kept'],
  ['bounced', null, null],
  ['wrong-number', null, null],
  ['cancelled', null, null],
] as const)('%s is what the table says', async (outcome, status, how) => {
  const one = await lead();
  const taken = await takeActivity(deps, activity({ outcome, who: who({ userId: one.userId }) }));
  expect(taken.state).toBe('counted');
  expect((await responseOf(one.handoffId))?.how ?? null).toBe(how);
  expect(await statusOf(one.contactId)).toBe(status);
});

test('what a machine did, what was before the handoff, and what is about no open handoff is kept and stops nothing', async () => {
  const one = await lead();
  const named = who({ email: one.email });
  const machine = await takeActivity(
    deps,
    activity({ automated: true, outcome: 'sent', channel: 'email', who: named }),
  );
  expect(machine).toMatchObject({ state: 'noted', why: expect.stringContaining('machine') });
  const before = await takeActivity(deps, activity({ at: Date.now() - 86_400_000, who: named }));
  expect(before).toMatchObject({ state: 'noted', why: expect.stringContaining('before the handoff') });
  expect((await responseOf(one.handoffId))?.how).toBeNull();
  await node.acts.act(
    { contactId: one.contactId },
    { kind: 'withdrawn', by: { kind: 'person', name: 'Mia', team: 'sales' }, cause: 'by-hand' },
  );
  expect(await takeActivity(deps, activity({ who: named }))).toMatchObject({
    state: 'noted',
    handoffId: null,
    why: expect.stringContaining('no handoff'),
  });
});

test('a number finds whoever alone has it, or alone has an open handoff; of several a person says', async () => {
  const one = await lead('+49 30 1234567');
  const call = await takeActivity(deps, activity({ who: who({ phone: '0049 (30) 123-4567' }) }));
  expect(call).toMatchObject({ state: 'counted', contactId: one.contactId });
  const other = await lead('+49 30 1234567');
  const doubtful = await takeActivity(deps, activity({ who: who({ phone: '+49301234567' }) }));
  expect(doubtful).toMatchObject({ state: 'unmatched', why: '2 people have this number' });
  const resolved = await resolveActivity(deps, doubtful.id, other.contactId, 'Mia');
  expect(resolved).toMatchObject({ kind: 'resolved', receipt: { state: 'counted', contactId: other.contactId } });
  expect((await responseOf(other.handoffId))?.how).toBe('kept');
  expect(await resolveActivity(deps, doubtful.id, other.contactId, 'Max')).toEqual({
    kind: 'settled',
    by: 'Mia',
    state: 'counted',
  });
});

test('what nobody is known by waits in the list until a person dismisses it', async () => {
  const stray = await takeActivity(deps, activity({ who: who({ email: 'stranger@nowhere.example' }) }));
  expect(stray).toMatchObject({ state: 'unmatched', contactId: null });
  const listed = await listActivities(database.pool, { state: 'unmatched', after: 0, limit: 10 });
  expect(listed.map(({ id }) => id)).toContain(stray.id);
  expect(await dismissActivity(deps, stray.id, 'Mia')).toMatchObject({ kind: 'resolved' });
  expect(await dismissActivity(deps, stray.id, 'Max')).toMatchObject({ kind: 'settled', by: 'Mia' });
  expect(await dismissActivity(deps, 999_999, 'Max')).toEqual({ kind: 'not-found' });
});

test('a rep of ours who calls somebody in a queue has claimed them thereby', async () => {
  await database.pool.query(`update rep set selling = false`);
  const waiting = await lead();
  await database.pool.query(`update rep set selling = true`);
  expect(waiting.ownerId).toBeNull();
  const unknown = await takeActivity(deps, activity({ who: who({ email: waiting.email }) }));
  expect(unknown).toMatchObject({ state: 'unmatched', why: expect.stringContaining('queue') });
  const called = await takeActivity(
    deps,
    activity({ who: who({ email: waiting.email }), agent: 'REP2@sales.example' }),
  );
  expect(called).toMatchObject({ state: 'counted' });
  const { rows } = await database.pool.query('select status, owner_id from handoff where id = $1', [waiting.handoffId]);
  expect(rows[0]).toEqual({ status: 'working', owner_id: 2 });
});
