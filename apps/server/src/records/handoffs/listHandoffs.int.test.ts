import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testDatabase.ts';
import { countHandoffs } from './countHandoffs.ts';
import { type HandoffCursor, listHandoffs } from './listHandoffs.ts';
import { readHandoff } from './readHandoff.ts';

const AT = 1_795_000_000_000;

describe('handoffs to look at', () => {
  let database: TestDatabase;

  /** One handoff with the least that it needs. */
  const make = async (
    id: number,
    more: { name?: string; at?: number; status?: string; queue?: string; company?: string } = {},
  ): Promise<void> => {
    const at = more.at ?? AT;
    const { pool } = database;
    if (more.company !== undefined) {
      await pool.query(
        `insert into company (id, name, source_id, created_at, updated_at, facts)
         values ($1, $2, 1, $3, $3, '{"company.employees":{"value":420,"trust":"form","at":1,"source":"website","key":"k"}}')`,
        [id, more.company, at],
      );
    }
    await pool.query(
      `insert into contact (id, company_id, source_id, created_at, updated_at, known, email, name, state)
       values ($1, $2, 1, $3, $3, true, $4, $5, '{"facts":{"contact.title":{"value":"CTO","trust":"form","at":1,"source":"website","key":"k"}}}')`,
      [id, more.company === undefined ? null : id, at, `p${id}@x.example`, more.name ?? `Person ${id}`],
    );
    await pool.query(
      `insert into handoff (id, contact_id, company_id, group_id, owner_id, queue_id, qualified_at, closed_at, updated_at, episode, offers,
         status, kind, intent, rule_id, team_id, policy_hash, reason, touches)
       values ($1, $1, $2, $1, $3, $4, $5, $6, $5, 1, 1, $7, 'inbound', 'high', 'r', 'inbound', 'h', 'Asked for a demo', '{"first":null,"latest":null}')`,
      [
        id,
        more.company === undefined ? null : id,
        more.queue === undefined ? 1 : null,
        more.queue ?? null,
        at,
        more.status === 'won' ? at : null,
        more.status ?? 'open',
      ],
    );
    await pool.query(
      `insert into handoff_clock (handoff_id, contact_id, started_at, due_at, next_at, kind) values ($1, $1, $2::bigint, $2::bigint + 60000, $2::bigint + 60000, 'response')`,
      [id, at],
    );
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query(`insert into rep (name, email) values ('Ana Weber', 'ana@x.example')`);
    await database.pool.query(`insert into team (id, name) values ('inbound', 'Inbound sales')`);
    for (let id = 1; id <= 7; id += 1) await make(id, { at: id <= 5 ? AT : AT + id });
    await make(8, { name: '100 % Äpfel_GmbH', at: AT - 1, status: 'won', company: 'Obst & Söhne' });
    await make(9, { at: AT - 2, status: 'queued', queue: 'triage' });
  });
  afterAll(() => database.drop());

  const idsOf = async (choice: Partial<Parameters<typeof listHandoffs>[1]>): Promise<number[]> =>
    (await listHandoffs(database.pool, { view: 'all', limit: 50, ...choice })).rows.map((row) => row.id);

  test('pages run through every row once, newest first, equal instants by id', async () => {
    const seen: number[] = [];
    let after: HandoffCursor | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await listHandoffs(database.pool, { view: 'all', limit: 2, after });
      seen.push(...page.rows.map((row) => row.id));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1, 8, 9]);
  });

  test('views, owners, teams and ids narrow it', async () => {
    expect(await idsOf({ view: 'closed' })).toEqual([8]);
    expect(await idsOf({ view: 'owed', ids: [9, 8, 7] })).toEqual([7, 9]);
    expect(await idsOf({ repId: 1, ids: [9, 1] })).toEqual([1]);
    expect(await idsOf({ teamId: 'elsewhere' })).toEqual([]);
  });

  test('a search takes its words as they are, whatever they mean to a pattern', async () => {
    expect(await idsOf({ search: 'äpfel_g' })).toEqual([8]);
    expect(await idsOf({ search: '100 %' })).toEqual([8]);
    expect(await idsOf({ search: 'obst &' })).toEqual([8]);
    expect(await idsOf({ search: 'P3@X' })).toEqual([3]);
    expect(await idsOf({ search: '%' })).toEqual([8]);
    expect(await idsOf({ search: '\\' })).toEqual([]);
  });

  test('counts agree with the views, and what is past its due instant is late once', async () => {
    const counts = await countHandoffs(database.pool);
    expect(counts.views).toEqual({ all: 9, owed: 8, working: 0, closed: 1 });
    for (const view of ['all', 'owed', 'working', 'closed'] as const) {
      expect(await idsOf({ view })).toHaveLength(counts.views[view]);
    }
    expect(counts.reps).toEqual([{ id: 1, name: 'Ana Weber' }]);
    expect(counts.teams).toEqual([{ id: 'inbound', name: 'Inbound sales' }]);
  });

  test('an offer says by when to accept it, until somebody does', async () => {
    await database.pool.query(
      `insert into handoff_clock (handoff_id, contact_id, started_at, due_at, next_at, kind)
       values (1, 1, $1::bigint, $1::bigint + 30000, $1::bigint + 30000, 'accept')`,
      [AT],
    );
    await database.pool.query(`update handoff set status = 'offered' where id = 1`);
    const [offered] = (await listHandoffs(database.pool, { view: 'all', limit: 50, ids: [1] })).rows;
    const dueAt = new Date(AT + 30_000).toISOString();
    expect(offered).toMatchObject({
      clock: { kind: 'response' },
      acceptBy: { startedAt: new Date(AT).toISOString(), dueAt },
    });
    const { rows } = await database.pool.query<{ left: number }>('select $1::bigint - now_ms() as left', [AT + 30_000]);
    expect(Math.abs((offered?.acceptBy?.leftMs ?? 0) - (rows[0]?.left ?? 0))).toBeLessThan(60_000);
    expect((await readHandoff(database.pool, 1))?.row.acceptBy?.dueAt).toBe(dueAt);
    await database.pool.query(`update handoff_clock set stopped_at = due_at, how = 'kept' where kind = 'accept'`);
    expect((await readHandoff(database.pool, 1))?.row.acceptBy).toBeNull();
  });

  test('one in full has its row, its clocks and its facts; one that is not there is null', async () => {
    const detail = await readHandoff(database.pool, 8);
    expect(detail?.row).toMatchObject({ id: 8, team: 'Inbound sales', company: { name: 'Obst & Söhne', size: '420' } });
    expect(detail?.row.contact).toMatchObject({ title: 'CTO', email: 'p8@x.example' });
    expect(detail?.clocks).toHaveLength(1);
    expect(detail?.facts.map((fact) => fact.path)).toEqual(['contact.title', 'company.employees']);
    expect(await readHandoff(database.pool, 12_345)).toBeNull();
  });
});
