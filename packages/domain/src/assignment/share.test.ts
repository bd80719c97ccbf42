import { expect, test } from 'vitest';
import { compiled, inboundDocument } from '../handoff/inboundFixture.ts';
import { act, addContact, event, newWorld, rep } from '../handoff/worldFixture.ts';
import { applyStep, emptyLedger } from './ledger.ts';

test('a thousand leads to a team are shared to the last one', () => {
  const world = newWorld(
    compiled({ ...inboundDocument, accounts: { ...inboundDocument.accounts, groupBy: 'none' } }),
    [1, 2, 3, 4, 5].map((id) => rep(id, `Rep${id}`)),
    { inbound: [1, 2, 3, 4, 5] },
  );
  for (let id = 1; id <= 1_000; id++) {
    addContact(world, id, null);
    act(world, id, event('Demo Requested', world.now));
  }
  const counts = [1, 2, 3, 4, 5].map(
    (id) =>
      [...world.contacts.values()].filter((one) => one.handoff?.status === 'offered' && one.handoff.ownerId === id)
        .length,
  );
  expect(counts).toEqual([200, 200, 200, 200, 200]);
  let ledger = emptyLedger('inbound/high');
  for (const step of world.steps) ledger = applyStep(ledger, step);
  expect(ledger).toEqual(world.ledgers.get('inbound/high'));
});
