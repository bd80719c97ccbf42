import { setTimeout as delay } from 'node:timers/promises';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { TEST_KEY, testBox } from '../apps/server/src/outbox/outboxFixture.ts';
import { LOOPBACK_RULES, type Receiver, startReceiver } from '../apps/server/src/outbox/receiverFixture.ts';
import { addWebhook } from '../apps/server/src/outbox/webhooks.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { type Ledger, send } from './processes/sender.ts';
import { startNode } from './processes/startNode.ts';

const KILLS = 8;
/** A dead node's deliveries are free within thirty seconds; the rest is for sending them. */
const SETTLE_MS = 60_000;

describe('kill -9 in the middle of deliveries', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let key: string;
  let secret: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    ({ key } = await prepareCompany(database.connection));
    receiver = await startReceiver();
    // slow, so that whoever is killed has deliveries in hand
    receiver.answer = (reply) => {
      setTimeout(() => reply.writeHead(200).end(), 60);
    };
    ({ secret } = await addWebhook(
      database.pool,
      LOOPBACK_RULES,
      {
        name: 'all',
        url: `${receiver.url}/all`,
        types: ['*'],
        payload: 'full',
        by: 'test',
      },
      testBox,
    ));
  });
  afterAll(async () => {
    await receiver?.stop();
    await database?.drop();
  });

  it('each event reaches its receiver at least once', async () => {
    const ledger: Ledger = { acknowledged: new Map(), doubtful: [] };
    const environment = {
      DATABASE_URL: database.url,
      BATON_OUTBOUND_NETWORKS: '127.0.0.1',
      BATON_SECRET_KEY: TEST_KEY.toString('hex'),
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const node = await startNode(environment);
      const stop = new AbortController();
      const load = send(node.url, key, ledger, { senders: 2, stop: stop.signal });
      await delay(250 + ((kill * 53) % 200));
      await node.kill();
      stop.abort();
      await load;
    }
    const lost = await database.pool.query(`select count(*) n from delivery where lease_node is not null`);
    expect(lost.rows[0].n).toBeGreaterThan(0);
    const node = await startNode(environment);
    const until = Date.now() + SETTLE_MS;
    const waiting = async (): Promise<number> =>
      (await database.pool.query<{ n: number }>(`select count(*) n from delivery where state = 'pending'`)).rows[0]
        ?.n ?? 0;
    const unread = async (): Promise<number> =>
      (
        await database.pool.query<{ n: number }>(
          `select count(*) n from feed join feed_cursor c on (feed.tx, feed.id) > (c.tx, c.id) where c.name = 'webhooks'`,
        )
      ).rows[0]?.n ?? 0;
    while (Date.now() < until && ((await unread()) > 0 || (await waiting()) > 0)) await delay(250);
    await node.stop();

    const decided = await database.pool.query<{ id: number }>(
      `select d.id from decision d where d.outcome not in ('observed', 'ignored', 'refused')
         and exists (select from feed f where f.contact_id = d.contact_id and f.at = d.at) order by d.id`,
    );
    expect(decided.rows.length).toBeGreaterThan(KILLS);
    const got = new Set(receiver.received.map(({ headers }) => String(headers['webhook-id']).split('_')[1]));
    expect(decided.rows.filter(({ id }) => !got.has(String(id)))).toEqual([]);
    for (const { body, headers } of receiver.received)
      new Verifier(secret).verify(body, headers as Record<string, string>);
    // whatever came twice came as the same: the same id, the same bytes
    const bodies = new Map<string, string>();
    for (const { body, headers } of receiver.received) {
      const id = String(headers['webhook-id']);
      expect(bodies.get(id) ?? body).toBe(body);
      bodies.set(id, body);
    }
    expect(await askOracles(database.pool)).toEqual([]);
  }, 180_000);
});
