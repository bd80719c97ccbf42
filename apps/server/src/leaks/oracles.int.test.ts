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
