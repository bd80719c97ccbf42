import { setTimeout as delay } from 'node:timers/promises';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeSecretBox } from '../access/secretBox.ts';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { replayDeliveries } from './deliveries.ts';
import { fanOut, startFanOut } from './fanOut.ts';
import { addDeliveries, runOutbox, testBox, until } from './outboxFixture.ts';
import { LOOPBACK_RULES, loopbackFetch, type Received, type Receiver, startReceiver } from './receiverFixture.ts';
import { readForeignWebhooks, sealPlainSecrets } from './sealSecrets.ts';
import { testWebhook } from './testWebhook.ts';
import { makeWebhookSender, readRetryAfter } from './webhookSender.ts';
import { addWebhook, listWebhooks, removeWebhook, rotateWebhookSecret, setWebhook } from './webhooks.ts';

let database: TestDatabase;
let node: Node;
let receiver: Receiver;
const ending: (() => Promise<void>)[] = [];

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
  await database.pool.query('truncate delivery, delivery_attempt, destination, alert, webhook');
});

const sender = () => makeWebhookSender({ pool: database.pool, fetch: loopbackFetch, now: Date.now, box: testBox });

/** A receiver, and a running fan-out and outbox. */
const run = async (): Promise<void> => {
  receiver = await startReceiver();
  const outbox = runOutbox(database.pool, [sender()]);
  const errors: unknown[] = [];
  const fan = startFanOut(database.pool, { onFannedOut: outbox.wake, onError: (error) => errors.push(error) });
  ending.push(async () => {
    await fan.stop();
    await outbox.stop();
    await receiver.stop();
    expect(errors).toEqual([]);
  });
};
const add = (name: string, more: { types?: string[]; payload?: 'thin' | 'full'; path?: string } = {}) =>
  addWebhook(
    database.pool,
    LOOPBACK_RULES,
    {
      name,
      url: `${receiver.url}/${more.path ?? name}`,
      types: more.types ?? ['*'],
      payload: more.payload ?? 'thin',
      by: 'test',
    },
    testBox,
  );
const verify = ({ body, headers }: Received, secret: string): { type: string; data: Record<string, unknown> } =>
  new Verifier(secret).verify(body, headers as Record<string, string>) as never;
