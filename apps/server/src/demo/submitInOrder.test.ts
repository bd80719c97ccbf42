import { expect, test } from 'vitest';
import type { IncomingEvent } from '../intake/incomingEvent.ts';
import { submitInOrder } from './submitInOrder.ts';

const event = (person: string, n: number, identity: IncomingEvent['identity']): IncomingEvent =>
  ({ messageKey: `weeks/${person}/${n}`, identity }) as IncomingEvent;

test('whoever is named in another way waits for the answer to what was said before; others do not', async () => {
  const [here, known] = [{ anonymousId: 'v' }, { email: 'a@b.example' }];
  const submitted: (string | null)[][] = [];
  let open = 0;
  await submitInOrder(
    async (batch) => {
      open += 1;
      expect(open).toBe(1);
      submitted.push(batch.map((one) => one.messageKey));
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return [];
    },
    [
      event('ann', 0, here),
      event('bob', 0, { email: 'bob@b.example' }),
      event('ann', 1, { ...here, ...known }),
      event('ann', 2, known),
      event('bob', 1, { email: 'bob@b.example' }),
      event('ann', 3, here),
    ],
  );
  expect(submitted).toEqual([
    ['weeks/ann/0', 'weeks/bob/0', 'weeks/ann/1', 'weeks/bob/1'],
    ['weeks/ann/2'],
    ['weeks/ann/3'],
  ]);
});
