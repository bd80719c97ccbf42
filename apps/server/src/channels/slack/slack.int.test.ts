/** Long because one Slack double, one company and one listener serve every way in which people meet Baton there. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePolicyLoader } from '../../agreement/activePolicy.ts';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { makeServer } from '../../http/httpFixture.ts';
import { registerSlackRoutes } from '../../http/slack/slackRoutes.ts';
import { startCompany } from '../../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import { addDeliveries, fakeSender, runOutbox, until } from '../../outbox/outboxFixture.ts';
import type { Sender } from '../../outbox/sender.ts';
import { makeDelivery } from '../deliveryFixture.ts';
import type { LinkMaker } from '../links.ts';
import { type HeardSlack, hearSlack } from './hearSlack.ts';
import { openSlack } from './openSlack.ts';
import { refreshSlack } from './refreshSlack.ts';
import { type Json, type SlackDouble, startSlackDouble } from './slackDouble.ts';

let database: TestDatabase;
let node: Node;
let slack: SlackDouble;
let app: FastifyInstance;
let heard: HeardSlack;
let way: NonNullable<ReturnType<typeof openSlack>['way']>;
let open: ReturnType<typeof openSlack>;
const links: LinkMaker = { publicUrl: 'https://baton.company.example', secret: Buffer.alloc(32, 1) };
const quiet = new AbortController().signal;
const mistakes: unknown[] = [];

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  slack = await startSlackDouble();
  for (const n of [1, 2, 3, 4]) slack.addUser(`U${n}`, `rep${n}@sales.example`);
  slack.addUser('UGUEST', 'guest@elsewhere.example');
  const settings = { botToken: slack.token, signingSecret: slack.signingSecret, appToken: null, apiUrl: slack.apiUrl };
  const { pool } = database;
  const guardedFetch = () => Promise.reject(new Error('not called'));
  open = openSlack(settings, { pool, guardedFetch, now: Date.now, links });
  if (open.way === null) throw new Error('Slack is set up');
  way = open.way;
  heard = hearSlack({
    settings,
    way,
    links,
    deciding: { pool, references: node.references, ids: node.ids },
    acts: node.acts,
    loadActivePolicy: makePolicyLoader().loadActivePolicy,
    now: Date.now,
    onMistake: (error) => mistakes.push(error),
  });
  app = makeServer({ onMistake: (error) => mistakes.push(error) });
  if (heard.handler === null) throw new Error('Slack is heard');
  registerSlackRoutes(app, {
    signingSecret: slack.signingSecret,
    handler: heard.handler,
    onMistake: (error) => mistakes.push(error),
    now: Date.now,
  });
});
afterAll(async () => {
  await heard.stop();
  await app.close();
  await slack.stop();
  await node.intake.stop();
  await database.drop();
});

const lead = async (email: string) => {
  await node.intake.submit([makeDemoRequest(email)]);
  const { rows } = await database.pool.query<{ id: number; owner_id: number }>(
    'select h.id, h.owner_id from handoff h join contact c on c.id = h.contact_id where c.email = $1',
    [email],
  );
  return { handoffId: rows[0]?.id ?? 0, repId: rows[0]?.owner_id ?? 0 };
};
/** A lead that one of the four reps who are in Slack was offered. */
const leadInSlack = async (email: string) => {
  for (let n = 0; ; n += 1) {
    const made = await lead(email.replace('@', `@x${n}-`));
    if (made.repId !== 5) return made;
  }
};
const post = (
  path: string,
  fields: { readonly [name: string]: string },
  over: { readonly [name: string]: string } = {},
) => {
  const body = new URLSearchParams(fields).toString();
  return app.inject({
    method: 'POST',
    url: path,
    headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded', ...slack.sign(body), ...over },
    payload: body,
  });
};
const click = (user: string, action: string, handoffId: number, channel = `D${user}`) =>
  post('/slack/interactions', {
    payload: JSON.stringify({
      type: 'block_actions',
      trigger_id: slack.makeTrigger(),
      user: { id: user },
      channel: { id: channel },
      actions: [{ action_id: action, value: String(handoffId) }],
    }),
  });
const submit = (user: string, callback: string, handoffId: number, values: Json) =>
  post('/slack/interactions', {
    payload: JSON.stringify({
      type: 'view_submission',
      user: { id: user },
      view: { callback_id: callback, private_metadata: String(handoffId), state: { values } },
    }),
  });
