/**
 * The one table of kinds and operators: how each is named, what its operand says and needs, and how a known value is
 * tested. Validator, evaluator, explainer, editor and docs read it. An operator never sees an unknown fact: what that
 * comes to is `unknown`, except for `exists`, which asks just that.
 */
import type { FactValue } from '../facts/fact.ts';
import { foldText, hasWords, wordsOf } from '../facts/text.ts';
import { formatDate, formatDuration, formatInstant, formatNumber } from '../kernel/formatInstant.ts';
import type { Instant } from '../kernel/time.ts';
import { DAY_MS } from '../kernel/time.ts';
import type { Bound, Operands, Operator, Scalar, ThresholdOperator } from './condition.ts';
import type { PolicyLists } from './document.ts';
import type { Verdict } from './evaluation.ts';
import { negate, verdictOf } from './kleene.ts';
import { parseInstant } from './parseInstant.ts';

/** A value that somebody told and nobody removed. */
export type KnownValue = Exclude<FactValue, null>;

/** The test of one operator with its operand prepared. */
export type ValueTest = (value: KnownValue, now: Instant) => Verdict;

export type OperatorKind<Op extends Operator> = {
  /** For menus. */
  readonly label: string;
  /** The control that an editor shows for the operand. */
  readonly operand: 'value' | 'values' | 'list' | 'bound' | 'bounds' | 'flag' | 'words' | 'span';
  /** What the fact does, after its name: `is one of DE, AT`. */
  readonly say: (operand: Operands[Op]) => string;
  /** The operand as a trace shows it. */
  readonly needs: (operand: Operands[Op]) => FactValue;
  readonly compile: (operand: Operands[Op], lists: PolicyLists) => ValueTest;
  /** What a fact that nobody knows comes to. */
  readonly unknown: (operand: Operands[Op]) => Verdict;
  /** What a fact that somebody removed comes to. */
  readonly removed: (operand: Operands[Op]) => Verdict;
  /** A value that meets it, for “what would change it”; undefined where none can be made up. */
  readonly example: (operand: Operands[Op], lists: PolicyLists, now: Instant) => FactValue | undefined;
};

const unknown = (): Verdict => 'unknown';
const notMet = (): Verdict => 'not-met';
const met = (): Verdict => 'met';

/** A list fact is met if one of its members is. */
const some =
  (test: (value: string | number | boolean) => boolean): ValueTest =>
  (value) => {
    if (typeof value !== 'object') return test(value) ? 'met' : 'not-met';
    for (const member of value) if (test(member)) return 'met';
    return 'not-met';
  };

const opposite =
  (test: ValueTest): ValueTest =>
  (value, now) =>
    negate(test(value, now));

/** Values compare as folded text: `DE` is `de`, the number 50 is the text `50`. */
const scalarText = (value: Scalar): string => (typeof value === 'string' ? foldText(value) : String(value));

const isOneOf = (operands: readonly Scalar[]): ValueTest => {
  const folded = operands.map(scalarText);
  // The operands as written stand beside the folded ones, so that a value in its usual spelling is found without folding.
  const members = new Set([...folded, ...operands.filter((operand) => typeof operand === 'string')]);
  const others = some((value) => members.has(scalarText(value)));
  return (value, now) =>
    typeof value !== 'string'
      ? others(value, now)
      : members.has(value) || members.has(foldText(value))
        ? 'met'
        : 'not-met';
};

const isInList = (id: string, lists: PolicyLists): ValueTest => {
  const members = lists.get(id);
  if (members === undefined) throw new Error(`the policy names the list “${id}”, whose values were not given`);
  return some((value) => members.has(scalarText(value)));
};

const isText = (operands: readonly string[], test: (folded: string, operand: string) => boolean): ValueTest => {
  const folded = operands.map(foldText);
  return some((value) => {
    const text = scalarText(value);
    for (const operand of folded) if (test(text, operand)) return true;
    return false;
  });
};

const hasOneOfWords = (operands: readonly string[]): ValueTest => {
  const phrases = operands.map(wordsOf);
  return some((value) => {
    const text = scalarText(value);
    for (const phrase of phrases) if (hasWords(text, phrase)) return true;
    return false;
  });
};

