/**
 * Reads a positioned tree into typed values and collects every finding on the way; nothing throws and nothing stops at
 * the first mistake. A reader answers undefined when it has reported why there is no value.
 */
import type { FindingCode, PolicyFinding, Severity } from './finding.ts';
import { nearest } from './nearest.ts';
import type { Position, SourceEntry, SourceNode } from './source.ts';

/** Names that other places of the document refer to, gathered before anything is read, so that order has no say. */
export type Declared = {
  readonly actions: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  readonly statuses: ReadonlySet<string>;
  readonly intents: ReadonlySet<string>;
  readonly rejectReasons: ReadonlySet<string>;
  readonly lostReasons: ReadonlySet<string>;
};

/** What the place where the policy will act knows; an absent set is not checked. */
export type Surroundings = {
  readonly teams?: ReadonlySet<string>;
  /** Custom facts that contacts or companies already have, as full paths. */
  readonly facts?: ReadonlySet<string>;
  /** List files that can be read. */
  readonly listFiles?: { readonly has: (file: string) => boolean };
};

export type Reading = {
  readonly findings: PolicyFinding[];
  readonly declared: Declared;
  readonly surroundings: Surroundings;
};

/** A node and where it stands. */
export type At = { readonly node: SourceNode; readonly path: string; readonly reading: Reading };
export type Read<T> = (at: At) => T | undefined;

/** Reports at the node's own place (or a key's); answers undefined, so that a reader can end with it. */
export const report = (
  at: At,
  code: FindingCode,
  message: string,
  mend: string,
  severity: Severity = 'error',
  place: Position = at.node,
): undefined => {
  at.reading.findings.push({ severity, code, path: at.path, line: place.line, col: place.col, message, mend });
  return undefined;
};

/** The same reading at a child. */
export const into = (at: At, node: SourceNode, step: string | number): At => ({
  node,
  path: typeof step === 'number' ? `${at.path}[${step}]` : at.path === '' ? step : `${at.path}.${step}`,
  reading: at.reading,
});

const KINDS = { scalar: 'a single value', map: 'a map', list: 'a list' } as const;
const describe = (node: SourceNode): string =>
  node.kind === 'scalar' ? (node.value === null ? 'nothing' : `“${node.text.slice(0, 60)}”`) : KINDS[node.kind];

/** The entries of a map. */
export const readEntries = (at: At, example: string): readonly SourceEntry[] | undefined =>
  at.node.kind === 'map'
    ? at.node.entries
    : report(at, 'needs-map', `here belongs a map, not ${describe(at.node)}`, `write it like ${example}`);

/** A map of known keys: unknown ones are reported with the nearest known one. */
export type Fields = {
  readonly at: At;
  /** A key that must be there. */
  readonly required: <T>(key: string, read: Read<T>) => T | undefined;
  /** A key that may be absent, and then means `otherwise`. */
  readonly optional: <T, D>(key: string, read: Read<T>, otherwise: D) => T | D | undefined;
  readonly has: (key: string) => boolean;
};

/** Opens a map whose keys are known. `example` is shown when something else stands there. */
export const readFields = (at: At, keys: readonly string[], example: string): Fields | undefined => {
  const entries = readEntries(at, example);
  if (entries === undefined) return undefined;
  for (const entry of entries) if (!keys.includes(entry.key)) reportUnknownKey(at, entry, keys);
  const find = (key: string) => entries.find((entry) => entry.key === key);
  return {
    at,
    has: (key) => find(key) !== undefined,
    required: (key, read) => {
      const entry = find(key);
      if (entry !== undefined) return read(into(at, entry.value, key));
      return report(at, 'missing-key', `“${key}” is missing`, `add ${key}, as in ${example}`);
    },
    optional: (key, read, otherwise) => {
      const entry = find(key);
      return entry === undefined ? otherwise : read(into(at, entry.value, key));
    },
  };
};

