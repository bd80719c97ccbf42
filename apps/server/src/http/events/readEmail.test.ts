import { expect, test } from 'vitest';
import { readEmail } from './readEmail.ts';

test.each([
  'ann@corp.example',
  'ann.o+tag@mail.corp.co.uk',
  "o'neil@corp.example",
  'ann@c\u043erp.example',
  'müller@bücher.example',
  'x@a.example',
])('%s is one address', (text) => {
  expect(readEmail(text)).toBe(text);
});

test.each([
  'a@good.example, b@evil.example',
  'a@good.example;b@evil.example',
  '"x@evil.example"@good.example',
  'ok@good.example(c)evil.example',
  'Group: b@evil.example;',
  '(a(b)c)b@evil.example',
  '<b@evil.example> a@good.example',
  'x@a.example\r\nBcc: v@evil.example',
  'x@a.example\u0000',
  'x\u200b@a.example',
  'x@@a.example',
  'x@a',
  'x@.example',
  'x@-a.example',
  'x..y@a.example',
  '@a.example',
  'x@',
  `${'x'.repeat(65)}@a.example`,
  `x@${'a'.repeat(250)}.example`,
  '',
  7,
  null,
])('%j is not', (text) => {
  expect(readEmail(text)).toBeUndefined();
});

test('outer spaces go, other white space does not pass', () => {
  expect(readEmail(' ann@corp.example ')).toBe('ann@corp.example');
  expect(readEmail('ann@corp.example\n')).toBeUndefined();
});
