import { expect, test } from 'vitest';
import { judgeFormToken, makeFormToken, TOKEN_AGE_MAX_MS, TOKEN_AGE_MIN_MS } from './formToken.ts';

const secret = Buffer.alloc(32, 7);
const at = Date.UTC(2026, 10, 22);
const token = makeFormToken('demo', at, secret);
const judge = (text: string | undefined, age: number, form = 'demo', key = secret) =>
  judgeFormToken(text, form, at + age, key);

test('a token is good between two seconds and a day, for its own form and server alone', () => {
  expect(judge(token, TOKEN_AGE_MIN_MS)).toBe('good');
  expect(judge(token, TOKEN_AGE_MAX_MS)).toBe('good');
  expect(judge(token, TOKEN_AGE_MIN_MS - 1)).toBe('too-young');
  expect(judge(token, -5_000)).toBe('too-young');
  expect(judge(token, TOKEN_AGE_MAX_MS + 1)).toBe('too-old');
  expect(judge(token, 5_000, 'other')).toBe('forged');
  expect(judge(token, 5_000, 'demo', Buffer.alloc(32, 8))).toBe('forged');
});

test.each([undefined, ''])('%j is missing', (text) => expect(judge(text, 5_000)).toBe('missing'));

test.each([
  'x',
  'a.b',
  'a.b.c',
  `${token}.x`,
  `${token.slice(0, -1)}A`,
  token.replace(/^./, 'z'),
  'x'.repeat(5_000),
  '\u0000',
])('%j is forged', (text) => {
  expect(text === token ? 'forged' : judge(text, 5_000)).toBe('forged');
});