/** Says that a key is not known here, and which one was probably meant. */
export const reportUnknownKey = (at: At, entry: SourceEntry, keys: readonly string[]): undefined => {
  const meant = nearest(entry.key, keys);
  const key = entry.key.slice(0, 60);
  const isLoose = entry.value.kind === 'scalar' && entry.value.text === '';
  const mend =
    meant !== undefined
      ? `did you mean ${meant}?`
      : isLoose
        ? 'inside { } a comma ends a value: put a text with a comma in quotes'
        : `known here: ${keys.join(', ')}`;
  return report(into(at, entry.value, key), 'unknown-key', `“${key}” is not known here`, mend, 'error', entry.at);
};

/** A list; each item is read, broken ones are reported and left out. */
export const readList =
  <T>(
    read: Read<T>,
    example: string,
    bounds: { min: number; max: number } = { min: 1, max: 1_000 },
  ): Read<readonly T[]> =>
  (at) => {
    if (at.node.kind !== 'list')
      return report(at, 'needs-list', `here belongs a list, not ${describe(at.node)}`, `write it like ${example}`);
    const { length } = at.node.items;
    if (length < bounds.min)
      return report(at, 'needs-list', 'the list is empty', `write it like ${example}, or leave the key out`);
    if (length > bounds.max)
      return report(at, 'too-many', `${length} entries, at most ${bounds.max}`, 'shorten it, or use a list file');
    const items = at.node.items.map((item, index) => read(into(at, item, index)));
    return items.every((item) => item !== undefined) ? (items as readonly T[]) : undefined;
  };

/** One value or a list of them, always answered as a list. */
export const readOneOrMore =
  <T>(read: Read<T>, example: string, max = 1_000): Read<readonly T[]> =>
  (at) => {
    if (at.node.kind === 'list') return readList(read, example, { min: 1, max })(at);
    const one = read(at);
    return one === undefined ? undefined : [one];
  };

/** A text of 1 to `max` characters. A bare number or true/false is refused: quotes say what is meant. */
export const readText =
  (max = 200): Read<string> =>
  (at) => {
    const { node } = at;
    if (node.kind !== 'scalar' || node.value === null)
      return report(at, 'invalid-text', `here belongs a text, not ${describe(node)}`, 'write a text');
    if (typeof node.value !== 'string')
      return report(
        at,
        'needs-quotes',
        `${node.text} is read as a ${typeof node.value}, a text belongs here`,
        `write "${node.text}"`,
      );
    const text = node.value.trim();
    if (text === '') return report(at, 'invalid-text', 'the text is empty', 'write a text, or leave the key out');
    if (text.length > max)
      return report(at, 'invalid-text', `${text.length} characters, at most ${max}`, 'shorten the text');
    return text;
  };

