import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { furnish } from '../intake/intakeFixture.ts';
import { claimDue } from './claimDue.ts';
import { Lanes } from './lanes.ts';
import { addDeliveries, fakeSender, runOutbox, until } from './outboxFixture.ts';
import { HORIZON_MS } from './schedule.ts';
import { DELIVERY_CHANNELS, type SendResult } from './sender.ts';
import { settle } from './settle.ts';
import type { Outbox } from './startOutbox.ts';

let database: TestDatabase;
const running: Outbox[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ max: 20 });
  await furnish(database.pool);
});
afterAll(() => database.drop());
afterEach(async () => {
  for (const outbox of running.splice(0)) await outbox.stop();
  await database.pool.query('truncate delivery, delivery_attempt, destination, alert, notification');
});

type Row = {
  key: string;
  state: string;
  attempts: number;
  closed_reason: string | null;
  last_error: string | null;
  wait: number;
  destination: string;
};

const run: typeof runOutbox = (...given) => {
  const outbox = runOutbox(...given);
  running.push(outbox);
  return outbox;
};
const rowOf = async (key: string): Promise<Row> => {
  const { rows } = await database.pool.query<Row>('select *, next_at - now_ms() as wait from delivery where key = $1', [
    key,
  ]);
  return rows[0] as Row;
};
const inState = (key: string, state: string) =>
  until(async () => {
    const row = await rowOf(key);
    return row?.state === state ? row : null;
  });
const attemptsOf = async (key: string): Promise<string[]> => {
  const { rows } = await database.pool.query<{ outcome: string }>(
    'select outcome from delivery_attempt a join delivery d on d.id = a.delivery_id where d.key = $1 order by n',
    [key],
  );
  return rows.map((row) => row.outcome);
};
const alerts = async (): Promise<string[]> =>
  (await database.pool.query<{ kind: string }>('select kind from alert order by kind')).rows.map((row) => row.kind);
const failed: SendResult = { ok: false, retry: true, detail: '500' };

