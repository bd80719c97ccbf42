import { expect, test } from 'vitest';
import { makeRateLimit, senderOf } from './rateLimit.ts';

test('a burst passes, then one every so often, and others are not affected', () => {
  let now = 1_000_000;
  const limit = makeRateLimit(10, 20, () => now);
  for (let index = 0; index < 20; index += 1) expect(limit('a')).toBe(0);
  expect(limit('a')).toBe(6);
  expect(limit('b')).toBe(0);
  now += 6_000;
  expect(limit('a')).toBe(0);
  expect(limit('a')).toBeGreaterThan(0);
  now += 3_600_000;
  for (let index = 0; index < 20; index += 1) expect(limit('a')).toBe(0);
  expect(limit('a')).toBeGreaterThan(0);
});

test('an IPv6 sender is its /64, so that it cannot take a fresh address for each try', () => {
  expect(senderOf('2001:db8:1:2:aaaa::1')).toBe(senderOf('2001:db8:1:2:bbbb::9'));
  expect(senderOf('2001:db8:1:2:aaaa::1')).not.toBe(senderOf('2001:db8:1:3:aaaa::1'));
  expect(senderOf('192.0.2.7')).toBe('192.0.2.7');
});