/** A text without tokens: where the name, label or sentence of a rule stands. */
export const readPlainText =
  (max = 200): Read<string> =>
  (at) => {
    const text = readText(max)(at);
    if (text === undefined || !/\{[{%]/.test(text)) return text;
    return report(at, 'template-syntax', 'tokens are for titles, names, subjects and bodies', 'write plain words here');
  };

/** One word of a closed vocabulary. */
export const readOneOf =
  <T extends string>(words: readonly T[]): Read<T> =>
  (at) => {
    const { node } = at;
    const found = node.kind === 'scalar' ? words.find((word) => word === node.value) : undefined;
    if (found !== undefined) return found;
    const meant = node.kind === 'scalar' ? nearest(String(node.value), words) : undefined;
    const mend =
      meant === undefined ? `one of: ${words.join(', ')}` : `did you mean ${meant}? Known: ${words.join(', ')}`;
    return report(at, 'not-in-vocabulary', `${describe(node)} is not known here`, mend);
  };

/** true or false. */
export const readBoolean: Read<boolean> = (at) =>
  at.node.kind === 'scalar' && typeof at.node.value === 'boolean'
    ? at.node.value
    : report(at, 'not-in-vocabulary', `here belongs true or false, not ${describe(at.node)}`, 'write true or false');

const DECIMAL = /^[+-]?\d{1,15}$/;

/** A whole number written in plain decimal digits. */
export const readInteger =
  (min: number, max: number): Read<number> =>
  (at) => {
    const { node } = at;
    const plain = node.kind === 'scalar' && typeof node.value === 'number' && DECIMAL.test(node.text);
    if (!plain || typeof node.value !== 'number')
      return report(at, 'invalid-number', `here belongs a whole number, not ${describe(node)}`, 'write digits only');
    if (node.value < min || node.value > max)
      return report(at, 'invalid-number', `${node.text} is out of range`, `write a number from ${min} to ${max}`);
    return node.value === 0 ? 0 : node.value;
  };

const ID = /^[a-z][a-z0-9-]{0,63}$/;
/** Names that mean something to JavaScript objects; nothing in a policy needs them. */
const RESERVED = new Set(['constructor', 'prototype', 'tostring', 'valueof', 'hasownproperty', '__proto__']);

/** True for a lower-case kebab word of at most 64 characters that starts with a letter. */
export const isId = (word: string): boolean => ID.test(word) && !RESERVED.has(word);

/** True if no part of a dotted path is a name that JavaScript objects carry themselves. */
export const isPlainPath = (path: string): boolean =>
  path.split('.').every((part) => part !== '' && !RESERVED.has(part.toLowerCase()));

/** An id, team, queue, pipeline or stage name. */
export const readId: Read<string> = (at) => {
  const { node } = at;
  if (node.kind === 'scalar' && typeof node.value === 'string' && isId(node.value)) return node.value;
  return report(
    at,
    'invalid-id',
    `${describe(node)} is not a name`,
    'write lower-case letters, digits and hyphens, starting with a letter, at most 64',
  );
};

/** A map from ids to entries: each is read with its id, broken ones are reported and left out. */
export const readById =
  <T>(read: (at: At, id: string) => T | undefined, example: string, max = 200): Read<readonly T[]> =>
  (at) => {
    const entries = readEntries(at, example);
    if (entries === undefined) return undefined;
    if (entries.length > max) return report(at, 'too-many', `${entries.length} entries, at most ${max}`, 'shorten it');
    const found: T[] = [];
    for (const entry of entries) {
      const child = into(at, entry.value, entry.key.slice(0, 64));
      if (!isId(entry.key)) {
        const mend = 'write lower-case letters, digits and hyphens, starting with a letter, at most 64';
        report(child, 'invalid-id', `“${entry.key.slice(0, 60)}” is not a name`, mend, 'error', entry.at);
        continue;
      }
      const one = read(child, entry.key);
      if (one !== undefined) found.push(one);
    }
    return found;
  };

/** A list of maps with unique `id`s, in order. */
export const readRules =
  <T extends { readonly id: string }>(read: Read<T>, example: string): Read<readonly T[]> =>
  (at) => {
    const rules = readList(read, example, { min: 0, max: 200 })(at);
    const seen = new Set<string>();
    for (const [index, rule] of (rules ?? []).entries()) {
      const node = at.node.kind === 'list' ? at.node.items[index] : undefined;
      if (seen.has(rule.id) && node !== undefined)
        report(into(at, node, index), 'duplicate-id', `“${rule.id}” is there twice`, 'give each rule its own id');
      seen.add(rule.id);
    }
    return rules;
  };

/** One of the names that a section declares; `code` and `what` say what is unknown otherwise. */
export const readReference =
  (names: (at: At) => ReadonlySet<string>, code: FindingCode, what: string): Read<string> =>
  (at) => {
    const { node } = at;
    if (node.kind !== 'scalar' || typeof node.value !== 'string')
      return report(at, code, `here belongs the name of ${what}, not ${describe(node)}`, `name ${what}`);
    const known = names(at);
    if (known.has(node.value)) return node.value;
    const meant = nearest(node.value, known);
    const all = [...known].slice(0, 20).join(', ');
    const mend = meant !== undefined ? `did you mean ${meant}?` : all === '' ? `add ${what} first` : `known: ${all}`;
    return report(at, code, `“${node.text.slice(0, 60)}” is not the name of ${what}`, mend);
  };

/** The object if every part could be read, else undefined: what is missing has been reported already. */
export const complete = <T extends object>(parts: { readonly [Key in keyof T]: T[Key] | undefined }): T | undefined =>
  Object.values(parts).every((part) => part !== undefined) ? (parts as T) : undefined;
