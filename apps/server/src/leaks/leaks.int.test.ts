/** Bugs planted on purpose, each in a company of its own: the leak detector finds them, and its one step mends them. */
import type { PoolClient } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { IdBlocks } from '../handoff/idBlocks.ts';
import { ReferenceCache } from '../handoff/references.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { createIntake } from '../intake/groupCommit.ts';
import { makeDemoRequest, makeEvent, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { loadPeople } from '../people/loadPeople.ts';
import { COULD_NOT_CHECK, checkLeaks } from './checkLeaks.ts';
import { mendLeak } from './mendLeak.ts';
import { readChecks, readLeaks } from './readLeaks.ts';
import { recount } from './recount.ts';
import { tellLeaks, writeLeakPlaces } from './tellLeaks.ts';

let database: TestDatabase;
let node: Node;

beforeEach(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  await node.intake.submit([
    makeDemoRequest('ann@a.example'),
    makeDemoRequest('bob@b.example'),
    makeEvent({ type: 'page', name: 'page' }),
  ]);
  // the recount leaves alone what may still be on its way
  await age();
});

afterEach(async () => {
  await node.intake.stop();
  await database.drop();
});

const age = () =>
  database.pool.query('update event set recorded_at = recorded_at - 120000 where recorded_at > now_ms() - 60000');

const look = async () => {
  await checkLeaks(database.pool, [() => recount(database.pool, node.references, Date.now() - 7_200_000)]);
  return readLeaks(database.pool, { after: 0, limit: 100 });
};

const mends = () => ({
  pool: database.pool,
  acts: node.acts,
  deciding: { pool: database.pool, references: node.references, ids: new IdBlocks() },
});

const ask = async <Row extends object>(sql: string, values: unknown[] = []): Promise<readonly Row[]> =>
  (await database.pool.query<Row>(sql, values)).rows;

/** An intake that takes events in and never decides: to it no policy is in force. */
const undeciding = () =>
  createIntake(database.pool, new ReferenceCache({ loadActivePolicy: async () => null, loadPeople }));

type Bug = {
  readonly plant: string | (() => Promise<void>);
  readonly check: string;
  /** False: no one step mends it. */
  readonly mends?: false;
};

const BUGS: Readonly<Record<string, Bug>> = {
  'decide is never called': {
    plant: async () => {
      const intake = undeciding();
      await intake.submit([makeDemoRequest('cat@c.example')]);
      await intake.stop();
      await age();
    },
    check: 'missed-edge',
  },
  'what a contact did is lost from its state': {
    plant: async () => {
      await database.pool.query(
        'delete from handoff_clock; delete from qualification; delete from handoff; delete from decision',
      );
      await database.pool.query(
        `update contact set state = (state::jsonb - 'handoff' - 'signals' - 'stage' - 'leadStatus')::text, stage = null, lead_status = null`,
      );
    },
    check: 'missed-edge',
  },
  'a commit without its jobs': { plant: 'delete from notification', check: 'untold' },
  'an owner deactivated by hand in SQL': {
    plant: 'update rep set active = false where id = (select min(owner_id) from handoff)',
    check: 'owner-gone',
  },
  'a clock deleted': { plant: `delete from handoff_clock where kind = 'response'`, check: 'clockless' },
  'a clock that outlives its handoff': {
    plant: async () => {
      const [row] = await ask<{ id: number; owner_id: number }>('select id, owner_id from handoff order by id limit 1');
      const by = { kind: 'rep', id: row?.owner_id ?? 0 } as const;
      await node.acts.act(
        { handoffId: row?.id ?? 0 },
        { kind: 'rep-acted', by, act: { do: 'reject', reason: 'spam', detail: null } },
      );
      await database.pool.query('update handoff_clock set stopped_at = null, how = null where handoff_id = $1', [
        row?.id,
      ]);
    },
    check: 'clockless',
  },
  'a handoff deleted': { plant: 'delete from handoff_clock; delete from handoff', check: 'unhanded', mends: false },
  'a second open handoff of one person': {
    plant: async () => {
      const columns = await ask<{ list: string }>(
        `select string_agg(column_name, ', ' order by ordinal_position) as list from information_schema.columns
         where table_name = 'handoff' and column_name <> 'id'`,
      );
      const list = columns[0]?.list;
      await database.pool.query(
        `drop index handoff_one_open; insert into handoff (id, ${list}) select id + 5000, ${list} from handoff`,
      );
    },
    check: 'doubled',
    mends: false,
  },
  'timers that stand still': {
    plant: `update handoff_clock set next_at = now_ms() - 120000`,
    check: 'step-missed',
    mends: false,
  },
  'a step that was fired twice': {
    plant: `insert into clock_step (handoff_id, clock_id, step, act, planned_at, fired_at, decision_id)
      select handoff_id, id, n, 'remind', due_at, due_at, 1 from handoff_clock cross join (values (1), (3)) as steps(n)`,
    check: 'step-doubled',
    mends: false,
  },
  'a hold that nobody ends': {
    plant: `insert into hold (contact_id, exception_id, rule_id, queue_id, since, until, afterwards, reason, decision_id)
      select min(id), 'competitor', 'demo', 'triage', 0, now_ms() - 120000, 'drop', 'a competitor', 1 from contact`,
    check: 'exit-missed',
    mends: false,
  },
  'a queue of looks that nobody drains': {
    plant: `insert into reevaluation (contact_id, cause, at) select min(id), 'company-facts', now_ms() - 600000 from contact`,
    check: 'look-missed',
    mends: false,
  },
  'a message that never leaves': {
    plant: `insert into delivery (key, destination, channel, place, about, subject, body, next_at, created_at)
      values ('x', 'email a@b.example', 'email', 'a@b.example', 'assigned', 's', 'b', now_ms() - 600000, now_ms() - 600000)`,
    check: 'undelivered',
  },
  'a destination that was switched off': {
    plant: `insert into alert (key, kind, say) values ('disabled webhook 1', 'destination-disabled', 'webhook 1 was switched off')`,
    check: 'unseen-alert',
    mends: false,
  },
  'an event in quarantine': {
    plant: `insert into quarantine (source_id, code, detail, payload, received_at, recorded_at)
      values (1, 'payload-differs', 'd', '{}', 0, now_ms() - 7200000)`,
    check: 'quarantine-unseen',
  },
  'an automation that fell silent': {
    plant: `update handoff set qualified_at = qualified_at - (1 + n) * 7 * 86400000::int8 from (values (1)) as one(n);
      insert into source (name, kind, trust) values ('x', 'api', 'server');
      alter table handoff drop constraint owner_or_queue;
      drop index handoff_one_open;
      insert into handoff (id, contact_id, group_id, qualified_at, closed_at, updated_at, episode, offers, status, kind, intent,
          rule_id, policy_hash, reason, touches)
        select 900000 + n, 900000 + n, 900000 + n, now_ms() - (n % 5) * 7 * 86400000::int8 - 3600000, now_ms(), now_ms(), 1, 1,
          'lost', 'inbound', 'high', 'demo', '', '', '{}'
        from generate_series(1, 40) as n where n % 5 > 0`,
    check: 'silent',
    mends: false,
  },
  'a list that says something else than the state': {
    plant: `update handoff set owner_id = (select max(id) from rep) where owner_id <> (select max(id) from rep)`,
    check: 'rows-differ',
    mends: false,
  },
  'a table that is gone': { plant: 'drop table quarantine', check: COULD_NOT_CHECK, mends: false },
};

