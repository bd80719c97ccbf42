import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText, hasWords, wordsOf } from './text.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', 'é', '日', '7', ' ', '-', '/', '_', '😀'),
  maxLength: 24,
});

/** True if `words` stand in `all` one after the other: the plain meaning of a phrase. */
const isRun = (all: readonly string[], words: readonly string[]): boolean =>
  all.some((_, start) => words.every((word, index) => all[start + index] === word));

describe('words of a text', () => {
  test('a phrase is found exactly where its words stand one after the other', () => {
    let found = 0;
    fc.assert(
      fc.property(text, text, (where, phrase) => {
        const words = wordsOf(phrase);
        if (words.length === 0) return;
        const has = hasWords(foldText(where), words);
        expect(has).toBe(isRun(wordsOf(where), words));
        if (has) found += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(20);
  });

  test('no words are found nowhere', () => expect(hasWords('a b', [])).toBe(false));

  test('words are letters and digits of any script, in lower case', () => {
    expect(wordsOf('VP, Sales/EMEA — Größe 日本 n°2')).toEqual(['vp', 'sales', 'emea', 'größe', '日本', 'n', '2']);
  });
});
