import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { SMTPServer } from 'smtp-server';
import { messageIdOf } from '../apps/server/src/channels/mail/composeMail.ts';
import { TEST_KEY, testBox } from '../apps/server/src/outbox/outboxFixture.ts';
import { LOOPBACK_RULES } from '../apps/server/src/outbox/receiverFixture.ts';
import { addWebhook } from '../apps/server/src/outbox/webhooks.ts';
import { makeEvents } from './intakeEvents.ts';
import { openHouse } from './intakeHouse.ts';
import { prepare, quantile, sendAll } from './intakeLoad.ts';
import { atLeast, atMost, type Bench, row } from './row.ts';

const PUBLIC_URL = 'https://baton.example';
const RATE = 200;
const STEADY = 2_000;
const BURST = 2_000;
const LEADS = 1_000;
const HANGING = 500;

/** A mail server that notes when each message came, by its Message-ID. */
const startMailbox = async () => {
  const came = new Map<string, number>();
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      let head = '';
      stream.on('data', (chunk: Buffer) => {
        if (head.length < 8_192) head += chunk.toString('latin1');
      });
      stream.on('end', () => {
        const id = /^message-id:\s*(<[^>]+>)/im.exec(head)?.[1];
        if (id !== undefined && !came.has(id)) came.set(id, Date.now());
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    came,
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
};

/** Mails about the leads there are, due from now on at `perSecond`; null: all at once. Answers when each is due, by its key. */
const writeMails = async (
  pool: Pool,
  run: string,
  count: number,
  perSecond: number | null,
): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await pool.query<{ key: string; next_at: number }>(
    `with handoffs as (
       select id, contact_id, owner_id, row_number() over (order by id) - 1 as n, count(*) over () as total from handoff
       where owner_id is not null
     )
     insert into delivery (next_at, created_at, handoff_id, contact_id, rep_id, key, destination, channel, about, intent, subject, body)
     select now + $3::float8 * i, now, h.id, h.contact_id, h.owner_id, $1::text || i, 'email rep:' || h.owner_id, 'email', 'note',
       'standard', 'A lead for you', 'asked for a demo'
     from (select now_ms() + 500 as now) t cross join generate_series(0, $2::int - 1) i
     join handoffs h on h.n = i % h.total
     returning key, next_at`,
    [run, count, perSecond === null ? 0 : 1_000 / perSecond],
  );
  return new Map(rows.map(({ key, next_at }) => [messageIdOf(key, PUBLIC_URL), next_at]));
};

/** E-mail at a steady rate and in a burst, while other destinations hang. */
export const benchOutbox: Bench = async (note) => {
  const mailbox = await startMailbox();
  const hanging = createServer(() => {}).listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const house = await openHouse({
    BATON_SMTP_URL: mailbox.url,
    BATON_MAIL_FROM: 'Baton <baton@baton.example>',
    BATON_PUBLIC_URL: PUBLIC_URL,
    BATON_OUTBOUND_NETWORKS: '127.0.0.1',
    BATON_SECRET_KEY: TEST_KEY.toString('hex'),
  });
  const { pool } = house;
  try {
    const events = makeEvents({ visitors: 1_000, ids: 'ordered' });
    const leads = Array.from({ length: LEADS }, () => prepare('/v1/track', events.lead(), house.key, 1));
    await sendAll(house.port, leads, 8);
    await untilEmpty(pool);
    // what is measured: nothing of the leads' own notices is left to send
    await pool.query(`delete from delivery where state = 'pending'`);

    const lateness = async (due: ReadonlyMap<string, number>): Promise<readonly number[]> => {
      const until = Date.now() + 90_000;
      while ([...due.keys()].some((id) => !mailbox.came.has(id))) {
        if (Date.now() > until) throw new Error('not all mails came within 90 s');
        await delay(50);
      }
      return [...due].map(([id, at]) => (mailbox.came.get(id) ?? 0) - at).sort((one, other) => one - other);
    };
    const alone = await lateness(await writeMails(pool, 'alone', STEADY, RATE));
    note(`alone: p50 ${quantile(alone, 0.5)} ms, p99 ${quantile(alone, 0.99)} ms late at ${RATE}/s`);

    const { port } = hanging.address() as AddressInfo;
    const { webhook } = await addWebhook(
      pool,
      LOOPBACK_RULES,
      {
        name: 'hangs',
        url: `http://127.0.0.1:${port}/`,
        types: ['notice'],
        payload: 'thin',
        by: 'bench',
      },
      testBox,
    );
    await pool.query(
      `insert into delivery (next_at, created_at, webhook_id, key, destination, channel, about, subject, body)
       select now_ms(), now_ms(), $1, 'hangs' || i, 'webhook ' || $1::int, 'webhook', 'notice', '', '{}' from generate_series(1, $2::int) i`,
      [webhook.id, HANGING],
    );
    const beside = await lateness(await writeMails(pool, 'beside', STEADY, RATE));
    note(`beside a destination that hangs: p50 ${quantile(beside, 0.5)} ms, p99 ${quantile(beside, 0.99)} ms late`);
    const before = house.cpuSeconds();
    const burst = await lateness(await writeMails(pool, 'burst', BURST, null));
    const cpu = house.cpuSeconds();
    note(
      `CPU of a mail: server ${(((cpu.server - before.server) / BURST) * 1e3).toFixed(2)} ms, PostgreSQL ${(((cpu.postgres - before.postgres) / BURST) * 1e3).toFixed(2)} ms`,
    );
    const perSecond = BURST / ((burst.at(-1) ?? 0) / 1_000);
    const [p99, p99Alone] = [quantile(beside, 0.99), Math.max(20, quantile(alone, 0.99))];
    return [
      row(
        {
          bench: `outbox: mails at once, while a webhook hangs`,
          value: perSecond,
          unit: 'mails/s',
          against: `${RATE}/s to a local SMTP server`,
          ratio: perSecond / RATE,
        },
        atLeast(1),
      ),
      row(
        {
          bench: `outbox: p99 late at ${RATE} mails/s, while a webhook hangs`,
          value: p99,
          unit: 'ms',
          against: `the same with nothing that hangs: ${p99Alone} ms`,
          ratio: p99 / p99Alone,
        },
        atMost(2),
      ),
    ];
  } finally {
    await house.stop();
    hanging.closeAllConnections();
    hanging.close();
    await mailbox.stop();
  }
};

/** Waits until what can be sent by mail was sent. */
const untilEmpty = async (pool: Pool): Promise<void> => {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    const { rows } = await pool.query<{ n: number }>(
      `select count(*) n from delivery where state = 'pending' and channel = 'email'`,
    );
    if (rows[0]?.n === 0) return;
    await delay(100);
  }
  throw new Error('mails were not sent within a minute');
};