const send = async (handoffId: number, given: object = {}) => {
  const delivery = await makeDelivery(database.pool, 'slack', { handoffId, ...given });
  const result = await open.sender?.send(delivery, quiet);
  return { delivery, result };
};
const refresh = () => refreshSlack({ pool: database.pool, api: way.api, links, now: Date.now });
const statusOf = async (id: number) =>
  (await database.pool.query<{ status: string }>('select status from handoff where id = $1', [id])).rows[0]?.status;
/** As if whatever was done until now had been done earlier. */
const tenSecondsPass = async () => {
  await database.pool.query(
    `update act_undo set act = jsonb_set(act::jsonb, '{at}', to_jsonb((act::json->>'at')::int8 - 11000))::text`,
  );
  await database.pool.query('update slack_message set next_at = 0');
};
const buttonsOf = (message: { blocks: Json[] } | undefined): string[] =>
  message?.blocks.find((block) => block.type === 'actions')?.elements.map((one: Json) => one.action_id) ?? [];

test('a rep gets a direct message with the reason, the clock and buttons; accepted, it becomes the record', async () => {
  const { handoffId, repId } = await leadInSlack('ada@one.example');
  const { result, delivery } = await send(handoffId);
  expect(result).toMatchObject({ ok: true });
  const message = slack.messages.at(-1);
  expect(message?.channel).toBe(`DU${repId}`);
  expect(buttonsOf(message)).toEqual(['baton_accept', 'baton_reject', 'baton_park', 'baton_open']);
  expect(JSON.stringify(message?.blocks)).toMatch(/<!date\^\d{10}\^\{date_short_pretty\}, \{time\}\|[^>]+ UTC>/);
  expect(JSON.stringify(message?.blocks)).toContain('asked for a demo');
  // the same delivery again (its answer was lost) does not post twice
  const count = slack.messages.length;
  expect(await open.sender?.send({ ...delivery, attempt: 2 }, quiet)).toMatchObject({ ok: true });
  expect(slack.messages).toHaveLength(count);

  const started = performance.now();
  const answer = await click(`U${repId}`, 'baton_accept', handoffId);
  expect([answer.statusCode, answer.body]).toEqual([200, '']);
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(await statusOf(handoffId)).toBe('open');
  await expect.poll(() => message?.edits ?? 0, { timeout: 8_000 }).toBeGreaterThan(0);
  expect(message?.text).toContain('Accepted by you');
  expect(buttonsOf(message)).toEqual(['baton_reject', 'baton_park', 'baton_undo', 'baton_open']);

  // taken back at once, the message asks again
  await click(`U${repId}`, 'baton_undo', handoffId);
  expect(await statusOf(handoffId)).toBe('offered');
  await expect
    .poll(() => buttonsOf(message), { timeout: 8_000 })
    .toEqual(['baton_accept', 'baton_reject', 'baton_park', 'baton_open']);
});

test('an act can be undone in Slack for ten seconds; then the button goes, and who is later is told so', async () => {
  const { handoffId, repId } = await leadInSlack('una@undo.example');
  await send(handoffId);
  const message = slack.messages.at(-1);
  await submit(`U${repId}`, 'baton_reject', handoffId, {
    reason: { value: { selected_option: { value: 'no-intent' } } },
  });
  expect(await statusOf(handoffId)).toBe('rejected');
  await expect.poll(() => buttonsOf(message), { timeout: 8_000 }).toEqual(['baton_undo', 'baton_open']);
  // another rep can't take it back
  const other = repId === 1 ? 2 : 1;
  await click(`U${other}`, 'baton_undo', handoffId);
  expect(await statusOf(handoffId)).toBe('rejected');
  expect(slack.whispers.at(-1)?.text).toContain('Not done: Undo:');
  // ten seconds later
  await tenSecondsPass();
  await expect
    .poll(
      async () => {
        await refresh();
        return buttonsOf(message);
      },
      { timeout: 8_000 },
    )
    .toEqual(['baton_open']);
  await click(`U${repId}`, 'baton_undo', handoffId);
  expect(await statusOf(handoffId)).toBe('rejected');
  expect(slack.whispers.at(-1)?.text).toMatch(/Not done: Undo:.*(10 s|ten seconds|too late|any more)/i);
  const { rows } = await database.pool.query('select 1 from slack_message where handoff_id = $1 and done_at is null', [
    handoffId,
  ]);
  expect(rows).toEqual([]);
});

