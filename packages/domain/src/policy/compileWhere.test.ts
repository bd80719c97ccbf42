import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../kernel/json.ts';
import { compileWhere } from './compileWhere.ts';
import type { Condition } from './condition.ts';

const asks = (path: string, op: string, operand: unknown): Condition =>
  ({ kind: 'fact', path, op, operand }) as Condition;
const judge = (condition: Condition, properties: JsonObject) => compileWhere(condition, new Map())(properties, 0);

describe('what a signal asks of an event’s properties', () => {
  test('finds a property by its name, dots in it, or nesting', () => {
    const condition = asks('utm.source', 'is', 'june');
    expect(judge(condition, { 'utm.source': 'June' })).toBe('met');
    expect(judge(condition, { utm: { source: 'june' } })).toBe('met');
    expect(judge(condition, { utm: 'june' })).toBe('unknown');
  });

  test('never reads what an object merely inherits', () => {
    expect(judge(asks('constructor', 'exists', true), {})).toBe('not-met');
    expect(judge(asks('utm.toString', 'exists', true), { utm: {} })).toBe('not-met');
    expect(judge(asks('__proto__.x', 'exists', true), JSON.parse('{"y":1}') as JsonObject)).toBe('not-met');
  });

  test('nests, and a list property is met by one of its members', () => {
    const condition: Condition = {
      kind: 'all',
      of: [asks('tags', 'in', ['Pro', 'team']), { kind: 'not', of: asks('path', 'starts-with', ['/docs']) }],
    };
    expect(judge(condition, { tags: ['free', 'pro'], path: '/pricing' })).toBe('met');
    expect(judge(condition, { tags: ['pro'], path: '/docs/a' })).toBe('not-met');
    expect(judge(condition, { tags: [{ deep: 1 }], path: '/' })).toBe('not-met');
    expect(judge(condition, { path: '/' })).toBe('unknown');
  });
});
