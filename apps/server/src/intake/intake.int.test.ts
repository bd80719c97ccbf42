import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from './companyFixture.ts';
import { makeDemoRequest, makeEvent, type Node, offeringPolicy, startNode } from './intakeFixture.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});

afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const one = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row> => {
  const { rows } = await database.pool.query<Row>(sql, values);
  expect(rows).toHaveLength(1);
  return rows[0] as Row;
};

test('a demo request is handed off whole: contact, company, decision, handoff, ledger, task, deal, notice', async () => {
  const [receipt] = await node.intake.submit([makeDemoRequest('ann@acme-robots.example')]);
  expect(receipt).toMatchObject({ outcome: 'accepted' });
  const contactId = receipt?.contactId;
  const contact = await one<{ stage: string; email: string; name: string; company_id: number; known: boolean }>(
    'select * from contact where id = $1',
    [contactId],
  );
  expect(contact).toMatchObject({ stage: 'mql', email: 'ann@acme-robots.example', known: true });
  expect(await one('select domain from company where id = $1', [contact.company_id])).toEqual({
    domain: 'acme-robots.example',
  });
  const handoff = await one<{ id: number; status: string; owner_id: number; rule_id: string; source_first: string }>(
    'select * from handoff where contact_id = $1',
    [contactId],
  );
  expect(handoff).toMatchObject({ status: 'offered', rule_id: 'hand-raiser', source_first: 'paid' });
  expect(await one('select winner, seq from ledger_step where handoff_id = $1', [handoff.id])).toEqual({
    winner: handoff.owner_id,
    seq: 1,
  });
  expect(await one('select seq from ledger')).toEqual({ seq: 1 });
  await one('select * from qualification where handoff_id = $1', [handoff.id]);
  await one('select * from decision where id = $1 and trace is not null', [handoff.id]);
  await one('select * from handoff_clock where handoff_id = $1 and kind = $2 and stopped_at is null', [
    handoff.id,
    'response',
  ]);
  await one('select * from notification where rep_id = $1 and handoff_id = $2', [handoff.owner_id, handoff.id]);
  await one('select * from handoff_offer where rep_id = $1 and handoff_id = $2', [handoff.owner_id, handoff.id]);
});

test("accepting it makes it the rep's: open, SQL, status New, first task, deal with contact and company", async () => {
  const [receipt] = await node.intake.submit([makeDemoRequest('bea@bolts.example')]);
  const handoff = await one<{ id: number; owner_id: number }>('select * from handoff where contact_id = $1', [
    receipt?.contactId,
  ]);
  const done = await node.acts.act(
    { handoffId: handoff.id },
    { kind: 'rep-acted', by: { kind: 'rep', id: handoff.owner_id }, act: { do: 'accept' } },
  );
  expect(done).toMatchObject({ kind: 'done', decision: { outcome: 'accepted' } });
  expect(
    await one('select status, accepted_at is not null as accepted from handoff where id = $1', [handoff.id]),
  ).toEqual({
    status: 'open',
    accepted: true,
  });
  expect(await one('select stage, lead_status, owner_id from contact where id = $1', [receipt?.contactId])).toEqual({
    stage: 'sql',
    lead_status: 'new',
    owner_id: handoff.owner_id,
  });
  await one('select * from task where handoff_id = $1 and closed_at is null', [handoff.id]);
  const deal = await one<{ id: number; company_id: number | null }>('select * from deal where handoff_id = $1', [
    handoff.id,
  ]);
  expect(deal.company_id).not.toBeNull();
  await one('select * from deal_contact where deal_id = $1 and contact_id = $2', [deal.id, receipt?.contactId]);
  await one('select * from deal_stage_entry where deal_id = $1', [deal.id]);
});

test('of two who accept at once one wins, and the other is told by whom', async () => {
  const [receipt] = await node.intake.submit([makeDemoRequest('cid@cogs.example')]);
  const handoff = await one<{ id: number; owner_id: number }>('select * from handoff where contact_id = $1', [
    receipt?.contactId,
  ]);
  const accept = () =>
    node.acts.act(
      { handoffId: handoff.id },
      { kind: 'rep-acted', by: { kind: 'rep', id: handoff.owner_id }, act: { do: 'accept' } },
    );
  const outcomes = await Promise.all([accept(), accept()]);
  expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['done', 'refused']);
});

test('the same message again is a duplicate; with another payload it is put aside and seen', async () => {
  const event = makeEvent({ messageKey: 'twice' });
  const differs = { ...event, payloadHash: new Uint8Array(12) };
  const [first, second, third] = [
    await node.intake.submit([event]),
    await node.intake.submit([event]),
    await node.intake.submit([differs]),
  ];
  expect(first[0]).toMatchObject({ outcome: 'accepted' });
  expect(second[0]).toMatchObject({ outcome: 'duplicate' });
  expect(third[0]).toMatchObject({ outcome: 'quarantined', code: 'payload-differs' });
  expect(await one('select count(*) from event where contact_id = $1', [first[0]?.contactId])).toEqual({ count: 1 });
  await one("select * from quarantine where message_key = 'twice'");
});

test('repetitions inside one batch count once, and an id of another source is another event', async () => {
  const event = makeEvent({ messageKey: 'in-one-batch' });
  const receipts = await node.intake.submit([
    event,
    event,
    { ...event, sourceId: 3 },
    { ...event, payloadHash: new Uint8Array(12) },
  ]);
  expect(receipts.map((receipt) => receipt.outcome)).toEqual(['accepted', 'duplicate', 'accepted', 'quarantined']);
});

