import type { HandoffStatus } from '@baton/domain/handoff/state.ts';
import { type CountedHandoff, countFunnel, promiseKeptPerMille } from '@baton/domain/measures/counts.ts';
import { type HandoffTimes, type MeasureId, measure } from '@baton/domain/measures/measures.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { makeDice, startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { loadFunnel, type Spread } from './funnel.ts';

const PEOPLE = 60;

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

/** People who each go some way: accepted or not, tried or not, rejected, a deal, won, lost. Acts are a while apart. */
const live = async (dice: (below: number) => number): Promise<void> => {
  for (let n = 0; n < PEOPLE; n += 1) {
    const [receipt] = await node.intake.submit([makeDemoRequest(`p${n}@firm${n}.example`)]);
    if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
    const contactId = receipt.contactId as number;
    const { rows } = await database.pool.query<{ id: number; owner_id: number; deal_id: number | null }>(
      'select id, owner_id, deal_id from handoff where contact_id = $1',
      [contactId],
    );
    const handoff = rows[0];
    if (handoff === undefined) throw new Error('expected a handoff');
    const by = { kind: 'rep', id: handoff.owner_id } as const;
    const at = (): number => Date.now() + 1 + dice(5) * 3_600_000;
    const changed = (to: 'created' | 'won' | 'lost', dealId: number, when: number) =>
      node.acts.act(
        { contactId },
        { kind: 'deal-changed', by, dealId, change: { to, at: when, reason: to === 'lost' ? 'price' : null } },
        { asOf: when },
      );
    let when = at();
    const act = async (what: Parameters<Node['acts']['act']>[1]) => {
      when += 60_000 * (1 + dice(600));
      return node.acts.act({ contactId }, what, { asOf: when });
    };
    const steps = dice(7);
    if (steps > 0) await act({ kind: 'rep-acted', by, act: { do: 'accept' } });
    if (steps === 1) await act({ kind: 'rep-acted', by, act: { do: 'reject', reason: 'no-intent', detail: null } });
    if (steps > 2)
      await act({
        kind: 'rep-acted',
        by,
        act: { do: 'log-contact', channel: 'call', outcome: 'connected', note: null, at: when },
      });
    if (steps > 3) {
      const dealId = handoff.deal_id ?? 1_000_000 + n;
      if (handoff.deal_id === null)
        await database.pool.query(
          `insert into deal (id, created_at, updated_at, pipeline_id, stage_id, made_by, name)
           values ($1, $2, $2, 'sales', 'appointment', 'person', 'A deal')`,
          [dealId, when],
        );
      when += 3_600_000;
      await changed('created', dealId, when);
      if (steps > 4) await changed(steps === 5 ? 'lost' : 'won', dealId, when + 86_400_000);
    }
    if (dice(3) === 0) await act({ kind: 'withdrawn', by, cause: 'by-hand' });
  }
};

type Told = HandoffTimes & { kind: CountedHandoff['kind']; status: HandoffStatus; response: 'kept' | 'broken' | null };

/** What the rows tell of each handoff, read one by one and without the report's statement. */
const readHandoffs = async (): Promise<readonly Told[]> => {
  const { pool } = database;
  const { rows } = await pool.query<{
    id: number;
    contact_id: number;
    kind: CountedHandoff['kind'];
    status: HandoffStatus;
    qualified_at: number;
    accepted_at: number | null;
    contacted_at: number | null;
    deal_id: number | null;
  }>('select * from handoff');
  const told: Told[] = [];
  for (const row of rows) {
    const one = async <T extends object>(text: string, value: number | null): Promise<T | undefined> =>
      (await pool.query<T>(text, [value])).rows[0];
    const deal = await one<{ status: string; closed_at: number }>(
      'select status, closed_at from deal where id = $1',
      row.deal_id,
    );
    const stage = await one<{ at: number }>(
      `select at from stage_entry where contact_id = $1 and to_stage = 'opportunity' order by at limit 1`,
      row.contact_id,
    );
    const clock = await one<{ how: 'kept' | 'broken' }>(
      `select how from handoff_clock where handoff_id = $1 and kind = 'response' and how in ('kept', 'broken') order by stopped_at limit 1`,
      row.id,
    );
    told.push({
      kind: row.kind,
      status: row.status,
      response: clock?.how ?? null,
      qualifiedAt: row.qualified_at,
      acceptedAt: row.accepted_at,
      contactedAt: row.contacted_at,
      dealAt: stage?.at ?? null,
      wonAt: deal?.status === 'won' ? deal.closed_at : null,
    });
  }
  return told;
};

/** Middle and ninetieth part by linear interpolation, as PostgreSQL's percentile_cont defines them. */
const spreadOf = (handoffs: readonly Told[], id: MeasureId): Spread => {
  const values = handoffs
    .map((one) => measure(id, one))
    .filter((ms) => ms !== null)
    .sort((one, other) => one - other);
  const part = (share: number): number | null => {
    if (values.length === 0) return null;
    const place = share * (values.length - 1);
    const [low, high] = [values[Math.floor(place)] as number, values[Math.ceil(place)] as number];
    return Math.round(low + (high - low) * (place - Math.floor(place)));
  };
  return { count: values.length, medianMs: part(0.5), p90Ms: part(0.9) };
};

test('the report says of a random history what the one definition of each measure and count says', async () => {
  const seed = Number(process.env.BATON_TEST_SEED ?? Date.now() % 1_000_000);
  const message = `BATON_TEST_SEED=${seed}`;
  await live(makeDice(seed));
  const handoffs = await readHandoffs();
  expect(handoffs.length, message).toBe(PEOPLE);
  const [row] = await loadFunnel(database.pool, { by: 'all' });
  if (row === undefined) throw new Error('expected a row');
  expect(row.toAccept, message).toEqual(spreadOf(handoffs, 'handoff-to-accept'));
  expect(row.toContact, message).toEqual(spreadOf(handoffs, 'handoff-to-contact'));
  expect(row.toDeal, message).toEqual(spreadOf(handoffs, 'handoff-to-deal'));
  expect(row.toWon, message).toEqual(spreadOf(handoffs, 'handoff-to-won'));
  const counted = handoffs.map(
    (one): CountedHandoff => ({
      kind: one.kind,
      status: one.status,
      isAccepted: one.acceptedAt !== null,
      isContacted: one.contactedAt !== null,
      hasDeal: one.dealAt !== null,
      response: one.response,
    }),
  );
  const { counts } = countFunnel(counted);
  expect(
    {
      mql: row.mql,
      sql: row.sql,
      'sql-withdrawn': row.sqlWithdrawn,
      contacted: row.contacted,
      deal: row.deals,
      won: row.won,
      lost: row.lost,
      rejected: row.rejected,
    },
    message,
  ).toEqual(counts);
  const ended = row.promisesKept + row.promisesBroken;
  expect(ended === 0 ? null : Math.floor((1000 * row.promisesKept) / ended), message).toBe(
    promiseKeptPerMille(counted),
  );
  expect(
    row.won * row.lost * row.rejected * row.sqlWithdrawn,
    `${message}: the history tells too little`,
  ).toBeGreaterThan(0);
});