const receivedAt = (path: string): Received[] => receiver.received.filter((one) => one.path === `/${path}`);
let serial = 0;
const someoneAsks = async (): Promise<number> => {
  serial += 1;
  const [receipt] = await node.intake.submit([makeDemoRequest(`person${serial}@firm${serial}.example`)]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  return receipt.contactId as number;
};

describe('an outbound webhook', () => {
  test('gets what happens from now on, signed so that the specification’s own library takes it', async () => {
    await someoneAsks();
    await run();
    const thin = await add('thin');
    const full = await add('full', { payload: 'full', types: ['handoff.qualified'] });
    const contactId = await someoneAsks();
    await until(async () => receivedAt('thin').length > 0 && receivedAt('full').length > 0);
    await delay(200);
    expect(receivedAt('thin').length).toBe(1);
    const event = verify(receivedAt('thin')[0] as Received, thin.secret);
    expect(event).toMatchObject({
      type: 'handoff.qualified',
      data: { contactId, handoffId: expect.any(Number), decisionId: expect.any(Number) },
    });
    expect(Object.keys(event.data).toSorted()).toEqual(['contactId', 'decisionId', 'handoffId']);
    const whole = verify(receivedAt('full')[0] as Received, full.secret);
    expect(whole.data).toMatchObject({
      contact: { id: contactId, email: expect.stringContaining('@firm'), stage: 'mql' },
      handoff: { status: 'offered', intent: 'high', owner: { id: expect.any(Number) } },
    });
    expect(() => verify(receivedAt('thin')[0] as Received, full.secret)).toThrow();
    const [id] = [receivedAt('thin')[0]?.headers['webhook-id'], receivedAt('full')[0]?.headers['webhook-id']];
    expect(id).not.toBe(receivedAt('full')[0]?.headers['webhook-id']);
  });

  test('hears of each act once, of the types that it asks for', async () => {
    await run();
    await add('accepts', { types: ['handoff.accepted', 'contact.*'] });
    await add('all', { types: ['handoff.*'] });
    const contactId = await someoneAsks();
    const { rows } = await database.pool.query<{ id: number; owner_id: number }>(
      'select id, owner_id from handoff where contact_id = $1',
      [contactId],
    );
    const handoff = rows[0] as { id: number; owner_id: number };
    await node.acts.act(
      { handoffId: handoff.id },
      { kind: 'rep-acted', by: { kind: 'rep', id: handoff.owner_id }, act: { do: 'accept' } },
    );
    await until(async () => receivedAt('accepts').length === 1 && receivedAt('all').length === 2);
    const types = (path: string): string[] =>
      receivedAt(path).map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types('accepts')).toEqual(['handoff.accepted']);
    expect(types('all').toSorted()).toEqual(['handoff.accepted', 'handoff.qualified']);
  });

  test('signs with both secrets while one is replaced, and then with the new one alone', async () => {
    await run();
    const { webhook, secret: old } = await add('rotated');
    const { secret: fresh, webhook: rotated } = await rotateWebhookSecret(
      database.pool,
      webhook.id,
      3_600_000,
      'test',
      testBox,
    );
    expect(rotated.oldSecretUntil).toBeGreaterThan(Date.now());
    await testWebhook(database.pool, sender(), webhook.id);
    const [first] = receivedAt('rotated') as [Received];
    verify(first, old);
    verify(first, fresh);
    await rotateWebhookSecret(database.pool, webhook.id, 0, 'test', testBox);
    await testWebhook(database.pool, sender(), webhook.id);
    const [, second] = receivedAt('rotated') as [Received, Received];
    expect(() => verify(second, old)).toThrow();
    expect(() => verify(second, fresh)).toThrow();
  });

  test('keeps its id and its bytes over attempts, with a new timestamp each time', async () => {
    await run();
    const { secret } = await add('flaky');
    receiver.answer = (reply) => {
      reply.writeHead(receiver.received.length < 3 ? 500 : 200).end('{"internal":"banner"}');
    };
    await someoneAsks();
    for (const times of [1, 2]) {
      await until(async () => {
        const { rows } = await database.pool.query('select attempts, lease_node from delivery');
        return rows[0]?.attempts === times && rows[0].lease_node === null;
      });
      await database.pool.query(`update delivery set next_at = 0`);
      await delay(1_050);
    }
    await until(async () => receivedAt('flaky').length === 3);
    for (const one of receivedAt('flaky')) verify(one, secret);
    const of = (name: string) => new Set(receivedAt('flaky').map(({ headers }) => headers[name]));
    expect([of('webhook-id').size, of('webhook-timestamp').size > 1]).toEqual([1, true]);
    expect(new Set(receivedAt('flaky').map(({ body }) => body)).size).toBe(1);
    const { rows } = await database.pool.query<{ detail: string }>('select detail from delivery_attempt order by n');
    expect(rows[0]?.detail).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/flaky: 500\n\{"internal":"banner"\}$/);
  });

  test('410 switches it off with an alert; switched on again and replayed it gets what it missed', async () => {
    await run();
    const { webhook } = await add('gone');
    receiver.answer = (reply) => {
      reply.writeHead(410).end();
    };
    await someoneAsks();
    await until(async () => (await listWebhooks(database.pool))[0]?.disabledAt != null);
    const alerts = await database.pool.query('select key from alert where closed_at is null order by key');
    expect(alerts.rows.map(({ key }) => key)).toEqual([`dead webhook ${webhook.id}`, `disabled webhook ${webhook.id}`]);
    // while it is off, nothing is written for it
    await someoneAsks();
    await delay(300);
    expect((await database.pool.query('select count(*) n from delivery')).rows[0].n).toBe(1);
    expect(await replayDeliveries(database.pool, {}, 'test')).toBe(0);
    receiver.answer = (reply) => {
      reply.writeHead(200).end();
    };
    await setWebhook(database.pool, LOOPBACK_RULES, webhook.id, { enabled: true }, 'test');
    expect(await replayDeliveries(database.pool, {}, 'test')).toBe(1);
    await until(async () => receivedAt('gone').length === 2);
    expect(new Set(receivedAt('gone').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const open = await database.pool.query('select key from alert where closed_at is null');
    expect(open.rows).toEqual([]);
  });

  test.each([
    [429, '120', 120_000],
    [503, new Date(Date.now() + 200_000).toUTCString(), 150_000],
    [401, null, 5_000],
    [404, null, 5_000],
    [302, null, 5_000],
  ] as const)('%s (Retry-After %s) is tried again later and shown', async (status, header, wait) => {
    await run();
    await add('busy');
    receiver.answer = (reply) => {
      reply.writeHead(status, header === null ? { location: '/inside' } : { 'retry-after': header }).end();
    };
    await someoneAsks();
    const row = await until(async () => {
      const { rows } = await database.pool.query(
        'select state, last_error, next_at - now_ms() as wait from delivery where last_error is not null',
      );
      return rows[0];
    });
    expect([row.state, row.last_error]).toEqual(['pending', expect.stringContaining(`: ${status}`)]);
    expect(row.wait).toBeGreaterThan(wait - 2_000);
    expect(row.wait).toBeLessThan(wait + 60_000);
    expect(receivedAt('inside')).toEqual([]);
  });

  test('that fails for three days and then works gets it, under the same id', async () => {
    await run();
    const { secret } = await add('weekend');
    let works = false;
    receiver.answer = (reply) => {
      reply.writeHead(works ? 200 : 500).end();
    };
    await someoneAsks();
    // the pause is written a moment after the outcome, so it is ended again and again
    const endPause = () => database.pool.query('update destination set paused_until = 0');
    let elapsed = 0;
    for (let attempt = 1; elapsed < 72 * 3_600_000; attempt += 1) {
      const wait = await until(async () => {
        await endPause();
        const { rows } = await database.pool.query<{ attempts: number; lease_node: string | null; wait: number }>(
          'select attempts, lease_node, next_at - now_ms() as wait from delivery',
        );
        return rows[0]?.attempts === attempt && rows[0].lease_node === null ? rows[0].wait : null;
      });
      elapsed += wait;
      works = elapsed >= 72 * 3_600_000;
      // so much time passes at once
      await database.pool.query('update delivery set next_at = next_at - $1::int8, first_at = first_at - $1::int8', [
        wait,
      ]);
    }
    await until(async () => {
      await endPause();
      return (await database.pool.query(`select from delivery where state = 'sent'`)).rowCount === 1;
    });
    const ids = new Set(receivedAt('weekend').map(({ headers }) => headers['webhook-id']));
    expect([ids.size, receivedAt('weekend').length]).toEqual([1, 10]);
    verify(receivedAt('weekend').at(-1) as Received, secret);
  });

  test('a notice that the policy sends by webhook is handed on to the one with its name, or to all that ask for notices', async () => {
    await run();
    await add('war-room', { types: ['contact.merged'] });
    await add('notices', { types: ['notice'], payload: 'full' });
    await addDeliveries(database.pool, [
      { key: '5:0:webhook', channel: 'webhook', place: 'War-Room' },
      { key: '5:1:webhook', channel: 'webhook', repId: 1 },
    ]);
    await until(async () => receivedAt('war-room').length === 1 && receivedAt('notices').length === 1);
    expect(JSON.parse(receivedAt('war-room')[0]?.body ?? '')).toMatchObject({
      type: 'notice',
      data: { about: 'assigned' },
    });
    expect(JSON.parse(receivedAt('notices')[0]?.body ?? '')).toMatchObject({
      data: { repId: 1, subject: 'Subject of 5:1:webhook' },
    });
  });

  test('its secret lies sealed in the database; a plain one of before is sealed at the start, and another key opens neither', async () => {
    await run();
    const { secret, webhook } = await add('sealed');
    const stored = async () =>
      (await database.pool.query<{ secrets: string }>('select secrets from webhook where id = $1', [webhook.id]))
        .rows[0]?.secrets ?? '';
    expect(await stored()).not.toContain(secret.slice(6));
    expect(await stored()).toContain('sealed:1:');

    await database.pool.query('update webhook set secrets = $2 where id = $1', [
      webhook.id,
      JSON.stringify([{ secret, until: null }]),
    ]);
    // what was stored before there was a key signs all the same
    await testWebhook(database.pool, sender(), webhook.id);
    expect(await sealPlainSecrets(database.pool, testBox)).toBe(1);
    expect(await sealPlainSecrets(database.pool, testBox)).toBe(0);
    expect(await stored()).not.toContain(secret.slice(6));
    await testWebhook(database.pool, sender(), webhook.id);
    for (const one of receivedAt('sealed')) verify(one, secret);
    expect(receivedAt('sealed')).toHaveLength(2);

    const other = makeSecretBox(() => Buffer.alloc(32, 8));
    const lost = makeWebhookSender({ pool: database.pool, fetch: loopbackFetch, now: Date.now, box: other });
    const tried = await testWebhook(database.pool, lost, webhook.id);
    expect([tried.ok, tried.transcript]).toEqual([false, expect.stringContaining('sealed with another key')]);
    expect(receivedAt('sealed')).toHaveLength(2);
    expect(await readForeignWebhooks(database.pool, other)).toEqual(['sealed']);
    expect(await readForeignWebhooks(database.pool, testBox)).toEqual([]);
    await sealPlainSecrets(database.pool, other);
    const alerts = await database.pool.query(`select say from alert where kind = 'secrets-unreadable'`);
    expect(alerts.rows).toEqual([{ say: expect.stringContaining('The secrets of sealed are sealed') }]);
    // who lost the key goes on with a new secret
    const { secret: fresh } = await rotateWebhookSecret(database.pool, webhook.id, 0, 'test', other);
    await testWebhook(database.pool, lost, webhook.id);
    verify(receivedAt('sealed').at(-1) as Received, fresh);
    await sealPlainSecrets(database.pool, other);
    expect((await database.pool.query(`select 1 from alert where closed_at is null`)).rows).toEqual([]);
  });

  test('removed it gets nothing more, and its secret is forgotten', async () => {
    await run();
    const { webhook } = await add('old');
    await removeWebhook(database.pool, webhook.id, 'test');
    await someoneAsks();
    await delay(300);
    expect(receivedAt('old')).toEqual([]);
    const { rows } = await database.pool.query('select secrets from webhook');
    expect(rows).toEqual([{ secrets: '[]' }]);
    await add('old');
  });

  test('two nodes fan out at once and each event becomes one delivery, also of a transaction that commits late', async () => {
    receiver = await startReceiver();
    ending.push(() => receiver.stop());
    await add('once');
    const late = await database.pool.connect();
    await late.query('begin');
    await late.query(`insert into feed (at, contact_id, kind) values (1, 1, 'late')`);
    await Promise.all([someoneAsks(), someoneAsks()]);
    expect(await fanOut(database.pool)).toBe(0);
    await late.query('commit');
    late.release();
    await Promise.all([1, 2, 3].map(() => fanOut(database.pool)));
    await until(async () => {
      await fanOut(database.pool);
      return (await database.pool.query('select count(*) n from delivery')).rows[0].n === 2;
    });
    expect(await fanOut(database.pool)).toBe(0);
  });

  test('an address inside the house is refused when it is saved', async () => {
    const wanted = { types: ['*'], payload: 'thin', by: 'test' } as const;
    const strict = { ...LOOPBACK_RULES, networks: [] };
    await expect(
      addWebhook(database.pool, strict, { ...wanted, name: 'in', url: 'https://169.254.169.254/latest' }, testBox),
    ).rejects.toMatchObject({ code: 'url-not-allowed' });
    await addWebhook(database.pool, LOOPBACK_RULES, { ...wanted, name: 'twice', url: 'http://127.0.0.1:1/' }, testBox);
    await expect(
      addWebhook(database.pool, LOOPBACK_RULES, { ...wanted, name: 'Twice', url: 'http://127.0.0.1:1/' }, testBox),
    ).rejects.toMatchObject({ code: 'webhook-name-taken' });
  });

  test('Retry-After is read in seconds and as a date', () => {
    expect(readRetryAfter('120', 0)).toBe(120_000);
    expect(readRetryAfter('Thu, 01 Jan 1970 00:00:10 GMT', 4_000)).toBe(6_000);
    expect(readRetryAfter('Thu, 01 Jan 1970 00:00:10 GMT', 40_000)).toBe(0);
    expect([readRetryAfter('soon', 0), readRetryAfter(undefined, 0)]).toEqual([null, null]);
  });
});