const DECIMAL = /^[+-]?\d{1,15}(\.\d{1,15})?$/;

/** A value as a number to compare with a number; undefined where it is none. Forms and files send digits as text. */
const numberOf = (value: KnownValue): number | undefined => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return DECIMAL.test(text) ? Number(text) : undefined;
};

/** A value as an instant: ISO 8601 with a zone, a date (midnight UTC), or epoch milliseconds. */
const instantOf = (value: KnownValue): Instant | undefined =>
  typeof value === 'number' ? value : typeof value === 'string' ? parseInstant(value.trim()) : undefined;

/**
 * Compares with a number or a date: from `low` to `high`, both ends counting unless `open`. A value that is neither number
 * nor date can't be told, so it is unknown.
 */
const compares = (bound: Bound, low: number, high: number, open: boolean): ValueTest => {
  const read = typeof bound === 'number' ? numberOf : instantOf;
  return (value) => {
    const known = typeof value === 'number' ? value : read(value);
    if (known === undefined) return 'unknown';
    return (open ? known > low && known < high : known >= low && known <= high) ? 'met' : 'not-met';
  };
};

const boundValue = (bound: Bound): number => (typeof bound === 'number' ? bound : bound.at);
const sayBound = (bound: Bound): string =>
  typeof bound === 'number'
    ? formatNumber(bound)
    : bound.at % DAY_MS === 0
      ? formatDate(bound.at)
      : formatInstant(bound.at);
const boundNeeds = (bound: Bound): FactValue => (typeof bound === 'number' ? bound : sayBound(bound));

const sayScalar = (value: Scalar): string =>
  typeof value === 'number'
    ? formatNumber(value)
    : typeof value === 'boolean'
      ? value
        ? 'yes'
        : 'no'
      : value === ''
        ? '“”'
        : value;
const sayOneOf = (values: readonly Scalar[]): string => orList(values.map(sayScalar));

/** `a`, `a or b`, `a, b or c`. */
export const orList = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const isFilled = (value: KnownValue): boolean => value !== '' && (typeof value !== 'object' || value.length > 0);

const textOperator = (
  label: string,
  verb: string,
  compile: (operands: readonly string[]) => ValueTest,
  example: (operand: string) => string,
) =>
  ({
    label,
    operand: 'words',
    say: (operands: readonly string[]) => `${verb} ${sayOneOf(operands)}`,
    needs: (operands: readonly string[]) => operands,
    compile,
    unknown,
    removed: notMet,
    example: (operands: readonly string[]) => (operands[0] === undefined ? undefined : example(operands[0])),
  }) as const;

const boundOperator = (
  label: string,
  number: string,
  date: string,
  range: (limit: number) => readonly [low: number, high: number],
  open: 0 | 1 | -1,
) =>
  ({
    label,
    operand: 'bound',
    say: (bound: Bound) => `is ${typeof bound === 'number' ? number : date} ${sayBound(bound)}`,
    needs: boundNeeds,
    compile: (bound: Bound) => compares(bound, ...range(boundValue(bound)), open !== 0),
    unknown,
    removed: notMet,
    example: (bound: Bound) => boundValue(bound) + open,
  }) as const;

const same = (operand: string): string => operand;

