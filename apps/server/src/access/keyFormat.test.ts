import { expect, test } from 'vitest';
import { hintOf, kindOfKey, makeKey } from './keyFormat.ts';

test('a key tells its kind without a look-up, and one wrong letter is noticed', () => {
  for (const kind of ['write', 'secret'] as const) {
    const key = makeKey(kind);
    expect(kindOfKey(key)).toBe(kind);
    const at = key.length - 10;
    const changed = `${key.slice(0, at)}${key[at] === 'A' ? 'B' : 'A'}${key.slice(at + 1)}`;
    expect(kindOfKey(changed)).toBeNull();
    expect(kindOfKey(`${key}x`)).toBeNull();
    expect(kindOfKey(key.replace(/_[ws]k_/, '_xk_'))).toBeNull();
  }
});

test('keys don’t repeat, and what is shown of one is not enough to use it', () => {
  const keys = new Set(Array.from({ length: 1_000 }, () => makeKey('secret')));
  expect(keys.size).toBe(1_000);
  const [key = ''] = keys;
  expect(hintOf(key).length).toBeLessThan(20);
  expect(key.length).toBe(58);
});