test('what happens elsewhere reaches the message too, also in the channel that mirrors it; what is over changes no more', async () => {
  const { handoffId, repId } = await leadInSlack('bob@two.example');
  await send(handoffId);
  const direct = slack.messages.at(-1);
  await send(handoffId, { place: '#inbound' });
  const mirror = slack.messages.at(-1);
  expect(mirror?.channel).toBe('C0INBOUND');
  expect(buttonsOf(mirror)).toEqual(['baton_open']);
  await node.acts.act(
    { handoffId },
    { kind: 'rep-acted', by: { kind: 'rep', id: repId }, act: { do: 'reject', reason: 'no-intent', detail: null } },
  );
  await expect
    .poll(
      async () => {
        await refresh();
        return [direct?.edits, mirror?.edits].every((n) => (n ?? 0) > 0);
      },
      { timeout: 8_000 },
    )
    .toBe(true);
  expect(mirror?.text).toContain('Rejected: no intent');
  expect(buttonsOf(direct)).toEqual(['baton_undo', 'baton_open']);
  await tenSecondsPass();
  await refresh();
  expect(buttonsOf(direct)).toEqual(['baton_open']);
  const { rows } = await database.pool.query('select 1 from slack_message where handoff_id = $1 and done_at is null', [
    handoffId,
  ]);
  expect(rows).toHaveLength(0);
});

test('rejecting asks for a reason of the policy in a window, bad timing for a day; refusals stand beside their field', async () => {
  const { handoffId, repId } = await leadInSlack('cid@three.example');
  await send(handoffId);
  const user = `U${repId}`;
  await click(user, 'baton_reject', handoffId);
  const view = slack.views.at(-1);
  expect(view.blocks[0].element.options.map((one: Json) => one.value)).toContain('bad-fit');
  const wrong = await submit(user, 'baton_reject', handoffId, {
    reason: { value: { selected_option: { value: 'made-up' } } },
  });
  expect(wrong.json()).toMatchObject({
    response_action: 'errors',
    errors: { reason: expect.stringContaining('must be one of') },
  });
  await click(user, 'baton_park', handoffId);
  expect(slack.views.at(-1).blocks[0].element.type).toBe('datepicker');
  const past = await submit(user, 'baton_park', handoffId, { until: { value: { selected_date: '2020-01-01' } } });
  expect(past.json()).toMatchObject({ errors: { until: expect.stringContaining('ahead') } });
  const done = await submit(user, 'baton_reject', handoffId, {
    reason: { value: { selected_option: { value: 'bad-fit' } } },
    detail: { value: { value: 'too small' } },
  });
  expect([done.statusCode, done.body]).toEqual([200, '']);
  expect(await statusOf(handoffId)).toBe('rejected');
});

test('who is no rep, and who is not the owner, is told so alone; nothing happens', async () => {
  const { handoffId, repId } = await leadInSlack('dot@four.example');
  await send(handoffId);
  await click('UGUEST', 'baton_accept', handoffId, 'C0INBOUND');
  expect(slack.whispers.at(-1)).toMatchObject({ user: 'UGUEST', text: expect.stringContaining('knows nobody') });
  const other = repId === 1 ? 'U2' : 'U1';
  await way.people.dmOf({ id: Number(other.slice(1)), email: `rep${other.slice(1)}@sales.example` });
  await click(other, 'baton_accept', handoffId);
  expect(slack.whispers.at(-1)).toMatchObject({ user: other, text: expect.stringContaining(`Rep ${repId}`) });
  expect(await statusOf(handoffId)).toBe('offered');
  const { rows } = await database.pool.query(`select 1 from slack_link where user_id = 'UGUEST'`);
  expect(rows).toHaveLength(0);
});

