import { attributeTouch } from '@baton/domain/source/attributeTouch.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTouch } from './readTouch.ts';

test('a page tells the same touch however often it is seen, and whatever was seen before', () => {
  const text = fc.constantFrom(
    undefined,
    '',
    'https://www.acme.example/pricing',
    'https://www.acme.example/?utm_source=news&utm_medium=email',
    `https://www.acme.example/${'x'.repeat(300)}`,
    'https://www.google.com/search',
    'https://other.example/blog',
    'file:///etc/passwd',
    'not an address',
  );
  const hints = fc.record({ url: text, referrer: text, isPage: fc.boolean() });
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(hints, { minLength: 1, maxLength: 10 }), (pages) => {
      for (const page of pages) {
        const touch = readTouch(page);
        expect(touch).toEqual(attributeTouch(page));
        seen.add(touch?.source ?? 'none');
      }
    }),
    { numRuns: 500 },
  );
  expect([...seen].sort()).toEqual(['direct', 'email', 'none', 'organic', 'referral']);
});

test('a campaign and a form are told as they come', () => {
  const page = { url: 'https://www.acme.example/pricing', isPage: true } as const;
  expect(readTouch({ ...page, campaign: { name: 'autumn', medium: 'cpc' } })?.source).toBe('paid');
  expect(readTouch({ ...page, form: 'demo', isPage: false })?.form).toBe('demo');
  expect(readTouch(page)?.source).toBe('direct');
});
