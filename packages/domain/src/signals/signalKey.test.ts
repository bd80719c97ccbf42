import { describe, expect, test } from 'vitest';
import { type Collects, signalKey } from './signalKey.ts';

const base: Collects = {
  on: 'page',
  where: { kind: 'fact', path: 'path', op: 'starts-with', operand: ['/pricing'] },
  trust: 'browser',
  keep: 3,
  ignored: ['bot', 'machine-open'],
};
const keyOf = (change: Partial<Collects> = {}, lists: readonly string[] = []) =>
  signalKey({ ...base, ...change }, new Map([['rivals', new Set(lists)]]));

describe('a signal’s key', () => {
  test('is what it was when contacts’ signals were first stored under it', () => {
    expect(keyOf()).toBe('3.08u0sbp0kxfl36');
  });

  test('changes with everything that decides what is collected', () => {
    const inList: Collects['where'] = { kind: 'fact', path: 'path', op: 'in-list', operand: 'rivals' };
    const keys = [
      keyOf(),
      keyOf({ on: 'screen' }),
      keyOf({ where: null }),
      keyOf({ trust: 'form' }),
      keyOf({ keep: 4 }),
      keyOf({ ignored: ['bot'] }),
      keyOf({ where: inList }, ['a']),
      keyOf({ where: inList }, ['a', 'b']),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('does not change with the order in which things were written', () => {
    expect(keyOf({ ignored: ['machine-open', 'bot'] })).toBe(keyOf());
    const reordered = { operand: ['/pricing'], op: 'starts-with', path: 'path', kind: 'fact' } as Collects['where'];
    expect(keyOf({ where: reordered })).toBe(keyOf());
  });
});
