import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { MIA } from '../handoff/randomActsFixture.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { changeRep } from './reps.ts';
import { changeTeam } from './teams.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const deciding = () => ({ pool: database.pool, references: node.references, ids: node.ids });

type Running = { contact_id: number; owner_id: number; ref: string | null };
const running = async (): Promise<readonly Running[]> =>
  (
    await database.pool.query<Running>(
      `select c.id as contact_id, h.owner_id, c.state::jsonb->'handoff'->'response'->>'on' as ref
       from handoff h join contact c on c.id = h.contact_id where h.closed_at is null order by h.id`,
    )
  ).rows;

/** Hours of one day of the week after next, so that what is owed lies on it and nowhere else. */
const hoursOn = (ahead: number): string => {
  const day = new Date(Date.now() + ahead * 86_400_000);
  return `${day.toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' }).toLowerCase()} 09:00-12:00, 13:00-19:00`;
};

test('where no team says when it works, what is owed runs on the rep’s own hours and holidays, also after they gave it away', async () => {
  for (let rep = 1; rep <= 5; rep += 1) {
    const zone = rep % 2 === 0 ? 'Europe/Berlin' : 'America/New_York';
    const change = { timeZone: zone, hours: hoursOn(2), holidays: rep % 2 === 0 ? 'DE-BY' : 'US' };
    expect(await changeRep(deciding(), String(rep), change)).toMatchObject({ ok: true });
  }
  for (let n = 0; n < 5; n += 1) await node.intake.submit([makeDemoRequest(`ann@firm${n}.example`)]);
  const leads = await running();
  expect(leads.map(({ owner_id, ref }) => ref === `rep/${owner_id}`)).toEqual([true, true, true, true, true]);
  expect(await askOracles(database.pool)).toEqual([]);

  const given = leads[0] as Running;
  const to = given.owner_id === 1 ? 2 : 1;
  const { contact_id: contactId } = given;
  const moved = await node.acts.act({ contactId }, { kind: 'manager-acted', by: MIA, act: { do: 'assign', to } });
  expect(moved.kind).toBe('done');
  expect((await running())[0]).toMatchObject({ owner_id: to, ref: given.ref });
  const change = { hours: hoursOn(4) };
  expect(await changeRep(deciding(), String(given.owner_id), change)).toMatchObject({ value: { decided: 1 } });
  expect(await askOracles(database.pool)).toEqual([]);
});

test('a team’s hours move what runs on them, also where it came by another way than the team’s', async () => {
  expect(await changeTeam(deciding(), 'inbound', { timeZone: 'UTC', hours: hoursOn(3) })).toMatchObject({ ok: true });
  const own = await node.intake.submit([makeDemoRequest('own@firm.example')]);
  expect(own[0]).toMatchObject({ outcome: 'accepted' });
  const [contactId] = (await running()).slice(-1).map((one) => one.contact_id);
  // as a lead by hand has it: no route gave it to the team, and its clock runs on that team's hours all the same
  await database.pool.query('update handoff set team_id = null where contact_id = $1', [contactId]);
  expect((await running()).at(-1)).toMatchObject({ ref: 'team/inbound' });
  expect(await changeTeam(deciding(), 'inbound', { hours: hoursOn(5) })).toMatchObject({ ok: true });
  expect(await askOracles(database.pool, ['open'])).toEqual([]);
});
