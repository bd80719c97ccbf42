import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lanes } from './lanes.ts';
import { HORIZON_MS, pauseAfter, waitAfter } from './schedule.ts';
import { makeWebhookSecret, signWebhook } from './webhookSecret.ts';

const HOUR = 3_600_000;

describe('the schedule of attempts', () => {
  test('ten attempts reach over 75 h 35 min, the last one comes after that and not before', () => {
    let elapsed = 0;
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      expect(elapsed).toBeLessThan(HORIZON_MS);
      elapsed += waitAfter(attempt, 0);
    }
    expect(elapsed).toBe(75 * HOUR + 35 * 60_000 + 5_000);
    expect(elapsed).toBeGreaterThanOrEqual(HORIZON_MS);
  });

  test('a wait is never shorter than said, at most a tenth longer, and never ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        fc.nat(10 * 24 * HOUR),
        (attempt, random, asked) => {
          const least = Math.max(waitAfter(attempt, 0), Math.min(asked, 24 * HOUR));
          const wait = waitAfter(attempt, random, asked);
          expect(wait).toBeGreaterThanOrEqual(least);
          expect(wait).toBeLessThanOrEqual(Math.ceil(least * 1.1));
        },
      ),
    );
  });

  test('a destination is left alone for longer and longer, five minutes at most', () => {
    expect([1, 2, 3, 4, 9, 10, 1_000].map(pauseAfter)).toEqual([0, 0, 5_000, 10_000, 300_000, 300_000, 300_000]);
  });
});

test('lanes give back exactly what was taken, in any order', () => {
  const held = fc.record({
    destination: fc.constantFrom('email rep:1', 'email rep:2', 'slack #a'),
    channel: fc.constantFrom('email' as const, 'slack' as const),
    failing: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(held, { maxLength: 40 }), (all) => {
      const lanes = new Lanes(['email', 'slack'], { lane: 4, channel: 10, failing: 3 });
      const before = lanes.room();
      for (const one of all) lanes.take(one);
      const full = lanes.room();
      for (const [channel, free] of full.channels)
        expect(free).toBe(Math.max(0, 10 - all.filter((one) => one.channel === channel).length));
      expect(full.failing).toBe(Math.max(0, 3 - all.filter((one) => one.failing).length));
      for (const one of all.toReversed()) lanes.giveBack(one);
      expect(lanes.room()).toEqual(before);
    }),
  );
});

test('a secret signs until its time is over', () => {
  const [first, second] = [makeWebhookSecret(), makeWebhookSecret()];
  const secrets = [
    { secret: second, until: null },
    { secret: first, until: 1_000 },
  ];
  expect(signWebhook(secrets, 'id', '{}', 999)['webhook-signature']?.split(' ').length).toBe(2);
  expect(signWebhook(secrets, 'id', '{}', 1_000)['webhook-signature']?.split(' ').length).toBe(1);
  expect(first).not.toBe(second);
});
