import type { ContactId } from '@baton/domain/kernel/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy, putInForce, startNode } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { markAway } from '../people/absences.ts';
import { changeRep } from '../people/reps.ts';
import { type FireDeps, fireDueClocks } from './fireClocks.ts';

const HOUR_MS = 3_600_000;
const POLICY = offeringPolicy().replace(
  'high: { contact-within: 4h }',
  'high: { contact-within: 4h, ladder: [ { at: 50%, do: remind }, { at: 100%, do: [remind-task, tell-manager] }, { at: 150%, do: reassign } ] }',
);

let database: TestDatabase;
let node: Node;
let other: Node;
const faults: unknown[] = [];

beforeAll(async () => {
  ({ database, node } = await startCompany(POLICY));
  other = startNode(database.pool);
});
afterAll(async () => {
  await node.intake.stop();
  await other.intake.stop();
  await database.drop();
});

const depsOf = ({ references, ids }: Node): FireDeps => ({
  pool: database.pool,
  references,
  ids,
  onFault: (error) => faults.push(error),
});
const rowsOf = async <T extends object>(sql: string, values: unknown[] = []): Promise<readonly T[]> =>
  (await database.pool.query<T>(sql, values)).rows;

let serial = 0;

/** Somebody who asked for a demo so long ago; nothing has looked at their clocks since. */
const handedOff = async (agoMs: number): Promise<ContactId> => {
  serial += 1;
  const timestamp = Date.now() - agoMs;
  const [receipt] = await node.intake.submit([
    makeDemoRequest(`p${serial}@firm${serial}.example`, { mode: 'as-of-row', timestamp }),
  ]);
  if (receipt?.outcome !== 'accepted') throw new Error(JSON.stringify(receipt));
  return receipt.contactId as ContactId;
};
const stepsOf = (contactId: ContactId) =>
  rowsOf<{ kind: string; step: number; act: string; owner: number; late: number }>(
    `select k.kind, s.step, s.act, k.owner_id as owner, s.fired_at - s.planned_at as late
     from clock_step s join handoff_clock k on k.id = s.clock_id where k.contact_id = $1 order by s.fired_at, k.kind, s.step`,
    [contactId],
  );

test('an offer that lapses goes on to the next rep; its response clock keeps its steps in a row of its own', async () => {
  const contactId = await handedOff(0.5 * HOUR_MS + 100);
  const before = await rowsOf<{ owner_id: number }>('select owner_id from handoff where contact_id = $1', [contactId]);
  expect(await fireDueClocks(depsOf(node))).toBeGreaterThan(0);
  const after = await rowsOf<{ owner_id: number; offers: number }>(
    'select owner_id, offers from handoff where contact_id = $1',
    [contactId],
  );
  expect(after[0]?.offers).toBe(2);
  expect(after[0]?.owner_id).not.toBe(before[0]?.owner_id);
  expect((await stepsOf(contactId)).map(({ kind, step, act }) => [kind, step, act])).toEqual([['accept', 1, 'lapse']]);
  const clocks = await rowsOf(
    `select kind, how, owner_id = $2 as new from handoff_clock where contact_id = $1 order by id`,
    [contactId, after[0]?.owner_id],
  );
  expect(clocks).toEqual(
    expect.arrayContaining([
      { kind: 'response', how: 'replaced', new: false },
      { kind: 'response', how: null, new: true },
      { kind: 'accept', how: null, new: true },
    ]),
  );
  expect(await askOracles(database.pool)).toEqual([]);
});

