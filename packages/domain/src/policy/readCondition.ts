/** Reads `when` and `where`: facts and operators, nested with all, any and not. A closed grammar: no calls, no code. */
import type { Bound, Condition, FactCondition, Operands, Operator, Scalar, Tree } from './condition.ts';
import { OPERATORS } from './condition.ts';
import { OPERATOR_KINDS, type OperatorKind } from './criteria.ts';
import { isKnownFact, KNOWN_FACTS } from './knownFacts.ts';
import { nearest } from './nearest.ts';
import { parseInstant } from './parseInstant.ts';
import { readElapsed } from './readDuration.ts';
import {
  type At,
  into,
  isPlainPath,
  type Read,
  readBoolean,
  readEntries,
  readList,
  readOneOrMore,
  readReference,
  report,
} from './reader.ts';
import type { SourceEntry } from './source.ts';

const EXAMPLE = '{ contact.country: { in: [DE, AT] } }';

const readScalar: Read<Scalar> = (at) => {
  const { node } = at;
  if (node.kind !== 'scalar' || node.value === null)
    return report(at, 'invalid-operand', 'here belongs a single value', 'write a text, a number, true or false');
  if (typeof node.value === 'number' && !PLAIN_NUMBER.test(node.text))
    return report(at, 'invalid-number', `${node.text} is no plain number`, `write digits, or quotes for a text`);
  if (typeof node.value === 'number' && /\.\d*0$/.test(node.text))
    return report(
      at,
      'needs-quotes',
      `${node.text} is read as the number ${node.value}`,
      `write "${node.text}" if it is a text, or ${node.value} if it is a number`,
    );
  return typeof node.value === 'string' ? node.value.trim() : node.value;
};
const PLAIN_NUMBER = /^[+-]?\d{1,15}(\.\d{1,6})?$/;

const readBound: Read<Bound> = (at) => {
  const { node } = at;
  if (node.kind === 'scalar' && typeof node.value === 'number' && PLAIN_NUMBER.test(node.text)) return node.value;
  const instant = node.kind === 'scalar' && typeof node.value === 'string' ? parseInstant(node.value) : undefined;
  if (instant !== undefined) return { at: instant };
  return report(at, 'invalid-operand', 'here belongs a number or a date', 'write 50, or a date such as 2026-11-23');
};

/** A bound's place on its line; numbers and dates are told apart before they are compared. */
export const boundOrder = (bound: Bound): number => (typeof bound === 'number' ? bound : bound.at);

const readBetween: Read<readonly [Bound, Bound]> = (at) => {
  const [low, high, ...more] = readList(readBound, '[50, 5000]', { min: 2, max: 2 })(at) ?? [];
  if (low === undefined || high === undefined || more.length > 0) return undefined;
  if (typeof low !== typeof high)
    return report(at, 'invalid-operand', 'one end is a number, the other a date', 'write two numbers or two dates');
  if (boundOrder(low) > boundOrder(high))
    return report(at, 'never-matches', 'the lower end is above the upper one', 'swap the two ends');
  return [low, high];
};

const readWord: Read<string> = (at) => {
  const scalar = readScalar(at);
  if (scalar === undefined) return undefined;
  if (typeof scalar === 'string' && scalar !== '') return scalar;
  const text = at.node.kind === 'scalar' ? at.node.text : '';
  return report(at, 'needs-quotes', `“${text}” is not a text`, text === '' ? 'write a text' : `write "${text}"`);
};
const readWords = readOneOrMore(readWord, '[vp, head]');
const readScalars = readList(readScalar, '[DE, AT]', { min: 0, max: 1_000 });
const readMembers: Read<readonly Scalar[]> = (at) => {
  const members = readScalars(at);
  if (members?.length !== 0) return members;
  return report(at, 'never-matches', 'an empty list decides nothing', 'name at least one value, or leave the test out');
};

/** How each shape of operand is written; which operator takes which shape stands in the table of operators. */
const OPERAND_READERS: { readonly [Shape in OperatorKind<Operator>['operand']]: Read<Operands[Operator]> } = {
  value: readScalar,
  values: readMembers,
  list: readReference((at) => at.reading.declared.lists, 'unknown-list', 'a list of the lists section'),
  bound: readBound,
  bounds: readBetween,
  flag: readBoolean,
  words: readWords,
  span: readElapsed,
};

const isOperator = (word: string): word is Operator => (OPERATORS as readonly string[]).includes(word);

/** A list of tests as one: alone it is itself, several must all be met. */
export const allOf = <Leaf>(of: readonly Tree<Leaf>[]): Tree<Leaf> => {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'all', of };
};

/** The tests of one fact: a bare value means `is`; a map of several operators must hold at once. */
export const readFactTests = (at: At, path: string): Condition | undefined => {
  if (at.node.kind === 'list') return report(at, 'invalid-operand', 'a list needs an operator', 'write { in: [...] }');
  if (at.node.kind === 'scalar') {
    const operand = readScalar(at);
    return operand === undefined ? undefined : { kind: 'fact', path, op: 'is', operand };
  }
  if (at.node.entries.length === 0)
    return report(at, 'invalid-operand', 'the test is empty', 'write a value, or an operator such as { in: [...] }');
  const tests = at.node.entries.map((entry) => readFactTest(at, entry, path));
  return tests.every((test) => test !== undefined) ? allOf(tests) : undefined;
};