/** Every operator, by the word that the document uses. */
export const OPERATOR_KINDS: { readonly [Op in Operator]: OperatorKind<Op> } = {
  is: {
    label: 'is',
    operand: 'value',
    say: (operand) => `is ${sayScalar(operand)}`,
    needs: (operand) => operand,
    compile: (operand) => isOneOf([operand]),
    unknown,
    removed: notMet,
    example: (operand) => operand,
  },
  'is-not': {
    label: 'is not',
    operand: 'value',
    say: (operand) => `is not ${sayScalar(operand)}`,
    needs: (operand) => operand,
    compile: (operand) => opposite(isOneOf([operand])),
    unknown,
    removed: met,
    example: () => null,
  },
  in: {
    label: 'is one of',
    operand: 'values',
    say: (operands) => `is ${sayOneOf(operands)}`,
    needs: (operands) => operands.map(String),
    compile: isOneOf,
    unknown,
    removed: notMet,
    example: (operands) => operands[0],
  },
  'not-in': {
    label: 'is none of',
    operand: 'values',
    say: (operands) => `is not ${sayOneOf(operands)}`,
    needs: (operands) => operands.map(String),
    compile: (operands) => opposite(isOneOf(operands)),
    unknown,
    removed: met,
    example: () => null,
  },
  'in-list': {
    label: 'is in the list',
    operand: 'list',
    say: (operand) => `is in the list ${operand}`,
    needs: (operand) => operand,
    compile: isInList,
    unknown,
    removed: notMet,
    example: (operand, lists) => lists.get(operand)?.values().next().value,
  },
  gt: boundOperator('is more than', 'more than', 'after', (n) => [n, Infinity], 1),
  gte: boundOperator('is at least', 'at least', 'on or after', (n) => [n, Infinity], 0),
  lt: boundOperator('is less than', 'less than', 'before', (n) => [-Infinity, n], -1),
  lte: boundOperator('is at most', 'at most', 'on or before', (n) => [-Infinity, n], 0),
  between: {
    label: 'is between',
    operand: 'bounds',
    say: ([low, high]) => `is between ${sayBound(low)} and ${sayBound(high)}`,
    needs: ([low, high]) => [sayBound(low), sayBound(high)],
    compile: ([low, high]) => compares(low, boundValue(low), boundValue(high), false),
    unknown,
    removed: notMet,
    example: ([low]) => boundValue(low),
  },
  exists: {
    label: 'is known',
    operand: 'flag',
    say: (operand) => (operand ? 'is known' : 'is not known'),
    needs: (operand) => operand,
    compile: (operand) => (value) => verdictOf(isFilled(value) === operand),
    unknown: (operand) => verdictOf(!operand),
    removed: (operand) => verdictOf(!operand),
    example: (operand) => (operand ? 'known' : null),
  },
  contains: textOperator(
    'contains',
    'contains',
    (operands) => isText(operands, (text, operand) => text.includes(operand)),
    same,
  ),
  'has-word': textOperator('has the word', 'has the word', hasOneOfWords, same),
  'starts-with': textOperator(
    'starts with',
    'starts with',
    (operands) => isText(operands, (text, operand) => text.startsWith(operand)),
    same,
  ),
  'ends-with': textOperator(
    'ends with',
    'ends with',
    (operands) => isText(operands, (text, operand) => text.endsWith(operand)),
    same,
  ),
  within: {
    label: 'was within the last',
    operand: 'span',
    say: (operand) => `is within the last ${formatDuration(operand)}`,
    needs: (operand) => formatDuration(operand),
    compile: (operand) => (value, now) => {
      const at = dateOf(value);
      return at === undefined ? 'unknown' : verdictOf(at <= now && at >= now - operand);
    },
    unknown,
    removed: notMet,
    example: (_operand, _lists, now) => now,
  },
  selling: {
    label: 'sells',
    operand: 'flag',
    say: (operand) => (operand ? 'is a colleague who sells' : 'is nobody who sells'),
    needs: (operand) => operand,
    compile: (operand) => (value) => verdictOf(value === operand),
    unknown,
    removed: (operand) => verdictOf(!operand),
    example: (operand) => operand,
  },
};

/** A fact's value as a date; undefined where it is none. */
export const dateOf = (value: FactValue): Instant | undefined => (value === null ? undefined : instantOf(value));

/** The thresholds of scores, over the interval [low, high] in which the score lies; a score that is known has both equal. */
export const THRESHOLDS: {
  readonly [Op in ThresholdOperator]: {
    readonly say: string;
    readonly verdict: (low: number, high: number, points: number) => Verdict;
  };
} = {
  gte: { say: 'at least', verdict: (low, high, n) => (low >= n ? 'met' : high < n ? 'not-met' : 'unknown') },
  gt: { say: 'more than', verdict: (low, high, n) => (low > n ? 'met' : high <= n ? 'not-met' : 'unknown') },
  lt: { say: 'less than', verdict: (low, high, n) => (high < n ? 'met' : low >= n ? 'not-met' : 'unknown') },
  lte: { say: 'at most', verdict: (low, high, n) => (high <= n ? 'met' : low > n ? 'not-met' : 'unknown') },
};
