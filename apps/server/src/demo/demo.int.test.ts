import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePolicyLoader } from '../agreement/activePolicy.ts';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { type Acts, makeActs } from '../handoff/act.ts';
import type { DecideContactsDeps } from '../handoff/decideContacts.ts';
import { IdBlocks } from '../handoff/idBlocks.ts';
import { ReferenceCache } from '../handoff/references.ts';
import { loadFunnel } from '../insight/funnel.ts';
import { createIntake, type Intake } from '../intake/groupCommit.ts';
import { reevaluateDue } from '../intake/reevaluate.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { loadPeople } from '../people/loadPeople.ts';
import { addRep } from '../people/reps.ts';
import { actOnce } from './demoTraffic.ts';
import { loadDemo } from './loadDemo.ts';
import { makeRandom } from './random.ts';
import { removeDemo } from './removeDemo.ts';

let database: TestDatabase;
let intake: Intake;
let acts: Acts;
let deciding: DecideContactsDeps;
const deps = () => ({
  pool: database.pool,
  submit: intake.submit,
  acts,
  follow: () => reevaluateDue(deciding),
  now: Date.now,
});

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  const references = new ReferenceCache({ loadActivePolicy: makePolicyLoader().loadActivePolicy, loadPeople });
  // the story may not depend on which lane is first
  intake = createIntake(pool, references);
  deciding = { pool, references, ids: new IdBlocks() };
  acts = makeActs(deciding);
});
afterAll(async () => {
  await intake.stop();
  await database.drop();
});

/** Every table with its number of rows; what a removal may leave (the audit, versions of counters) is left out. */
const census = async (): Promise<Record<string, number>> => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'audit'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    counts[name] =
      (await database.pool.query<{ count: number }>(`select count(*) as count from ${name}`)).rows[0]?.count ?? 0;
  }
  return counts;
};

describe('the demo', () => {
  let before: Record<string, number>;

  test('fills an empty company with believable weeks, beside what is there', async () => {
    await addRep(database.pool, { name: 'Own Rep', email: 'own@company.example' });
    before = await census();
    const began = Date.now();
    const loaded = await loadDemo(deps());
    if (!loaded.ok) throw new Error(loaded.error.say);
    expect(loaded.value.reps).toBe(10);
    expect(loaded.value.people).toBeGreaterThan(1_000);
    expect(loaded.value.handoffs).toBeGreaterThan(60);
    const [all] = await loadFunnel(database.pool, { by: 'all' });
    expect(all?.won).toBeGreaterThan(0);
    expect(all?.rejected).toBeGreaterThan(0);
    expect(all?.toAccept.medianMs).toBeLessThan(4 * 3_600_000);
    // a healthy company: sales ends what it begins, few are late, and not only what policy made a deal of is won
    const { rows } = await database.pool.query<{ open: number; late: number; standard: number }>(
      `select count(*) filter (where h.closed_at is null) as open,
         count(*) filter (where exists (select 1 from handoff_clock k where k.handoff_id = h.id and k.stopped_at is null
           and k.kind <> 'return' and k.due_at < now_ms())) as late,
         count(*) filter (where h.status = 'won' and h.intent = 'standard') as standard from handoff h`,
    );
    const health = rows[0] ?? { open: 0, late: 0, standard: 0 };
    expect(health.open).toBeGreaterThan(20);
    expect(health.late).toBeGreaterThan(0);
    expect(health.late / health.open).toBeLessThan(0.15);
    // what follows for colleagues belongs to its own day too
    const now = await database.pool.query('select 1 from handoff h where qualified_at > $1', [began]);
    expect(now.rowCount).toBe(0);
    expect(health.standard).toBeGreaterThan(0);
    const late = await database.pool.query(
      'select 1 from handoff where qualified_at > (select max(effective_at) + 86400000 from event)',
    );
    expect(late.rowCount).toBe(0);
    const quarantined = await database.pool.query('select code, detail from quarantine limit 3');
    expect(quarantined.rows).toEqual([]);
  });

  test('has a floor with hours of their own: zones, breaks, a manager, a newcomer, and one away whom a colleague covers', async () => {
    const { reps, teams } = await loadPeople(database.pool);
    const floor = [...reps.values()].filter(({ email }) => email.endsWith('brightlane.example'));
    expect(new Set(floor.map(({ timeZone }) => timeZone)).size).toBeGreaterThan(3);
    expect(floor.every(({ calendar }) => calendar?.kind === 'intervals')).toBe(true);
    const [manager] = floor.filter(({ selling }) => !selling);
    expect([...teams.values()].map(({ managerId }) => managerId)).toEqual([manager?.id, manager?.id]);
    expect(floor.filter(({ managerId }) => managerId === manager?.id)).toHaveLength(9);
    const away = floor.filter(({ absences }) => absences !== undefined);
    expect(away.map(({ name, coverId }) => [name, reps.get(coverId ?? 0)?.name])).toEqual([
      ['Petra Nyqvist', 'Jonas Aurich'],
    ]);
    const ramps = [...teams.values()].flatMap(({ members }) => members.flatMap(({ ramp }) => ramp ?? []));
    expect(ramps.map(({ weight }) => weight)).toEqual([25, 50, 100]);
    expect(await askOracles(database.pool, ['open'])).toEqual([]);
  });

  test('is the same the second time', async () => {
    const once = await census();
    const again = await loadDemo(deps());
    expect(again).toMatchObject({ ok: true, value: { already: true } });
    expect(await census()).toEqual(once);
  });

  test('goes on through the normal intake', async () => {
    const random = makeRandom(4);
    const once = await census();
    for (let turn = 0; turn < 25; turn += 1) await actOnce(deps(), random);
    expect((await census()).event).toBeGreaterThan(once.event ?? 0);
    const quarantined = await database.pool.query('select code, detail from quarantine limit 3');
    expect(quarantined.rows).toEqual([]);
  });

  test('goes as a whole and takes nothing else', async () => {
    expect(await removeDemo(deps())).toMatchObject({ repsKept: 0 });
    expect(await census()).toEqual(before);
    expect(await removeDemo(deps())).toBeNull();
  });

  test('leaves a company with a policy of its own alone', async () => {
    const { rows } = await database.pool.query(
      `insert into policy_version (name, hash, canonical, source, created_by) values ('own', 'x', '{}', '', 'me') returning id`,
    );
    await database.pool.query(
      `insert into policy_active (seq, version_id, mode, by) values (1, $1, 'single-signer', 'me')`,
      [rows[0].id],
    );
    const own = await census();
    expect(await loadDemo(deps())).toMatchObject({ ok: false, error: { code: 'policy-in-force' } });
    expect(await census()).toEqual(own);
  });
});
