import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, makeEvent, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { askOracles } from './askOracles.ts';
import { ORACLES } from './oracles.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  await node.intake.submit([
    makeDemoRequest('ann@a.example'),
    makeDemoRequest('bob@b.example'),
    makeDemoRequest('cat@b.example'),
    makeEvent({ messageKey: 'plain' }),
    makeEvent({ type: 'page', name: 'page' }),
  ]);
});

afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

/** A step of the response clock, in rows and state, as the decision that made its handoff would have fired it. */
const step = (n: number, at = 'started_at'): string =>
  `insert into clock_step (handoff_id, clock_id, step, act, planned_at, fired_at, decision_id)
   select handoff_id, id, ${n}, 'remind', started_at, ${at}, handoff_id from handoff_clock where kind = 'response' and stopped_at is null;
   update contact set state = jsonb_set(state::jsonb, '{handoff,response,fired}', '${n}')::text where state::jsonb->'handoff' ? 'response'`;

/** The team works in Berlin, with lunch; its response clocks are owed in working time, by this local instant. */
const workingDue = (local: string): string =>
  `update team set time_zone = 'Europe/Berlin', hours = 'mon-fri 09:00-12:30, 13:30-18:00';
   update contact set state = jsonb_set(jsonb_set(jsonb_set(state::jsonb, '{handoff,response,on}', '"team/inbound"'),
     '{handoff,response,within}', '{"kind":"working","ms":1800000}'), '{handoff,response,dueAt}',
     to_jsonb((extract(epoch from timestamp '${local}' at time zone 'Europe/Berlin') * 1000)::bigint))::text
   where state::jsonb->'handoff' ? 'response';
   update handoff_clock k set next_at = coalesce(c.state::jsonb->'handoff'->'response'->>'nextAt', c.state::jsonb->'handoff'->'response'->>'dueAt')::bigint
   from contact c where c.id = k.contact_id and k.kind = 'response'`;

/** The same for a rep's own hours, in another zone, where no team has any. */
const repDue = (local: string, holidays = ''): string =>
  `${workingDue('2026-11-24 10:00')}; update team set time_zone = null, hours = null;
   update rep set time_zone = 'America/New_York', hours = 'mon-thu 08:00-12:00, 13:00-17:00'${holidays === '' ? '' : `, holidays = '${holidays}'`};
   update contact set state = jsonb_set(jsonb_set(state::jsonb, '{handoff,response,on}', '"rep/1"'),
     '{handoff,response,dueAt}', to_jsonb((extract(epoch from timestamp '${local}' at time zone 'America/New_York') * 1000)::bigint))::text
   where state::jsonb->'handoff' ? 'response';
   update handoff_clock k set next_at = coalesce(c.state::jsonb->'handoff'->'response'->>'nextAt', c.state::jsonb->'handoff'->'response'->>'dueAt')::bigint
   from contact c where c.id = k.contact_id and k.kind = 'response'`;
const holidaysOf = (of: string | null, worked: readonly string[] = []): string =>
  JSON.stringify({ of, closed: [], worked });
const withHolidays = (due: string, of: string, worked: readonly string[] = []): string =>
  `${due}; update team set holidays = '${holidaysOf(of, worked)}'`;

/** A delivery as it stands when it got through; `more` sets other columns. */
const delivery = (more = '', state = 'sent'): string =>
  `insert into delivery (next_at, created_at, closed_at, attempts, handoff_id, contact_id, decision_id, rep_id, to_owner, key, destination, channel, about, state, subject, body)
   select qualified_at, qualified_at, ${state === 'pending' ? 'null' : 'qualified_at'}, 1, id, contact_id, id, owner_id, true, id || ':0:email', 'email rep:' || owner_id, 'email', 'assigned', '${state}', '', ''
   from handoff where status = 'offered' limit 1;
   insert into delivery_attempt select id, 1, created_at, 5, 'sent', 'n', '' from delivery where state = 'sent';
   ${more === '' ? '' : `update delivery set ${more};`}`;
