import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testDatabase.ts';
import { furnish, makeDemoRequest, putInForce, starterPolicy, startNode } from '../../intake/intakeFixture.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  await putInForce(
    database.pool,
    starterPolicy('demo-request-only').replace(
      /^ {2}owner: \{ via: [^,}]+/m,
      '  room: { via: slack, to: "#inbound" }\n  owner: { via: [in-app, email, slack]',
    ),
  );
});
afterAll(() => database.drop());

test.each([
  [true, 'superseded'],
  [false, 'pending'],
])('where reps are told in the app alone: %s, what is to go to them outside is %s', async (inAppOnly, state) => {
  const node = startNode(database.pool, {}, { inAppOnly });
  const [receipt] = await node.intake.submit([makeDemoRequest(`ann@firm-${inAppOnly}.example`)]);
  await node.intake.stop();
  if (receipt?.outcome !== 'accepted') throw new Error('it was not taken in');
  const { rows } = await database.pool.query<{ destination: string; state: string; closed_reason: string | null }>(
    'select destination, state, closed_reason from delivery where contact_id = $1 order by destination',
    [receipt.contactId],
  );
  const reason = (channel: string) => (inAppOnly ? `${channel} is not set up here; it stands in the app` : null);
  expect(rows.map((row) => [row.destination.replace(/rep:\d+/, 'rep'), row.state, row.closed_reason])).toEqual([
    ['email rep', state, reason('email')],
    ['slack #inbound', 'pending', null],
    ['slack rep', state, reason('slack')],
  ]);
  const told = await database.pool.query('select from notification where contact_id = $1 and rep_id is not null', [
    receipt.contactId,
  ]);
  expect(told.rowCount).toBe(1);
});