describe('the outbox', () => {
  test('sends what is due once, and writes how it went', async () => {
    const email = fakeSender('email');
    await addDeliveries(database.pool, [{ key: '1:0:email', repId: 1 }]);
    run(database.pool, [email]);
    await inState('1:0:email', 'sent');
    await delay(100);
    expect(email.sent.map(({ key, repId, attempt, subject }) => [key, repId, attempt, subject])).toEqual([
      ['1:0:email', 1, 1, 'Subject of 1:0:email'],
    ]);
    expect(await attemptsOf('1:0:email')).toEqual(['sent']);
  });

  test('tries again what failed, later each time, under the same key', async () => {
    let fails = 2;
    const email = fakeSender('email', () => {
      fails -= 1;
      return fails >= 0 ? failed : { ok: true, detail: 'ok' };
    });
    await addDeliveries(database.pool, [{ key: '1:0:email', repId: 1 }]);
    const outbox = run(database.pool, [email]);
    for (const [attempt, wait] of [
      [1, 5_000],
      [2, 300_000],
    ] as const) {
      const row = await until(async () => {
        const now = await rowOf('1:0:email');
        return now.attempts === attempt && now.last_error !== null && now.wait > wait - 5_000 ? now : null;
      });
      expect(row.wait).toBeLessThanOrEqual(wait);
      await database.pool.query('update delivery set next_at = 0, last_error = null');
      outbox.wake();
    }
    await inState('1:0:email', 'sent');
    expect(email.sent.map(({ key, attempt }) => [key, attempt])).toEqual([
      ['1:0:email', 1],
      ['1:0:email', 2],
      ['1:0:email', 3],
    ]);
    expect(await attemptsOf('1:0:email')).toEqual(['failed', 'failed', 'sent']);
    await until(async () => (await database.pool.query('select * from destination')).rows.length === 0);
  });

  test('waits as long as the receiver asks, and leaves the whole destination alone meanwhile', async () => {
    const email = fakeSender('email', () => ({ ok: false, retry: true, retryAfterMs: 120_000, detail: '429' }));
    await addDeliveries(database.pool, [{ key: 'a', repId: 1 }]);
    run(database.pool, [email]);
    const row = await until(async () => {
      const now = await rowOf('a');
      return now.last_error === '429' ? now : null;
    });
    expect(row.wait).toBeGreaterThan(115_000);
    await addDeliveries(database.pool, [{ key: 'b', repId: 1 }]);
    await delay(1_300);
    expect(email.sent.length).toBe(1);
  });

  test('gives up 75 h 35 min after the first attempt and not before, with an alert', async () => {
    const email = fakeSender('email', () => failed);
    await addDeliveries(database.pool, [
      { key: 'young', repId: 1 },
      { key: 'old', repId: 2 },
    ]);
    await database.pool.query(
      `update delivery set attempts = 9, first_at = now_ms() - case key when 'old' then $1::bigint else $1::bigint - 60000 end`,
      [HORIZON_MS],
    );
    run(database.pool, [email]);
    const old = await inState('old', 'dead');
    expect(old.closed_reason).toBe('given up');
    const young = await until(async () => {
      const row = await rowOf('young');
      return row.last_error === null ? null : row;
    });
    expect([young.state, young.wait > 23 * 3_600_000]).toEqual(['pending', true]);
    expect(await alerts()).toEqual(['delivery-dead']);
  });

  test('what is gone disables its destination, closes what waits for it, and tells people', async () => {
    const email = fakeSender('email', () => ({ ok: false, retry: false, gone: true, detail: '410' }));
    await addDeliveries(database.pool, [{ key: 'first', repId: 1 }]);
    const outbox = run(database.pool, [email]);
    await inState('first', 'dead');
    await until(async () => (await alerts()).includes('destination-disabled'));
    await addDeliveries(database.pool, [{ key: 'second', repId: 1 }]);
    outbox.wake();
    await database.pool.query('update delivery set next_at = 0 where state = $1', ['pending']);
    const second = await until(async () => {
      const row = await rowOf('second');
      return row.state === 'dead' ? row : null;
    }, 15_000);
    expect([second.closed_reason, second.attempts, email.sent.length]).toEqual(['destination disabled', 0, 1]);
  });

  test('a destination that hangs holds its own places and delays nobody', async () => {
    const hung: (() => void)[] = [];
    const email = fakeSender('email', (delivery) =>
      delivery.repId === 1 ? new Promise((resolve) => hung.push(() => resolve(failed))) : { ok: true, detail: 'ok' },
    );
    const hook = fakeSender('slack', () => new Promise<SendResult>((resolve) => hung.push(() => resolve(failed))));
    await addDeliveries(
      database.pool,
      Array.from({ length: 10_000 }, (_, n) => ({ key: `h${n}`, repId: 1 })),
    );
    await addDeliveries(
      database.pool,
      Array.from({ length: 100 }, (_, n) => ({ key: `s${n}`, channel: 'slack' as const, place: `#${n}` })),
    );
    run(database.pool, [email, hook]);
    await delay(300);
    const began = Date.now();
    await addDeliveries(
      database.pool,
      Array.from({ length: 400 }, (_, n) => ({ key: `g${n}`, repId: 2 + (n % 4) })),
    );
    await until(async () => {
      const { rows } = await database.pool.query(
        `select count(*) n from delivery where key like 'g%' and state = 'sent'`,
      );
      return rows[0].n === 400;
    });
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(email.sent.filter(({ repId }) => repId === 1).length).toBe(4);
    expect(hook.sent.length).toBe(32);
    for (const end of hung) end();
  });

  test('an attempt that never ends is cut, and counts as failed', async () => {
    const email = fakeSender('email', () => new Promise(() => {}));
    await addDeliveries(database.pool, [{ key: 'a', repId: 1 }]);
    run(database.pool, [email], { attemptMs: 200 });
    const row = await until(async () => {
      const now = await rowOf('a');
      return now.last_error === null ? null : now;
    });
    expect(row.last_error).toBe('no answer in time');
  });

  test('who comes back after the lease cannot say what became of it; the other one can', async () => {
    await addDeliveries(database.pool, [{ key: 'a', repId: 1 }]);
    const [slow] = await claimDue(database.pool, 'slow', new Lanes(DELIVERY_CHANNELS));
    expect(await claimDue(database.pool, 'other', new Lanes(DELIVERY_CHANNELS))).toEqual([]);
    await database.pool.query('update delivery set next_at = now_ms() - 1, lease_until = now_ms() - 1');
    const [other] = await claimDue(database.pool, 'other', new Lanes(DELIVERY_CHANNELS));
    if (slow === undefined || other === undefined) throw new Error('nothing was claimed');
    const late = await settle(
      database.pool,
      'slow',
      [{ claimed: slow, result: { ok: false, retry: false, detail: 'no' }, tookMs: 1 }],
      () => 0,
    );
    expect(late.size).toBe(0);
    expect((await rowOf('a')).state).toBe('pending');
    await settle(database.pool, 'other', [{ claimed: other, result: { ok: true, detail: 'ok' }, tookMs: 1 }], () => 0);
    expect((await rowOf('a')).state).toBe('sent');
    expect(await attemptsOf('a')).toEqual(['lost', 'sent']);
  });

  test('two nodes share the work and send nothing twice', async () => {
    const email = fakeSender('email', async () => {
      await delay(2);
      return { ok: true, detail: 'ok' };
    });
    await addDeliveries(
      database.pool,
      Array.from({ length: 500 }, (_, n) => ({ key: `k${n}`, repId: 1 + (n % 5) })),
    );
    run(database.pool, [email]);
    run(database.pool, [email]);
    await until(async () => {
      const { rows } = await database.pool.query(`select count(*) n from delivery where state = 'sent'`);
      return rows[0].n === 500;
    });
    expect(new Set(email.sent.map(({ key }) => key)).size).toBe(500);
    expect(email.sent.length).toBe(500);
  });

  test('nothing about the people of the demo leaves by mail, since those who would get it are made up', async () => {
    await database.pool.query(
      `with made as (insert into source (name, kind, trust) values ('demo site', 'demo', 'server') returning id)
       insert into contact (id, source_id, created_at, updated_at, known, state) select 77, id, 1, 1, true, '{}' from made`,
    );
    const email = fakeSender('email');
    await addDeliveries(database.pool, [{ key: '77:0:email', repId: 1, decisionId: 77 }]);
    run(database.pool, [email]);
    const row = await inState('77:0:email', 'superseded');
    expect([row.closed_reason, email.sent.length]).toEqual(['of the demo, whose people are made up', 0]);
  });

  test('what is for a channel that is not set up takes another way at once, with one alert, and is not sent when it is set up', async () => {
    await addDeliveries(database.pool, [
      { key: '1:0:slack', channel: 'slack', repId: 1, decisionId: 1 },
      { key: '2:0:slack', channel: 'slack', repId: 2, decisionId: 2 },
      { key: '2:0:email', repId: 2, decisionId: 2 },
      { key: '3:0:slack', channel: 'slack', place: 'ops@company.example', decisionId: 3 },
      { key: '4:0:slack', channel: 'slack', place: '#inbound', decisionId: 4 },
      { key: 'leak:7:slack:#ops', channel: 'slack', place: '#ops' },
    ]);
    const email = fakeSender('email');
    const outbox = runOutbox(database.pool, [email]);
    for (const key of ['1:0:slack', '2:0:slack', '3:0:slack', '4:0:slack', 'leak:7:slack:#ops'])
      await inState(key, 'superseded');
    await inState('1:0:email', 'sent');
    await inState('3:0:email', 'sent');
    await outbox.stop();
    expect((await rowOf('1:0:slack')).closed_reason).toBe('slack is not set up here; it goes by email instead');
    expect((await rowOf('2:0:slack')).closed_reason).toBe('slack is not set up here; it goes by email too');
    expect((await rowOf('4:0:slack')).closed_reason).toBe('slack is not set up here; it stands in the app');
    expect(email.sent.map(({ key }) => key).toSorted()).toEqual(['1:0:email', '2:0:email', '3:0:email']);
    expect(email.sent.find(({ key }) => key === '1:0:email')?.body).toContain('because slack is not set up here');
    const told = await database.pool.query('select kind, key, count from alert');
    expect(told.rows).toEqual([{ kind: 'channel-not-set-up', key: 'unset slack', count: 5 }]);

    const slack = fakeSender('slack');
    run(database.pool, [email, slack]);
    await until(async () => {
      const open = await database.pool.query('select 1 from alert where closed_at is null');
      return open.rows.length === 0;
    });
    expect(slack.sent).toEqual([]);
  });

  test('a channel that the policy asks for and nobody set up is said once, before any notice meets it', async () => {
    const keys = async () =>
      (await database.pool.query<{ key: string }>('select key from alert where closed_at is null')).rows.map(
        ({ key }) => key,
      );
    const asked = async () => new Set(['in-app', 'email', 'teams']);
    const outbox = runOutbox(database.pool, [fakeSender('email')], { asked });
    await until(async () => (await keys()).length > 0);
    await outbox.stop();
    expect(await keys()).toEqual(['unset teams']);
  });

  test('what is for somebody who is away goes to the cover; without one it stays with them', async () => {
    const email = fakeSender('email');
    await addDeliveries(database.pool, [
      { key: '7:0:email', repId: 1 },
      { key: '7:1:email', repId: 3 },
    ]);
    const away = [{ from: 0, to: null, why: 'away' as const }];
    run(database.pool, [email], {
      edit: (people) => ({
        ...people,
        reps: new Map(
          [...people.reps].map(([id, rep]) => [
            id,
            id === 1 ? { ...rep, absences: away, coverId: 2 } : id === 3 ? { ...rep, absences: away } : rep,
          ]),
        ),
      }),
    });
    const moved = await inState('7:0:email', 'sent');
    await inState('7:1:email', 'sent');
    expect(moved.destination).toBe('email rep:2');
    expect(
      email.sent.map(({ repId, coversFor }) => [repId, coversFor]).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
    ).toEqual([
      [2, 1],
      [3, null],
    ]);
  });
});