test('a rep who is not in Slack is told by e-mail, with the reason, and is noted once', async () => {
  let made = await lead('e0@five.example');
  for (let n = 1; made.repId !== 5; n += 1) made = await lead(`e@five${n}.example`);
  const { pool } = database;
  await pool.query('truncate delivery, delivery_attempt, alert');
  const { handoffId } = made;
  await addDeliveries(
    pool,
    [0, 1, 2].map((n) => ({
      key: `${handoffId}:${n}:slack`,
      channel: 'slack',
      repId: 5,
      handoffId,
      decisionId: handoffId,
      about: 'note',
    })),
  );
  // the policy names e-mail too for the third
  await addDeliveries(pool, [
    { key: `${handoffId}:2:email`, repId: 5, handoffId, decisionId: handoffId, about: 'note' },
  ]);
  const email = fakeSender('email');
  const asked = slack.calls.filter((method) => method === 'users.lookupByEmail').length;
  const outbox = runOutbox(pool, [open.sender as Sender, email]);
  await until(async () => email.sent.length === 3);
  const closed = await until(async () => {
    const { rows } = await pool.query<{ state: string; closed_reason: string }>(
      `select state, closed_reason from delivery where channel = 'slack' and state <> 'pending'`,
    );
    return rows.length === 3 ? rows : null;
  });
  await outbox.stop();
  expect(new Set(closed.map(({ state }) => state))).toEqual(new Set(['superseded']));
  expect(closed[0]?.closed_reason).toContain(
    'Rep 5 is not in Slack by the address rep5@sales.example; it goes by email',
  );
  expect(email.sent.map(({ key }) => key).toSorted()).toEqual([0, 1, 2].map((n) => `${handoffId}:${n}:email`));
  expect(email.sent.find(({ key }) => key === `${handoffId}:0:email`)?.body).toContain('Rep 5 is not in Slack');
  const alerts = await pool.query<{ kind: string; say: string; count: number }>('select kind, say, count from alert');
  expect(alerts.rows).toEqual([
    { kind: 'rep-not-in-slack', say: expect.stringContaining('baton channels map rep5@sales.example'), count: 3 },
  ]);
  expect(slack.calls.filter((method) => method === 'users.lookupByEmail').length - asked).toBeLessThanOrEqual(3);

  // said who it is, the note is gone and the next message arrives
  slack.addUser('UFIVE', 'five@private.example');
  expect(await way.people.map(5, 'UNOBODY')).toBe(false);
  expect(await way.people.map(5, 'UFIVE')).toBe(true);
  expect((await pool.query('select 1 from alert where closed_at is null')).rows).toEqual([]);
  const delivery = await makeDelivery(pool, 'slack', { handoffId, repId: 5 });
  expect(await open.sender?.send(delivery, quiet)).toMatchObject({ ok: true });
});

test('a channel that is not in Slack is one note, and its notices are told in the app to whoever answers for the lead', async () => {
  const { handoffId, repId } = await lead('noplace@seven.example');
  const { pool } = database;
  await pool.query('truncate delivery, delivery_attempt, alert, notification');
  await pool.query('update rep set manager_id = $2 where id = $1', [repId, repId === 1 ? 2 : 1]);
  await addDeliveries(
    pool,
    [0, 1].map((n) => ({
      key: `${handoffId}:${n}:slack`,
      channel: 'slack',
      place: '#nowhere',
      handoffId,
      decisionId: handoffId,
      about: 'note',
    })),
  );
  await pool.query('update delivery set contact_id = (select contact_id from handoff where id = $1)', [handoffId]);
  const outbox = runOutbox(pool, [open.sender as Sender, fakeSender('email')]);
  await until(async () => {
    const { rows } = await pool.query(`select 1 from delivery where state = 'superseded'`);
    return rows.length === 2;
  });
  await outbox.stop();
  const alerts = await pool.query('select kind, count from alert');
  expect(alerts.rows).toEqual([{ kind: 'place-unknown', count: 2 }]);
  const { rows } = await pool.query<{ rep_id: number }>('select distinct rep_id from notification');
  expect(rows).toEqual([{ rep_id: repId === 1 ? 2 : 1 }]);
});