test('after an outage everything late is recorded once, in order, and told of once, by whichever node comes first', async () => {
  const contacts = [await handedOff(5 * HOUR_MS), await handedOff(9 * HOUR_MS), await handedOff(200 * HOUR_MS)];
  await Promise.all([fireDueClocks(depsOf(node)), fireDueClocks(depsOf(other))]);
  await fireDueClocks(depsOf(node));
  for (const contactId of contacts) {
    const steps = await stepsOf(contactId);
    const response = steps.filter(({ kind }) => kind === 'response');
    expect(response.length).toBeGreaterThanOrEqual(2);
    expect(response.map(({ step }) => step)).toEqual(response.map((_, index) => index + 1));
    expect(response.every(({ late }) => late > 0)).toBe(true);
    const told = await rowsOf<{ rep_id: number; n: number }>(
      `select rep_id, count(*) as n from notification where contact_id = $1 and about = 'promise' and rep_id is not null group by rep_id`,
      [contactId],
    );
    expect(told.every(({ n }) => n === 1)).toBe(true);
  }
  const due = await rowsOf('select 1 from handoff_clock where stopped_at is null and next_at <= now_ms()');
  expect(due).toEqual([]);
  expect(await askOracles(database.pool)).toEqual([]);
  expect(faults).toEqual([]);
});

test('a clock that starts anew and fires in one transaction keeps that step in its new row', async () => {
  // the offer lapses half a minute before half of the promise has passed
  await putInForce(database.pool, POLICY.replace('contact-within: 4h', 'contact-within: 61m'));
  const contactId = await handedOff((61 * HOUR_MS) / 120 + 100);
  expect(await fireDueClocks(depsOf(node))).toBe(2);
  const clocks = await rowsOf(
    `select k.kind, k.how, array_agg(s.act order by s.step) as acts from handoff_clock k left join clock_step s on s.clock_id = k.id
     where k.contact_id = $1 group by k.id order by k.id`,
    [contactId],
  );
  expect(clocks).toEqual(
    expect.arrayContaining([
      { kind: 'accept', how: 'broken', acts: ['lapse'] },
      { kind: 'response', how: 'replaced', acts: [null] },
      { kind: 'response', how: null, acts: ['remind'] },
    ]),
  );
  expect(await askOracles(database.pool)).toEqual([]);
});

test('one parked before it was accepted comes back with a time to accept: its owner’s, or the cover’s where they are away', async () => {
  const deciding = { pool: database.pool, references: node.references, ids: node.ids };
  for (const isAway of [false, true]) {
    const contactId = await handedOff(0);
    const [given] = await rowsOf<{ id: number; email: string }>(
      'select r.id, r.email from handoff h join rep r on r.id = h.owner_id where h.contact_id = $1',
      [contactId],
    );
    const [other] = await rowsOf<{ id: number; email: string }>(
      'select r.id, r.email from rep r join team_member m on m.rep_id = r.id where r.id <> $1 and r.selling and r.active limit 1',
      [given?.id],
    );
    if (given === undefined || other === undefined) throw new Error('expected two reps');
    const act = { do: 'park', until: Date.now() + 400, note: null } as const;
    const parked = await node.acts.act({ contactId }, { kind: 'rep-acted', by: { kind: 'rep', id: given.id }, act });
    expect(parked.kind).toBe('done');
    if (isAway) {
      expect(await changeRep(deciding, given.email, { cover: other.email })).toMatchObject({ ok: true });
      expect(await markAway(deciding, given.email, { handoffs: 'keep' })).toMatchObject({ ok: true });
    }
    const running = () =>
      rowsOf(`select kind, owner_id from handoff_clock where contact_id = $1 and stopped_at is null order by kind`, [
        contactId,
      ]);
    const owner_id = isAway ? other.id : given.id;
    await expect
      .poll(() => fireDueClocks(depsOf(node)).then(running), { timeout: 10_000 })
      .toEqual([
        { kind: 'accept', owner_id },
        { kind: 'response', owner_id },
      ]);
    expect(await askOracles(database.pool)).toEqual([]);
  }
  expect(faults).toEqual([]);
});

test('a second look changes nothing: no step, no decision, no notice', async () => {
  const count = () =>
    rowsOf(
      'select (select count(*) from clock_step) as steps, (select count(*) from decision) as decisions, (select count(*) from notification) as notices',
    );
  const before = await count();
  expect(await fireDueClocks(depsOf(node))).toBe(0);
  expect(await count()).toEqual(before);
});
