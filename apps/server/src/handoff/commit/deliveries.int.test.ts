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
  [true, ['slack #inbound']],
  [false, ['email rep', 'slack #inbound', 'slack rep']],
])('where reps are told in the app alone: %s, a lead makes the deliveries %j', async (inAppOnly, expected) => {
  const node = startNode(database.pool, {}, { inAppOnly });
  const [receipt] = await node.intake.submit([makeDemoRequest(`ann@firm-${inAppOnly}.example`)]);
  await node.intake.stop();
  if (receipt?.outcome !== 'accepted') throw new Error('it was not taken in');
  const { rows } = await database.pool.query<{ destination: string }>(
    'select destination from delivery where contact_id = $1 order by destination',
    [receipt.contactId],
  );
  expect(rows.map(({ destination }) => destination.replace(/rep:\d+/, 'rep'))).toEqual(expected);
  const told = await database.pool.query('select from notification where contact_id = $1 and rep_id is not null', [
    receipt.contactId,
  ]);
  expect(told.rowCount).toBe(1);
});