const readFactTest = (at: At, entry: SourceEntry, path: string): FactCondition | undefined => {
  const op = entry.key;
  if (!isOperator(op)) {
    const meant = nearest(op, OPERATORS);
    const mend = meant === undefined ? `known operators: ${OPERATORS.join(', ')}` : `did you mean ${meant}?`;
    const child = into(at, entry.value, op.slice(0, 40));
    return report(child, 'unknown-operator', `“${op.slice(0, 40)}” is no operator`, mend, 'error', entry.at);
  }
  const child = into(at, entry.value, op);
  if (op === 'selling' && path !== 'contact.owner' && path !== 'company.owner')
    return report(
      child,
      'invalid-operand',
      '`selling` asks about an owner',
      'use it with contact.owner or company.owner',
    );
  const operand = OPERAND_READERS[OPERATOR_KINDS[op].operand](child);
  // The table ties each operator to its own operand; the compiler can't follow that through a looked-up key.
  return operand === undefined ? undefined : ({ kind: 'fact', path, op, operand } as FactCondition);
};

/** True for a path of the three namespaces; reports anything else, and doubts about custom names. */
export const checkFactPath = (at: At, entry: SourceEntry): boolean => {
  const path = entry.key;
  const child = into(at, entry.value, path.slice(0, 80));
  const { facts } = at.reading.surroundings;
  if (isKnownFact(path) || facts?.has(path)) return true;
  const meant = nearest(path, Object.keys(KNOWN_FACTS));
  if (!/^(contact|company|source)\.[a-z0-9]+([._-][a-z0-9]+)*$/.test(path) || path.length > 80 || !isPlainPath(path)) {
    const mend =
      meant === undefined ? 'facts are contact.*, company.* or source.*, in lower case' : `did you mean ${meant}?`;
    report(child, 'unknown-fact', `“${path.slice(0, 60)}” is not a fact`, mend, 'error', entry.at);
    return false;
  }
  if (path.startsWith('source.') || (meant !== undefined && facts === undefined)) {
    const mend =
      meant === undefined ? `known: ${Object.keys(KNOWN_FACTS).filter(isSource).join(', ')}` : `did you mean ${meant}?`;
    report(
      child,
      'unknown-fact',
      `“${path}” is not a fact that Baton knows`,
      mend,
      path.startsWith('source.') ? 'error' : 'warning',
      entry.at,
    );
  } else if (facts !== undefined) {
    const mend = meant === undefined ? 'check the name, or import the fact first' : `did you mean ${meant}?`;
    report(child, 'unknown-fact', `nobody has told “${path}” yet`, mend, 'warning', entry.at);
  }
  return true;
};
const isSource = (path: string): boolean => path.startsWith('source.');

/** True for a property name as senders write them: words, dots for nesting. */
const checkPropertyPath = (at: At, entry: SourceEntry): boolean => {
  const child = into(at, entry.value, entry.key.slice(0, 80));
  if (
    /^[\p{L}\p{N}_$ :/-]+(\.[\p{L}\p{N}_$ :/-]+)*$/u.test(entry.key) &&
    entry.key.length <= 80 &&
    isPlainPath(entry.key)
  )
    return true;
  const mend = 'name a property of the event, with dots for nested ones, e.g. path or utm.source';
  report(child, 'unknown-fact', `“${entry.key.slice(0, 60)}” is not the name of a property`, mend, 'error', entry.at);
  return false;
};

/** Reads one leaf of a tree: the tests that an entry of the map asks for. */
export type ReadLeaf<Leaf> = (at: At, entry: SourceEntry) => Tree<Leaf> | undefined;

/** Reads a tree of `all`, `any`, `not` over leaves; a map of several entries must hold at once, `any` of one is that one. */
export const readTree =
  <Leaf>(readLeaf: ReadLeaf<Leaf>, example: string): Read<Tree<Leaf>> =>
  (at) => {
    const read: Read<Tree<Leaf>> = (inner) => {
      const entries = readEntries(inner, example);
      if (entries === undefined) return undefined;
      if (entries.length === 0)
        return report(inner, 'always-matches', 'the condition is empty', `write it like ${example}`);
      const parts = entries.map((entry) => readBranch(inner, entry));
      return parts.every((part) => part !== undefined) ? allOf(parts) : undefined;
    };
    const readBranch = (inner: At, entry: SourceEntry): Tree<Leaf> | undefined => {
      const child = into(inner, entry.value, entry.key.slice(0, 80));
      if (entry.key === 'not') {
        const of = read(child);
        return of === undefined ? undefined : { kind: 'not', of };
      }
      if (entry.key !== 'all' && entry.key !== 'any') return readLeaf(inner, entry);
      if (child.node.kind === 'list' && child.node.items.length === 0)
        return entry.key === 'any'
          ? report(child, 'never-matches', '“any” of nothing is never met', 'name at least one criterion')
          : report(child, 'always-matches', '“all” of nothing is always met', 'name at least one criterion');
      const of = readList(read, `[ ${example} ]`, { min: 1, max: 64 })(child);
      const [only, second] = of ?? [];
      if (of === undefined || (only !== undefined && second === undefined)) return only;
      return { kind: entry.key, of };
    };
    return read(at);
  };

const readFactLeaf: ReadLeaf<FactCondition> = (at, entry) =>
  checkFactPath(at, entry) ? readFactTests(into(at, entry.value, entry.key), entry.key) : undefined;

/** The tests of one fact of contact, company or source, as an entry of a map. */
export const readFactEntry = readFactLeaf;

/** `when`: facts of contact, company and source. */
export const readCondition: Read<Condition> = readTree<FactCondition>(readFactLeaf, EXAMPLE);

/** `where`: properties of the event itself. */
export const readWhere: Read<Condition> = readTree<FactCondition>(
  (at, entry) =>
    checkPropertyPath(at, entry) ? readFactTests(into(at, entry.value, entry.key), entry.key) : undefined,
  '{ path: { starts-with: /pricing } }',
);
