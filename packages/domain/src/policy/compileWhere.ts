import type { FactValue } from '../facts/fact.ts';
import { assertNever } from '../kernel/assertNever.ts';
import type { JsonObject, JsonValue } from '../kernel/json.ts';
import type { WhereTest } from './compiled.ts';
import { compileOperator } from './compileFact.ts';
import type { Condition, FactCondition } from './condition.ts';
import type { PolicyLists } from './document.ts';
import type { Verdict } from './evaluation.ts';
import { both, either, negate } from './kleene.ts';

/** Prepares what a signal or action asks of an event's properties. Linear in the condition. */
export const compileWhere = (condition: Condition, lists: PolicyLists): WhereTest => {
  switch (condition.kind) {
    case 'fact':
      return compileProperty(condition, lists);
    case 'not': {
      const of = compileWhere(condition.of, lists);
      return (properties, at) => negate(of(properties, at));
    }
    case 'all':
      return folded(
        condition.of.map((child) => compileWhere(child, lists)),
        both,
        'met',
      );
    case 'any':
      return folded(
        condition.of.map((child) => compileWhere(child, lists)),
        either,
        'not-met',
      );
    default:
      return assertNever(condition);
  }
};

const folded =
  (tests: readonly WhereTest[], join: (one: Verdict, other: Verdict) => Verdict, start: Verdict): WhereTest =>
  (properties, at) => {
    let verdict = start;
    for (const test of tests) verdict = join(verdict, test(properties, at));
    return verdict;
  };

const compileProperty = (condition: FactCondition, lists: PolicyLists): WhereTest => {
  const { test, whenUnknown, whenRemoved } = compileOperator(condition, lists);
  const { path } = condition;
  const steps = path.split('.');
  return (properties, at) => {
    const value = Object.hasOwn(properties, path) ? toFact(properties[path]) : walk(properties, steps);
    return value === undefined ? whenUnknown : value === null ? whenRemoved : test(value, at);
  };
};

/** Follows a dotted name into nested objects; only own properties, since nothing in an event is trusted. */
const walk = (properties: JsonObject, steps: readonly string[]): FactValue | undefined => {
  let value: JsonValue | undefined = properties;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step))
      return undefined;
    value = (value as JsonObject)[step];
  }
  return toFact(value);
};

/** A property as a value that operators know; objects, and lists of anything but texts, numbers and flags, are unknown. */
const toFact = (value: JsonValue | undefined): FactValue | undefined => {
  if (value === undefined || typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return undefined;
  const members: string[] = [];
  for (const member of value) if (typeof member !== 'object') members.push(String(member));
  return members;
};