test('only what Slack signed within five minutes is heard, over the very bytes', async () => {
  const { handoffId, repId } = await leadInSlack('eve@six.example');
  const payload = JSON.stringify({
    type: 'block_actions',
    trigger_id: 'x',
    user: { id: `U${repId}` },
    actions: [{ action_id: 'baton_accept', value: String(handoffId) }],
  });
  const body = new URLSearchParams({ payload }).toString();
  const old = slack.sign(body, Date.now() - 310_000);
  const ahead = slack.sign(body, Date.now() + 310_000);
  const other = slack.sign(`${body} `);
  const good = slack.sign(body);
  const wrongs: { readonly [name: string]: string }[] = [
    { 'x-slack-signature': '' },
    { 'x-slack-signature': `v1=${good['x-slack-signature']?.slice(3)}` },
    { 'x-slack-signature': good['x-slack-signature']?.toUpperCase() ?? '' },
    other,
    old,
    ahead,
    { ...good, 'x-slack-request-timestamp': String(Number(good['x-slack-request-timestamp']) - 1) },
    { 'x-slack-request-timestamp': 'now' },
  ];
  for (const wrong of wrongs) expect((await post('/slack/interactions', { payload }, wrong)).statusCode).toBe(401);
  expect(await statusOf(handoffId)).toBe('offered');
  expect((await post('/slack/interactions', { payload: '{broken' })).statusCode).toBe(400);
  for (const odd of ['null', '[]', '{"type":"block_actions"}', '{"type":"shortcut","user":{"id":"U1"}}'])
    expect((await post('/slack/interactions', { payload: odd })).statusCode).toBe(200);
});

test('/handoff says what is owed and whose turn it is, and switches away and back', async () => {
  const { repId, handoffId } = await leadInSlack('fox@seven.example');
  const say = async (text: string) =>
    (await post('/slack/commands', { command: '/handoff', text, user_id: `U${repId}` })).json();
  const next = await say('next');
  expect(next).toMatchObject({ response_type: 'ephemeral' });
  expect(next.text).toContain(`https://baton.company.example/handoffs/`);
  expect(next.text).toContain('Next in Inbound:');
  expect((await say('')).text).toContain('/handoff next');
  expect((await say('away soonish')).text).toContain('I read no day');
  expect((await say('away')).text).toContain('You are away');
  const { rows } = await database.pool.query('select 1 from rep_absence where rep_id = $1 and removed_at is null', [
    repId,
  ]);
  expect(rows).toHaveLength(1);
  expect((await say('back')).text).toContain('Welcome back');
  expect(handoffId).toBeGreaterThan(0);
  const nobody = await post('/slack/commands', { command: '/handoff', text: 'next', user_id: 'UGUEST' });
  expect(nobody.json().text).toContain('knows nobody');
});

test('what Slack cannot take now is tried again, what it never takes is not, and its wait is kept', async () => {
  const { handoffId } = await leadInSlack('gil@eight.example');
  slack.failNext('chat.postMessage', { retryAfterS: 7 });
  expect((await send(handoffId)).result).toMatchObject({ ok: false, retry: true, retryAfterMs: 7_000 });
  slack.failNext('chat.postMessage', 'internal_error');
  expect((await send(handoffId)).result).toMatchObject({ ok: false, retry: true });
  expect((await send(handoffId, { place: '#no-such-channel' })).result).toMatchObject({ ok: false, retry: false });
  const refused = openSlack(
    { botToken: 'xoxb-wrong', signingSecret: null, appToken: null, apiUrl: slack.apiUrl },
    { pool: database.pool, guardedFetch: () => Promise.reject(new Error()), now: Date.now, links },
  );
  expect(await refused.test('rep1@sales.example')).toMatchObject({ ok: false, say: 'Slack: invalid_auth' });
  expect(await open.test('rep1@sales.example')).toMatchObject({
    ok: true,
    transcript: [
      'auth.test: baton of Acme',
      'users.lookupByEmail: U1',
      'conversations.open: DU1',
      expect.stringContaining('chat.postMessage'),
    ],
  });
});

test('whatever people wrote, a message keeps within Slack’s limits and mentions nobody', async () => {
  const { handoffId } = await leadInSlack('hal@nine.example');
  await database.pool.query(
    `update contact set name = repeat('<!channel> & ', 400) where id = (select contact_id from handoff where id = $1)`,
    [handoffId],
  );
  await database.pool.query(`update handoff set reason = repeat('x', 9000) where id = $1`, [handoffId]);
  const { result } = await send(handoffId, { subject: '<!here>& '.repeat(600), body: 'y'.repeat(9_000) });
  expect(result).toMatchObject({ ok: true });
  const message = slack.messages.at(-1);
  expect(JSON.stringify(message?.blocks) + message?.text).not.toMatch(/<!(channel|here)/);
  expect(mistakes).toEqual([]);
});