test('an event that names nobody is rejected, and its neighbours are taken', async () => {
  const receipts = await node.intake.submit([makeEvent(), makeEvent({ identity: { userId: 'null' } }), makeEvent()]);
  expect(receipts.map((receipt) => receipt.outcome)).toEqual(['accepted', 'rejected', 'accepted']);
  expect(receipts[1]).toMatchObject({ code: 'no-identity' });
});

test("an event that the database can't hold is put aside alone", async () => {
  const bad = makeEvent({ claims: [{ path: 'contact.name', value: 'nul \0 inside' }], messageKey: 'bad-one' });
  const receipts = await node.intake.submit([makeEvent(), bad, makeEvent(), makeEvent()]);
  expect(receipts.map((receipt) => receipt.outcome)).toEqual(['accepted', 'quarantined', 'accepted', 'accepted']);
  await one("select * from quarantine where message_key = 'bad-one' and code = 'undecidable'");
});

test('an anonymous visitor who turns out to be somebody brings their past along', async () => {
  const anonymous = makeEvent({
    type: 'page',
    name: 'page',
    identity: { anonymousId: 'visitor-7' },
    touch: { source: 'organic' },
  });
  const [seen] = await node.intake.submit([anonymous]);
  const [known] = await node.intake.submit([
    makeEvent({ type: 'identify', identity: { anonymousId: 'visitor-7', email: 'Dora@Dials.example' } }),
  ]);
  expect(known?.contactId).toBe(seen?.contactId);
  const contact = await one<{ state: string }>('select state from contact where id = $1', [seen?.contactId]);
  expect(JSON.parse(contact.state).touches.first.source).toBe('organic');
  // another browser of the same person: two profiles become one, and the first one's past counts
  const [other] = await node.intake.submit([
    makeEvent({ type: 'page', name: 'page', identity: { anonymousId: 'visitor-8' } }),
  ]);
  expect(other?.contactId).not.toBe(seen?.contactId);
  const [joined] = await node.intake.submit([
    makeEvent({ type: 'identify', identity: { anonymousId: 'visitor-8', email: 'dora@dials.example' } }),
  ]);
  expect(joined?.contactId).toBe(seen?.contactId);
  expect(await one('select survivor_id from contact_redirect where contact_id = $1', [other?.contactId])).toEqual({
    survivor_id: seen?.contactId,
  });
  const [later] = await node.intake.submit([makeEvent({ identity: { anonymousId: 'visitor-8' } })]);
  expect(later?.contactId).toBe(seen?.contactId);
});

test('a browser never joins two known people; a trusted source does', async () => {
  const [one_, two] = await node.intake.submit([
    makeEvent({ identity: { email: 'eve@one.example' } }),
    makeEvent({ identity: { userId: 'user-eve' } }),
  ]);
  expect(one_?.contactId).not.toBe(two?.contactId);
  const both = { userId: 'user-eve', email: 'eve@one.example' };
  await node.intake.submit([makeEvent({ identity: both })]);
  expect(
    (
      await database.pool.query('select from contact_redirect where contact_id in ($1, $2)', [
        one_?.contactId,
        two?.contactId,
      ])
    ).rowCount,
  ).toBe(0);
  await node.intake.submit([makeEvent({ identity: both, sourceId: 3, sourceName: 'app', trust: 'server' })]);
  expect(
    (
      await database.pool.query('select from contact_redirect where contact_id in ($1, $2)', [
        one_?.contactId,
        two?.contactId,
      ])
    ).rowCount,
  ).toBe(1);
});

test('an alias cycle ends in one contact', async () => {
  const alias = (userId: string, previousId: string) =>
    makeEvent({
      type: 'alias',
      name: 'alias',
      identity: { userId, previousId },
      sourceId: 3,
      sourceName: 'app',
      trust: 'server',
    });
  const receipts = [];
  for (const [to, from] of [
    ['cyc-b', 'cyc-a'],
    ['cyc-c', 'cyc-b'],
    ['cyc-a', 'cyc-c'],
  ] as const)
    receipts.push(...(await node.intake.submit([alias(to, from)])));
  expect(new Set(receipts.map((receipt) => receipt.contactId)).size).toBe(1);
});

test('too much waiting is refused at once, and nothing of it is taken', async () => {
  const small = startNode(database.pool, { waitingMax: 10 });
  await expect(small.intake.submit(Array.from({ length: 11 }, () => makeEvent()))).rejects.toThrow(/overloaded/);
  await small.intake.stop();
});

test('a group call gives the company, its facts are folded, and colleagues are looked at again', async () => {
  const [receipt] = await node.intake.submit([
    makeEvent({
      type: 'group',
      name: 'group',
      identity: { userId: 'u-group', groupId: 'g-1' },
      sourceId: 3,
      sourceName: 'app',
      trust: 'server',
      companyClaims: [
        { path: 'company.name', value: 'Group One' },
        { path: 'company.domain', value: 'https://www.group-one.example/about' },
        { path: 'company.employees', value: 120 },
      ],
    }),
  ]);
  const company = await one<{ id: number; name: string; domain: string; facts: string }>(
    'select c.* from contact p join company c on c.id = p.company_id where p.id = $1',
    [receipt?.contactId],
  );
  expect(company).toMatchObject({ name: 'Group One', domain: 'group-one.example' });
  expect(JSON.parse(company.facts)['company.employees'].value).toBe(120);
  const [colleague] = await node.intake.submit([makeEvent({ identity: { email: 'fay@group-one.example' } })]);
  expect(await one('select company_id from contact where id = $1', [colleague?.contactId])).toEqual({
    company_id: company.id,
  });
});
