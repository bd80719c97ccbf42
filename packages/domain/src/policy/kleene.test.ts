import { describe, expect, test } from 'vitest';
import type { Verdict } from './evaluation.ts';
import { both, either, negate } from './kleene.ts';

const ALL: readonly Verdict[] = ['met', 'not-met', 'unknown'];

describe('Kleene’s three values', () => {
  test('negating twice is nothing, and De Morgan holds', () => {
    for (const a of ALL) {
      expect(negate(negate(a))).toBe(a);
      for (const b of ALL) expect(negate(both(a, b))).toBe(either(negate(a), negate(b)));
    }
  });

  test('all and any are commutative, associative, idempotent, and absorb each other', () => {
    for (const a of ALL)
      for (const b of ALL) {
        expect(both(a, b)).toBe(both(b, a));
        expect(either(a, b)).toBe(either(b, a));
        expect(both(a, either(a, b))).toBe(a);
        expect(either(a, both(a, b))).toBe(a);
        for (const c of ALL) {
          expect(both(both(a, b), c)).toBe(both(a, both(b, c)));
          expect(either(either(a, b), c)).toBe(either(a, either(b, c)));
        }
      }
  });

  test('learning an unknown never turns what was told already', () => {
    for (const join of [both, either])
      for (const a of ALL)
        if (join(a, 'unknown') !== 'unknown')
          for (const learnt of ALL) expect(join(a, learnt)).toBe(join(a, 'unknown'));
  });
});
