import type { HandoffDetail } from '@baton/contract/handoffs.ts';
import type { Role } from '@baton/domain/access/roles.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../../access/accountFixture.ts';
import { makePolicyLoader } from '../../agreement/activePolicy.ts';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { makeEvent, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import { registerHandoffRoutes } from '../live/handoffRoutes.ts';
import { registerActRoutes } from './actRoutes.ts';
import { type Ask, startApi, type TestApi } from './apiFixture.ts';

let database: TestDatabase;
let node: Node;
let ask: Ask;
let made: TestApi;

beforeAll(async () => {
  made = await startApi(`${offeringPolicy()}\nmanual: { by: marketing, needs: [note], at-most: 1/day }\n`);
  ({ database, node, ask } = made);
  registerHandoffRoutes(made.app, { ...made.api, ...makePolicyLoader() });
  const deciding = { pool: database.pool, references: node.references, ids: node.ids };
  registerActRoutes(made.app, { ...made.api, acts: node.acts, deciding, now: Date.now });
});
afterAll(() => made.stop());

const someone = async (email: string): Promise<number> => {
  const [receipt] = await node.intake.submit([makeEvent({ type: 'identify', name: 'identify', identity: { email } })]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  return receipt.contactId as number;
};

test('a lead named by hand is handed off as often as the policy says; what may be done with it is said with why not', async () => {
  const contact = await someone('ann@firm.example');
  const path = `/contacts/${contact}/fast-track`;
  expect(await ask('POST', path, { intent: 'high' })).toMatchObject({ status: 422, json: { code: 'invalid_field' } });
  expect(await ask('POST', path, { intent: 'colossal', note: 'x' })).toMatchObject({ status: 422 });
  const done = await ask('POST', path, { intent: 'high', note: 'met at the fair' });
  expect(done).toMatchObject({ status: 200, json: { contactId: contact, handoffId: expect.any(Number) } });

  const second = await ask('POST', `/contacts/${await someone('bo@firm2.example')}/fast-track`, {
    intent: 'high',
    note: 'met at the fair',
  });
  expect(second).toMatchObject({ status: 409, json: { code: 'fast_track_limit' } });
  expect(JSON.stringify(second.json)).toContain('1 of at most 1 a day');

  const actions = async () => {
    const { json } = await ask('GET', `/handoffs/${done.json.handoffId}`);
    return new Map(
      (json.actions as { do: string; allowed: boolean; why: string | null }[]).map((one) => [one.do, one]),
    );
  };
  const before = await actions();
  expect(before.get('accept')).toMatchObject({ allowed: true, why: null });
  expect(before.get('claim')).toMatchObject({ allowed: false, why: 'Claim: it is offered and not accepted yet' });
  const detail = await ask('GET', `/handoffs/${done.json.handoffId}`);
  const accepted = await ask('POST', `/handoffs/${done.json.handoffId}/accept`, {
    as: detail.json.row.owner.id,
  });
  expect(accepted.status).toBe(200);
  const after = await actions();
  expect(after.get('accept')).toMatchObject({ allowed: false, why: expect.stringContaining('accepted') });
  // what is said to be allowed is, and what is said not to be is refused in the same words
  const refused = await ask('POST', `/handoffs/${done.json.handoffId}/accept`, {
    as: detail.json.row.owner.id,
  });
  expect(refused.status).toBe(409);
  expect(JSON.stringify(refused.json)).toContain(after.get('accept')?.why);
});

/** A rep's own lead, open with them: where most acts are legal. */
const ownLead = async (email: string, as = 1) => {
  const contactId = await someone(email);
  const { json } = await ask('POST', `/contacts/${contactId}/own-lead`, { as, note: 'an old colleague' });
  return { contactId, handoffId: json.handoffId as number, handoff: `/handoffs/${json.handoffId}` };
};
const statusOf = async (handoffId: number) => (await ask('GET', `/handoffs/${handoffId}`)).json.row.status;

test('a rep brings a lead, logs a contact with a next step, and completes its tasks', async () => {
  const { handoffId, handoff } = await ownLead('own@firm10.example');
  expect(await statusOf(handoffId)).toBe('open');
  const dueAt = new Date(Date.now() + 86_400_000).toISOString();
  const logged = await ask('POST', `${handoff}/log-contact`, {
    as: 1,
    channel: 'call',
    outcome: 'connected',
    next: { type: 'email', title: 'Send the offer', dueAt },
  });
  expect(logged).toMatchObject({ status: 200, json: { outcome: 'worked' } });
  const listed = await ask('GET', '/tasks?rep=1');
  const task = (listed.json.rows as { id: number; title: string; handoffId: number }[]).find(
    (one) => one.handoffId === handoffId,
  );
  expect(task).toMatchObject({ title: 'Send the offer', dueAt });
  expect(await ask('POST', `/tasks/${task?.id}/done`, { as: 2 })).toMatchObject({ status: 403 });
  expect(await ask('POST', `/tasks/${task?.id}/done`, { as: 1 })).toMatchObject({ status: 200 });
  expect(await ask('POST', `/tasks/${task?.id}/done`, { as: 1 })).toMatchObject({
    status: 409,
    json: { code: 'conflict', by: 'Rep 1' },
  });
});

test('a deal is made, moved and won; a lost one needs a reason of the policy', async () => {
  const { handoffId, handoff } = await ownLead('deal@firm11.example');
  const deal = { as: 1, handoffId, name: 'Ten seats', amountMinor: 120_000, currency: 'EUR' };
  expect(await ask('POST', '/deals', { ...deal, currency: undefined })).toMatchObject({ status: 422 });
  expect(await ask('POST', '/deals', { ...deal, stage: 'colossal' })).toMatchObject({
    status: 422,
    json: { code: 'invalid_field' },
  });
  expect(await ask('POST', '/deals', { ...deal, as: 2 })).toMatchObject({ status: 403 });
  const made = await ask('POST', '/deals', deal);
  expect(made).toMatchObject({ status: 200, json: { outcome: 'dealt', dealId: expect.any(Number) } });
  expect(await statusOf(handoffId)).toBe('deal');
  const path = `/deals/${made.json.dealId}`;
  expect(await ask('POST', `${path}/move`, { as: 1, stage: 'contract' })).toMatchObject({ status: 200 });
  expect(await ask('POST', `${path}/move`, { as: 1, stage: 'contract' })).toMatchObject({ status: 409 });
  expect(await ask('POST', `${path}/close`, { as: 1, how: 'lost' })).toMatchObject({ status: 422 });
  const detail = await ask('GET', handoff);
  expect(detail.json.deal).toMatchObject({ name: 'Ten seats', stage: 'Contract sent', status: 'open' });
  expect(await ask('POST', `${path}/close`, { as: 1, how: 'won' })).toMatchObject({ status: 200 });
  expect(await statusOf(handoffId)).toBe('won');
  expect(await ask('POST', `${path}/close`, { as: 1, how: 'won' })).toMatchObject({
    status: 409,
    json: { by: 'Rep 1' },
  });
});

test('what was just done can be taken back by whoever did it, and the list of actions says until when', async () => {
  const { contactId, handoffId, handoff } = await ownLead('undo@firm12.example');
  const undoOf = async (as: number) => {
    const { json } = await ask('GET', `${handoff}/actions?as=${as}`);
    return (json.actions as { do: string }[]).find((one) => one.do === 'undo');
  };
  await ask('POST', `${handoff}/park`, { as: 1, until: new Date(Date.now() + 86_400_000).toISOString() });
  expect(await undoOf(1)).toMatchObject({ allowed: true, until: expect.any(String) });
  expect(await undoOf(2)).toMatchObject({ allowed: false, why: expect.stringContaining('somebody else') });
  expect(await ask('POST', `${handoff}/undo`, { as: 2 })).toMatchObject({ status: 403 });
  expect(await ask('POST', `${handoff}/undo`, { as: 1 })).toMatchObject({ status: 200, json: { outcome: 'undone' } });
  expect(await statusOf(handoffId)).toBe('open');
  expect(await ask('POST', `${handoff}/undo`, { as: 1 })).toMatchObject({ status: 409 });
  await ask('POST', `${handoff}/reject`, { as: 1, reason: 'no-intent' });
  await database.pool.query(
    `update act_undo set act = jsonb_set(act::jsonb, '{at}', '1000')::text where contact_id = $1`,
    [contactId],
  );
  expect(await ask('POST', `/contacts/${contactId}/undo`, { as: 1 })).toMatchObject({
    status: 409,
    json: { code: 'too_late' },
  });
});

test('a handoff comes with the policy’s reasons to reject it, and what one’s roles leave out says so', async () => {
  const { handoff } = await ownLead('reasons@firm13.example');
  const bySession = async (roles: readonly Role[], email?: string) => {
    const { headers } = await signIn(database, roles, email === undefined ? {} : { email });
    const reply = await made.app.inject({
      method: 'GET',
      url: `/api/v1${handoff}`,
      headers: { host: 'localhost', ...headers },
    });
    expect(reply.statusCode, reply.body).toBe(200);
    const json = reply.json() as HandoffDetail;
    return { reasons: json.rejectReasons, of: (id: string) => json.actions.find((one) => one.do === id) };
  };
  const { rows } = await database.pool.query<{ email: string }>('select email from rep where id = 1');
  const owner = await bySession(['rep'], rows[0]?.email);
  expect(owner.of('reject')).toMatchObject({ allowed: true, why: null });
  expect(owner.reasons.find(({ id }) => id === 'wrong-owner')).toEqual({
    id: 'wrong-owner',
    then: 'The lead goes to the right owner.',
    ask: [],
    reroutes: true,
    why: null,
  });
  expect(owner.reasons.find(({ id }) => id === 'no-intent')?.then).toContain('goes back to lead');
  // the core lets all of sales assign; a rep's roles do not, and the answer of the act itself says the same
  expect(owner.of('assign')).toMatchObject({ allowed: false, why: expect.stringContaining('Your roles may not') });
  const marketer = await bySession(['marketing']);
  expect(marketer.of('reject')).toMatchObject({ allowed: false, why: expect.stringContaining('Your roles may not') });
  expect(marketer.reasons).toEqual([]);
  const manager = await bySession(['sales-manager']);
  expect(manager.of('assign')).toMatchObject({ allowed: true, why: null });
});

test('a contact is taken back from sales for a cause, and its stage is set by hand', async () => {
  const { contactId, handoffId } = await ownLead('back@firm13.example');
  const withdrawn = await ask('POST', `/contacts/${contactId}/withdraw`, { cause: 'competitor' });
  expect(withdrawn).toMatchObject({ status: 200, json: { outcome: 'withdrawn', handoffId: null } });
  expect(await statusOf(handoffId)).toBe('withdrawn');
  const other = await someone('stage@firm14.example');
  expect(await ask('POST', `/contacts/${other}/stage`, { stage: 'sql', ownerId: 99 })).toMatchObject({
    status: 422,
  });
  const set = await ask('POST', `/contacts/${other}/stage`, { stage: 'sql', ownerId: 3 });
  expect(set.status).toBe(200);
  expect((await ask('GET', `/handoffs/${set.json.handoffId}`)).json.row).toMatchObject({
    status: 'open',
    owner: { id: 3 },
  });
});

test('two who were merged by mistake are two again, once', async () => {
  const [survivorId, loserId] = [await someone('one@firm20.example'), await someone('two@firm21.example')];
  expect(await ask('POST', `/contacts/${loserId}/unmerge`)).toMatchObject({ status: 409 });
  expect(await ask('POST', '/contacts/merge', { survivorId, loserId })).toMatchObject({
    json: { merged: true },
  });
  const undone = await ask('POST', `/contacts/${loserId}/unmerge`);
  expect(undone).toMatchObject({ status: 200, json: { contactId: loserId, survivorId, notes: [] } });
  expect((await ask('GET', `/contacts/${loserId}`)).json).toMatchObject({
    id: loserId,
    email: 'two@firm21.example',
  });
  expect(await ask('POST', `/contacts/${loserId}/unmerge`)).toMatchObject({ status: 409 });
});