const sentWebhook = `insert into webhook (name, url, secrets, created_by, since, changed_at) values ('w', 'https://w.example/', '[]', 'test', 0, 0)`;

/** For each oracle, the smallest harm that it must see. */
const HARM: Readonly<Record<string, readonly string[]>> = {
  D1: [`insert into message_seen values (1, 'acknowledged and lost', '\\x00')`],
  D2: ['insert into event select * from event limit 1'],
  D3: ['update event set contact_id = 987654321 where ctid = (select min(ctid) from event)'],
  D4: [`update contact set state = jsonb_set(state::jsonb, '{facts}', '{}')::text where email = 'ann@a.example'`],
  D5: ['update event set effective_at = received_at + 1', 'update handoff_clock set due_at = started_at - 1'],
  Q1: ['delete from handoff', 'delete from qualification', 'update qualification set handoff_id = null'],
  Q2: [
    `drop index handoff_one_open`,
    `insert into handoff select h.id + 1000, ${'h.contact_id, h.company_id, h.group_id, h.owner_id, h.deal_id, h.qualified_at, h.accepted_at, h.contacted_at, h.closed_at, h.updated_at, h.due_at, h.episode, h.offers, h.attempts, h.breached, h.status, h.kind, h.intent, h.rule_id, h.route_id, h.team_id, h.queue_id, h.policy_hash, h.reason, h.closed_reason, h.touches, h.source_first, h.source_latest, h.declined_by'} from handoff h`,
  ],
  Q3: [`update decision set policy_hash = 'made up'`],
  O1: [
    'update rep set active = false',
    'delete from handoff_clock',
    `insert into handoff_clock (handoff_id, contact_id, started_at, due_at, next_at, kind) select id, contact_id, qualified_at, qualified_at, qualified_at, 'outcome' from handoff`,
  ],
  O2: [
    'delete from ledger_step where seq = 1',
    `update ledger set balances = '[[1,"5",0]]'`,
    'update ledger set seq = seq + 1',
  ],
  C1: [
    `alter table clock_step drop constraint clock_step_pkey; ${step(1)}; ${step(1)}`,
    `${step(1)}; ${step(3)}`,
    `${step(1, 'started_at + 9')}; ${step(2, 'started_at + 1')}`,
    `${step(1)}; update clock_step set clock_id = -clock_id`,
    `${step(1, 'next_at')}`,
    `${step(1)}; delete from clock_step`,
    'update handoff_clock set next_at = next_at + 1',
    `${step(1)}; update contact set state = jsonb_set(state::jsonb, '{handoff,response,fired}', '2')::text where state::jsonb->'handoff' ? 'response'`,
  ],
  C2: [
    // a Sunday, a night, the hour that the clocks skip, a day off
    ...['2026-11-22 12:00', '2026-11-24 22:00', '2026-11-24 12:45'].map((local) => workingDue(local)),
    `${workingDue('2026-11-24 10:00')}; update team set holidays = '{"of":null,"closed":["2026-11-24"],"worked":[]}'`,
    // a public holiday of the country, and one of a region of it alone
    withHolidays(workingDue('2026-12-25 10:00'), 'DE'),
    withHolidays(workingDue('2027-01-06 10:00'), 'DE-BY'),
    // a rep's own Friday, lunch and night, though it is day in Berlin; and their country's holiday
    ...['2026-11-27 10:00', '2026-11-24 12:30', '2026-11-24 05:00'].map((local) => repDue(local)),
    repDue('2026-11-26 10:00', holidaysOf('US')),
    // days are owed on days that are worked
    `${withHolidays(workingDue('2026-12-25 20:00'), 'DE')}; update contact set state = jsonb_set(state::jsonb,
       '{handoff,response,within}', '{"kind":"working-days","days":1}')::text where state::jsonb->'handoff' ? 'response'`,
  ],
  C3: [
    `${step(1)}; update clock_step set planned_at = fired_at + 1`,
    `${step(1)}; update clock_step set decision_id = -1`,
    `update handoff_clock set stopped_at = due_at + 1, how = 'kept'`,
    `update handoff_clock set stopped_at = due_at - 1, how = 'broken'`,
    'update decision set recorded_at = now_ms() + 60000',
  ],
  C4: [
    `${step(1)}; update handoff_clock set stopped_at = started_at, stop_decided_at = started_at - 1, how = 'closed'`,
    `${step(1)}; update handoff set status = 'withdrawn', closed_at = qualified_at - 1, closed_reason = 'x'`,
    `update handoff set status = 'withdrawn', closed_at = qualified_at - 1, closed_reason = 'x'`,
    'drop index handoff_clock_running; insert into handoff_clock (handoff_id, contact_id, started_at, due_at, next_at, kind) select handoff_id, contact_id, started_at, due_at, next_at, kind from handoff_clock',
  ],
  E1: [
    `update policy_version set canonical = replace(canonical, '"via":["in-app"]', '"via":["in-app","email"]')`,
    delivery('decision_id = -1'),
    `${sentWebhook}; update feed_cursor set tx = pg_snapshot_xmin(pg_current_snapshot()), id = 1000000`,
  ],
  E2: [
    `${delivery()} delete from delivery_attempt`,
    `${delivery('attempts = 2')} insert into delivery_attempt select id, 2, created_at, 5, 'failed', 'n', '' from delivery`,
    delivery('attempts = 2'),
    delivery(`key = '999999:0:email'`),
  ],
  E3: [
    delivery('next_at = now_ms() + 172800000', 'pending'),
    delivery(`closed_reason = 'given up'`, 'dead'),
    delivery(`closed_reason = 'refused', attempts = 0`, 'dead'),
    `${sentWebhook}; update feed_cursor set tx = '1', id = 0; update feed set at = 1`,
  ],
  E4: [delivery('next_at = now_ms() - 600000', 'pending')],
  E5: [
    `alter table delivery drop constraint superseded_with_reason; ${delivery('attempts = 0', 'superseded')}`,
    `${delivery()} update delivery_attempt set at = at + 60000; insert into handoff_offer select handoff_id, rep_id + 1, created_at + 1, 'assigned', decision_id + 1 from delivery`,
  ],
  P1: [
    `update contact set stage = 'customer'`,
    'update contact set owner_id = 4711',
    `update handoff set status = 'open' where status = 'offered'`,
  ],
};

