import type { LedgerLine, LedgerStep } from '@baton/domain/assignment/assignment.ts';
import { balanceOf, foldLedger } from '@baton/domain/assignment/ledger.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, starterPolicy } from '../intake/intakeFixture.ts';
import { reevaluateDue } from '../intake/reevaluate.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { deactivateRep } from './reps.ts';
import { removeMember } from './teams.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('demo-request-only')));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const deciding = () => ({ pool: database.pool, references: node.references, ids: node.ids });
const drain = () => reevaluateDue(deciding());

const ask = async (from: number, to: number): Promise<void> => {
  for (let n = from; n < to; n += 1) await node.intake.submit([makeDemoRequest(`ann@firm${n}.example`)]);
};

type StoredStep = { seq: number; at: number; kind: LedgerStep['kind']; winner: number | null; lines: string };

/** The ledger as the fold of its stored steps, and as its row says. */
const readLedger = async () => {
  const { rows } = await database.pool.query<StoredStep>(
    `select seq, at, kind, winner, lines from ledger_step where team_id = 'inbound' and intent = 'high' order by seq`,
  );
  const steps = rows.map((row): LedgerStep => {
    const lines = JSON.parse(row.lines) as Record<keyof LedgerLine, string>[];
    return {
      ...row,
      key: 'inbound/high',
      excluded: [],
      lines: lines.map((line) => ({
        repId: Number(line.repId),
        weight: Number(line.weight),
        before: BigInt(line.before),
        accrued: BigInt(line.accrued),
        after: BigInt(line.after),
      })),
    };
  });
  const live = await database.pool.query<{ balances: string }>('select balances from ledger');
  const balances = JSON.parse(live.rows[0]?.balances ?? '[]') as [number, string, number][];
  return { steps, folded: foldLedger('inbound/high', steps), balances };
};

test('who leaves a team leaves its ledger: the balance is shared out by the weights of the day, and the steps still give the balances', async () => {
  await ask(0, 7);
  const before = await readLedger();
  const [leaver] = before.balances.find(([, balance]) => balance !== '0') as [number, string, number];
  const owed = balanceOf(before.folded, leaver);
  const { rows } = await database.pool.query<{ email: string }>('select email from rep where id = $1', [leaver]);
  const others = before.folded.standings.filter((one) => one.repId !== leaver);
  const newcomer = others[0]?.repId as number;
  await database.pool.query(`update team_member set ramp = '[[0,50]]' where rep_id = $1`, [newcomer]);
  expect(await removeMember(database.pool, 'inbound', rows[0]?.email as string)).toMatchObject({ ok: true });
  await database.pool.query('update team_member set ramp = null');
  const after = await readLedger();
  expect(after.steps.at(-1)).toMatchObject({ kind: 'left', winner: null });
  expect(balanceOf(after.folded, leaver)).toBe(0n);
  for (const { repId } of others) {
    const share = balanceOf(after.folded, repId) - balanceOf(before.folded, repId);
    // 100, 100, 100, and 50 of whoever is new and still ramps up
    const due = (owed * (repId === newcomer ? 50n : 100n)) / 350n;
    expect(share - due).toBeGreaterThanOrEqual(-1n);
    expect(share - due).toBeLessThanOrEqual(1n);
  }
  expect(after.folded.standings.map((one) => [one.repId, String(one.balance), one.lastWon])).toEqual(after.balances);
  // a second time there is nothing to share, and no step
  expect(await removeMember(database.pool, 'inbound', rows[0]?.email as string)).toMatchObject({
    error: { code: 'not-a-member' },
  });
  expect((await readLedger()).steps.length).toBe(after.steps.length);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('what somebody who is switched off still has goes to others: open, tried, parked and deals', async () => {
  await ask(10, 30);
  const { rows: held } = await database.pool.query<{ id: number; contact_id: number; owner_id: number }>(
    `select id, contact_id, owner_id from handoff where closed_at is null
     and owner_id = (select max(rep_id) from team_member) order by id`,
  );
  expect(held.length).toBeGreaterThanOrEqual(4);
  const repId = held[0]?.owner_id as number;
  const by = { kind: 'rep', id: repId } as const;
  const [, tried, parked, dealt] = held.map((one) => ({ handoffId: one.id, contactId: one.contact_id }));
  if (tried === undefined || parked === undefined || dealt === undefined) throw new Error('expected four');
  const at = Date.now();
  const done = await Promise.all([
    node.acts.act(tried, {
      kind: 'rep-acted',
      by,
      act: { do: 'log-contact', channel: 'call', outcome: 'voicemail', note: null, at },
    }),
    node.acts.act(parked, { kind: 'rep-acted', by, act: { do: 'park', until: at + 86_400_000, note: null } }),
    node.acts.act(dealt, {
      kind: 'deal-changed',
      by,
      dealId: dealt.handoffId,
      change: { to: 'moved', at, reason: null },
    }),
  ]);
  expect(done.map((one) => one.kind)).toEqual(['done', 'done', 'done']);
  const switched = await deactivateRep(deciding(), `rep${repId}@sales.example`);
  expect(switched).toEqual({ ok: true, value: { value: repId, decided: held.length } });
  const left = await readLedger();
  expect(balanceOf(left.folded, repId)).toBe(0n);
  const { rows: after } = await database.pool.query<{
    status: string;
    owner_id: number | null;
    active: boolean | null;
  }>(
    `select h.status, h.owner_id, p.active from handoff h left join rep p on p.id = h.owner_id
     where h.id = any($1::int8[])`,
    [held.map((one) => one.id)],
  );
  expect(after.length).toBe(held.length);
  for (const one of after) expect(one).toMatchObject({ active: true });
  expect(after.map((one) => one.status)).toContain('deal');
  // the date that was agreed stands, with whoever has it now
  const { rows: stillParked } = await database.pool.query(
    `select h.status, h.owner_id <> $2 as moved, k.due_at, k.owner_id = h.owner_id as theirs
     from handoff h join handoff_clock k on k.handoff_id = h.id and k.stopped_at is null where h.id = $1`,
    [parked.handoffId, repId],
  );
  expect(stillParked).toEqual([{ status: 'parked', moved: true, due_at: at + 86_400_000, theirs: true }]);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('nobody is assigned to somebody who leaves at the same time, whatever comes first', async () => {
  const { rows } = await database.pool.query<{ email: string }>(
    `select email from rep join team_member on rep_id = id where active order by id limit 1`,
  );
  const email = rows[0]?.email as string;
  const asking = Array.from({ length: 12 }, (_, n) => node.intake.submit([makeDemoRequest(`bo@other${n}.example`)]));
  await Promise.all([...asking, deactivateRep(deciding(), email)]);
  await drain();
  const { rows: still } = await database.pool.query(
    'select h.id from handoff h join rep p on p.id = h.owner_id where h.closed_at is null and not p.active',
  );
  expect(still).toEqual([]);
  const { folded, balances } = await readLedger();
  expect(folded.standings.map((one) => [one.repId, String(one.balance), one.lastWon])).toEqual(balances);
  expect(await askOracles(database.pool)).toEqual([]);
});
