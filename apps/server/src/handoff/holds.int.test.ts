import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, starterPolicy } from '../intake/intakeFixture.ts';
import { reevaluateDue } from '../intake/reevaluate.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { fireDueClocks } from '../promises/fireClocks.ts';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('demo-request-only')));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const drain = async (): Promise<void> => {
  const deps = { pool: database.pool, references: node.references, ids: node.ids };
  await reevaluateDue(deps);
  await fireDueClocks(deps);
};
const ask = async (email: string, spamSuspect: boolean | null): Promise<number> => {
  const claims = spamSuspect === null ? [] : [{ path: 'contact.spam-suspect', value: spamSuspect }];
  const [receipt] = await node.intake.submit([makeDemoRequest(email, { claims })]);
  if (receipt?.outcome !== 'accepted') throw new Error(JSON.stringify(receipt));
  return receipt.contactId as number;
};
type HoldRow = { queue_id: string; until: number; since: number; afterwards: string; how: string | null };
const holdsOf = async (contactId: number): Promise<readonly HoldRow[]> =>
  (
    await database.pool.query<HoldRow>(
      'select queue_id, until, since, afterwards, how from hold where contact_id = $1 order by id',
      [contactId],
    )
  ).rows;
const handoffsOf = async (contactId: number): Promise<number> =>
  (await database.pool.query('select 1 from handoff where contact_id = $1', [contactId])).rowCount ?? 0;

/** Makes a hold or a parked handoff due, in the row and in the state that it mirrors. */
const bringForward = async (contactId: number, word: 'until' | 'returnAt', from: number): Promise<void> => {
  const due = Date.now() - 1_000;
  await database.pool.query('update contact set state = replace(state, $2, $3) where id = $1', [
    contactId,
    `"${word}":${from}`,
    `"${word}":${due}`,
  ]);
  await database.pool.query('update hold set until = $2 where contact_id = $1 and ended_at is null', [contactId, due]);
  await database.pool.query(
    `update handoff_clock set due_at = started_at, next_at = started_at where contact_id = $1 and kind = 'return' and stopped_at is null`,
    [contactId],
  );
};

test('a suspect is held with a queue and an end, dropped when it comes, and may ask again', async () => {
  const contactId = await ask('odd@firm.example', true);
  expect(await handoffsOf(contactId)).toBe(0);
  const [hold] = await holdsOf(contactId);
  expect(hold).toMatchObject({ queue_id: 'triage', afterwards: 'drop', how: null });
  expect((hold?.until ?? 0) - (hold?.since ?? 0)).toBe(7 * DAY_MS);
  await drain();
  expect((await holdsOf(contactId))[0]?.how).toBeNull();
  await bringForward(contactId, 'until', hold?.until ?? 0);
  await drain();
  expect((await holdsOf(contactId)).map((one) => one.how)).toEqual(['dropped']);
  expect(await handoffsOf(contactId)).toBe(0);
  await ask('odd@firm.example', false);
  expect(await handoffsOf(contactId)).toBe(1);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('a suspect who proves to be none is handed off at once', async () => {
  const contactId = await ask('ann@firm2.example', true);
  expect(await handoffsOf(contactId)).toBe(0);
  await ask('ann@firm2.example', null);
  expect(await handoffsOf(contactId)).toBe(0);
  await ask('ann@firm2.example', false);
  expect(await handoffsOf(contactId)).toBe(1);
  expect((await holdsOf(contactId)).map((one) => one.how)).toEqual(['released']);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('a parked handoff comes back to its owner when its date has come, with a new clock', async () => {
  const contactId = await ask('bo@firm3.example', null);
  const { rows } = await database.pool.query<{ owner_id: number }>(
    'select owner_id from handoff where contact_id = $1',
    [contactId],
  );
  const by = { kind: 'rep', id: rows[0]?.owner_id as number } as const;
  const until = Date.now() + 3 * DAY_MS;
  const parked = await node.acts.act({ contactId }, { kind: 'rep-acted', by, act: { do: 'park', until, note: null } });
  expect(parked.kind).toBe('done');
  await drain();
  const status = async () =>
    (
      await database.pool.query(
        `select h.status, h.owner_id, array_agg(k.kind order by k.kind) as clocks from handoff h
         left join handoff_clock k on k.handoff_id = h.id and k.stopped_at is null where h.contact_id = $1 group by 1, 2`,
        [contactId],
      )
    ).rows[0];
  expect(await status()).toMatchObject({ status: 'parked', clocks: ['return'] });
  const { rows: states } = await database.pool.query<{ state: string }>('select state from contact where id = $1', [
    contactId,
  ]);
  await bringForward(contactId, 'returnAt', JSON.parse(states[0]?.state ?? '{}').handoff.returnAt);
  await drain();
  expect(await status()).toMatchObject({ status: 'open', owner_id: by.id, clocks: ['response'] });
  expect(await askOracles(database.pool)).toEqual([]);
});