describe('the oracles', () => {
  test('all promises are kept after a few events', async () => {
    expect(await askOracles(database.pool)).toEqual([]);
  });

  test.each([
    ['fired', step(1)],
    ['fired twice', `${step(1)}; ${step(2)}`],
    ['due in working time', workingDue('2026-11-24 12:30')],
    ['due on a holiday of another region', withHolidays(workingDue('2027-01-06 10:00'), 'DE-NW')],
    ['due on a holiday that is worked', withHolidays(workingDue('2026-12-25 10:00'), 'DE', ['2026-12-25'])],
    ["due in the rep's own working time, which is night in Berlin", repDue('2026-11-24 17:00', holidaysOf('US'))],
  ])('a clock that %s breaks no promise', async (_, done) => {
    const client = await database.pool.connect();
    try {
      await client.query(`begin; ${done}`);
      expect(await askOracles(client)).toEqual([]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('what got through breaks no promise of what leaves the house', async () => {
    const client = await database.pool.connect();
    try {
      await client.query(`begin; ${delivery()} ${sentWebhook}`);
      expect(await askOracles(client)).toEqual([]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  for (const oracle of ORACLES) {
    const harms = HARM[oracle.id] ?? [];
    test(`${oracle.id} sees when it is broken that ${oracle.promise}`, async () => {
      expect(harms.length).toBeGreaterThan(0);
      const needsAll = oracle.id === 'Q2';
      for (const harm of needsAll ? [harms.join(';')] : harms) {
        const client = await database.pool.connect();
        try {
          await client.query('begin');
          await client.query(harm);
          const breaches = await askOracles(client);
          expect(
            breaches.map((breach) => breach.id),
            harm,
          ).toContain(oracle.id);
        } finally {
          await client.query('rollback');
          client.release();
        }
      }
    });
  }
});