describe('the leak detector', () => {
  test('finds nothing where nothing leaks, and says what it looked at', async () => {
    expect(await look()).toEqual([]);
    const checks = await readChecks(database.pool);
    expect(checks.filter(({ checkedAt }) => checkedAt === null)).toEqual([]);
    expect(checks.find(({ id }) => id === 'clockless')?.looksAt).toBe(2);
    expect(checks.find(({ id }) => id === 'missed-edge')?.looksAt).toBe(3);
  });

  for (const [name, bug] of Object.entries(BUGS))
    test(`finds ${name}`, async () => {
      if (typeof bug.plant === 'string') await database.pool.query(bug.plant);
      else await bug.plant();
      const found = (await look()).filter(({ checkId }) => checkId === bug.check);
      expect(found.length).toBeGreaterThan(0);
      expect(found[0]?.cause).not.toBe('');
      if (bug.mends === false) return;
      for (const leak of found) expect(await mendLeak(mends(), leak.id, 'Rosa')).toMatchObject({ ok: true });
      expect((await look()).filter(({ checkId }) => checkId === bug.check)).toEqual([]);
    });

  test('tells of new leaks once, in one message for each place', async () => {
    await database.pool.query('update rep set active = false');
    await look();
    expect(await tellLeaks(database.pool)).toBe(0);
    await writeLeakPlaces(database.pool, [{ channel: 'slack', place: '#revops' }], 'Rosa');
    expect(await tellLeaks(database.pool)).toBe(2);
    expect(await tellLeaks(database.pool)).toBe(0);
    const rows = await ask<{ place: string; subject: string; body: string }>(
      `select place, subject, body from delivery where about = 'leak'`,
    );
    expect(rows).toEqual([{ place: '#revops', subject: '2 new leaks', body: expect.stringMatching(/is not active/) }]);
  });

  test('a leak that is gone is closed, and keeps its number while it lasts', async () => {
    await database.pool.query('update rep set active = false where id = (select min(owner_id) from handoff)');
    const [first] = await look();
    const [second] = await look();
    expect(second?.id).toBe(first?.id);
    await database.pool.query('update rep set active = true');
    expect(await look()).toEqual([]);
    expect(await mendLeak(mends(), first?.id ?? 0, 'Rosa')).toMatchObject({
      ok: false,
      error: { code: 'leak-closed' },
    });
  });

  test('two nodes look, one of them keeps what it saw', async () => {
    const holder: PoolClient = await database.pool.connect();
    await holder.query('begin');
    await holder.query('select pg_advisory_xact_lock(7228103)');
    expect(await checkLeaks(database.pool)).toBeNull();
    await holder.query('rollback');
    holder.release();
    expect(await checkLeaks(database.pool)).toEqual({ opened: 0, cleared: 0 });
  });
});