describe('a notice of high intent', () => {
  test('that got through nowhere in ten minutes takes another way, and the manager is told', async () => {
    await database.pool.query('update rep set manager_id = 5 where id = 1');
    const email = fakeSender('email', () => failed);
    const slack = fakeSender('slack');
    await addDeliveries(database.pool, [
      { key: '90:0:email', repId: 1, handoffId: 90, intent: 'high', ageMs: 11 * 60_000, decisionId: 90 },
      { key: '91:0:email', repId: 1, handoffId: 91, intent: 'high', ageMs: 5 * 60_000, decisionId: 91 },
      { key: '92:0:email', repId: 1, handoffId: 92, intent: 'standard', ageMs: 11 * 60_000, decisionId: 92 },
      { key: '93:0:email', repId: 2, handoffId: 93, intent: 'high', ageMs: 11 * 60_000, decisionId: 93 },
      { key: '93:0:slack', repId: 2, handoffId: 93, intent: 'high', channel: 'slack', decisionId: 93 },
    ]);
    await database.pool.query(`update delivery set state = 'sent', closed_at = 1 where key = '93:0:slack'`);
    run(database.pool, [email, slack]);
    await inState('90:0:slack', 'sent');
    await until(async () => slack.sent.length === 2);
    expect(slack.sent.map(({ key, repId, subject }) => [key, repId, subject]).toSorted()).toEqual([
      ['90:0:slack', 1, 'Subject of 90:0:email'],
      ['90:0:slack:manager', 5, 'Rep 1 could not be told: Subject of 90:0:email'],
    ]);
    const { rows } = await database.pool.query('select rep_id, decision_id, effect_index from notification');
    expect(rows).toEqual([{ rep_id: 5, decision_id: 90, effect_index: 3_000 }]);
    expect(await alerts()).toContain('notice-late');
  });
});
