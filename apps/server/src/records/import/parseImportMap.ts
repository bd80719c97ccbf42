import { nearest } from '@baton/domain/policy/nearest.ts';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import {
  AUTO_DATE,
  type ColumnRule,
  type DateStyle,
  type EventRule,
  type ImportMap,
  type InstantRule,
  pathProblem,
  ROW_KINDS,
  type RowKind,
  VALUE_TYPES,
} from './importMap.ts';
import { ImportRefusal } from './importRefusal.ts';
import { ENCODINGS } from './readFile.ts';
import { readInstant, zoneProblem } from './readInstant.ts';

const MAP_BYTES_MAX = 262_144;
/** How often a row's act counts at most, unless the map says so; a signal never remembers more. */
const TIMES_MAX = 32;
const FORMATS = ['csv', 'ndjson'] as const;
const KEYS = [
  'baton-import',
  'rows',
  'source',
  'format',
  'delimiter',
  'encoding',
  'key',
  'empty',
  'instant',
  'columns',
  'constants',
  'events',
];
const COLUMN_KEYS = ['to', 'type', 'format', 'zone', 'words', 'otherwise'];
const EVENT_KEYS = ['name', 'from', 'times', 'at-most', 'properties'];

type Scalar = string | number | boolean;

/**
 * Reads a map. Throws ImportRefusal `map-invalid` with file, line, reason and the nearest right word; the first mistake
 * ends it. Linear in the text.
 */
export const parseImportMap = (text: string, fileName: string): ImportMap => {
  if (Buffer.byteLength(text) > MAP_BYTES_MAX)
    throw new ImportRefusal('map-invalid', `${fileName} is larger than 256 KiB.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', uniqueKeys: true, strict: true });
  const refuse = (node: Node | null | undefined, message: string): never => {
    const line = node?.range ? lines.linePos(node.range[0]).line : 1;
    throw new ImportRefusal('map-invalid', `${fileName}:${line}: ${message}`);
  };
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new ImportRefusal(
      'map-invalid',
      `${fileName}:${problem.linePos?.[0].line ?? 1}: ${problem.message.split('\n')[0]}`,
    );
  }

  const mapOf = (node: unknown, what: string): YAMLMap =>
    isMap(node) ? node : refuse(node as Node, `${what} must be a map of keys and values.`);
  const entries = (map: YAMLMap, known: readonly string[] | null): [string, Node, Node][] =>
    map.items.map((pair) => {
      const key = pair.key as Node;
      const name = isScalar(key) ? String(key.value) : refuse(key, 'a key must be a plain word.');
      if (known !== null && !known.includes(name)) {
        const guess = nearest(name, known);
        refuse(
          key,
          `"${name}" is not a key here.${guess ? ` Did you mean "${guess}"?` : ''} Known: ${known.join(', ')}.`,
        );
      }
      return [name, (pair.value ?? key) as Node, key];
    });
  const scalar = (node: unknown, what: string): Scalar => {
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    return refuse(node as Node, `${what} must be a single value.`);
  };
  const word = (node: unknown, what: string): string => String(scalar(node, what));
  const words = (node: unknown, what: string): string[] =>
    isSeq(node) ? node.items.map((each) => word(each, what)) : [word(node, what)];
  const oneOf = <T extends string>(node: Node, of: readonly T[], what: string): T => {
    const value = word(node, what);
    const found = of.find((each) => each === value);
    if (found !== undefined) return found;
    const guess = nearest(value, of);
    return refuse(
      node,
      `${what} can't be "${value}": one of ${of.join(', ')}.${guess ? ` Did you mean ${guess}?` : ''}`,
    );
  };

  const dateStyle = (found: ReadonlyMap<string, Node>): DateStyle => {
    const format = found.get('format');
    const zone = found.get('zone');
    const zoneName = zone === undefined ? AUTO_DATE.zone : word(zone, 'zone');
    const wrong = zoneProblem(zoneName);
    if (wrong !== null) refuse(zone, wrong);
    return { format: format === undefined ? AUTO_DATE.format : word(format, 'format'), zone: zoneName };
  };
  const columnRule = (column: string, node: Node, rows: RowKind): ColumnRule => {
    const found = isMap(node)
      ? new Map(entries(node, COLUMN_KEYS).map(([name, value]) => [name, value]))
      : new Map([['to', node]]);
    const toNode = found.get('to');
    const to = toNode === undefined ? refuse(node, `column "${column}" needs "to".`) : word(toNode, 'to');
    const wrong = pathProblem(to, rows);
    if (wrong !== null) refuse(toNode, `"${to}" can't be a target: ${wrong}.`);
    const type = found.get('type');
    const vocabulary = found.get('words');
    const otherwise = found.get('otherwise');
    return {
      column,
      to,
      type: type === undefined ? defaultType(to) : oneOf(type, VALUE_TYPES, 'type'),
      date: dateStyle(found),
      words:
        vocabulary === undefined
          ? null
          : new Map(
              entries(mapOf(vocabulary, 'words'), null).map(([from, value]) => [
                from.toLowerCase(),
                word(value, 'words'),
              ]),
            ),
      otherwise: otherwise === undefined ? null : word(otherwise, 'otherwise'),
    };
  };
  const instantRule = (node: Node): InstantRule => {
    if (!isMap(node)) return { kind: 'column', column: word(node, 'instant'), date: AUTO_DATE };
    const found = new Map(
      entries(node, ['column', 'constant', 'format', 'zone']).map(([name, value]) => [name, value]),
    );
    const constant = found.get('constant');
    if (constant !== undefined) {
      const at = readInstant(word(constant, 'constant'), dateStyle(found));
      return at.ok ? { kind: 'constant', at: at.value } : refuse(constant, at.error.say);
    }
    const column = found.get('column') ?? refuse(node, 'instant needs "column" or "constant".');
    return { kind: 'column', column: word(column, 'column'), date: dateStyle(found) };
  };
  const eventRule = (node: Node): EventRule => {
    if (!isMap(node)) {
      return {
        name: { kind: 'constant', name: word(node, 'event') },
        times: null,
        atMost: TIMES_MAX,
        properties: new Map(),
      };
    }
    const found = new Map(entries(node, EVENT_KEYS).map(([name, value]) => [name, value]));
    const name = found.get('name');
    const from = found.get('from');
    if ((name === undefined) === (from === undefined))
      refuse(node, 'an event needs "name" or "from" (a column), not both.');
    const atMost = found.get('at-most');
    const most = atMost === undefined ? TIMES_MAX : scalar(atMost, 'at-most');
    if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > 1_000) {
      return refuse(atMost, 'at-most must be a whole number from 1 to 1000.');
    }
    const times = found.get('times');
    const properties = found.get('properties');
    return {
      name:
        name === undefined
          ? { kind: 'column', column: word(from, 'from') }
          : { kind: 'constant', name: word(name, 'name') },
      times: times === undefined ? null : word(times, 'times'),
      atMost: most,
      properties: new Map(
        properties === undefined
          ? []
          : entries(mapOf(properties, 'properties'), null).map(([key, value]) => [key, scalar(value, key)]),
      ),
    };
  };

  const root = new Map(entries(mapOf(document.contents, 'a map'), KEYS).map(([name, value]) => [name, value]));
  const version = root.get('baton-import');
  if (version === undefined || scalar(version, 'baton-import') !== 1) {
    refuse(version ?? document.contents, 'the first line must be "baton-import: 1".');
  }
  const rowsNode = root.get('rows') ?? refuse(document.contents, `"rows" is missing: one of ${ROW_KINDS.join(', ')}.`);
  const rows = oneOf(rowsNode, ROW_KINDS, 'rows');
  const columnsNode =
    root.get('columns') ?? refuse(document.contents, '"columns" is missing: which column goes where.');
  const columns = entries(mapOf(columnsNode, 'columns'), null).flatMap(([column, value]) =>
    isSeq(value)
      ? value.items.map((each) => columnRule(column, each as Node, rows))
      : [columnRule(column, value, rows)],
  );
  const constantsNode = root.get('constants');
  const constants = new Map<string, Scalar>();
  if (constantsNode !== undefined) {
    for (const [path, value, key] of entries(mapOf(constantsNode, 'constants'), null)) {
      const wrong = pathProblem(path, rows);
      if (wrong !== null) refuse(key, `"${path}" can't be a target: ${wrong}.`);
      constants.set(path, scalar(value, path));
    }
  }
  const events = root.get('events');
  const textOf = (name: string): string | null => {
    const node = root.get(name);
    return node === undefined ? null : word(node, name);
  };
  const delimiter = textOf('delimiter');
  if (delimiter !== null && delimiter.length !== 1) refuse(root.get('delimiter'), 'delimiter must be one character.');
  const encoding = root.get('encoding');
  const format = root.get('format');
  const key = root.get('key');
  const empty = root.get('empty');
  const instant = root.get('instant');
  return {
    rows,
    source: textOf('source') ?? 'import',
    format: format === undefined ? null : oneOf(format, FORMATS, 'format'),
    delimiter,
    encoding: encoding === undefined ? null : oneOf(encoding, ENCODINGS, 'encoding'),
    key: key === undefined ? [] : words(key, 'key'),
    empty: new Set(['', ...(empty === undefined ? [] : words(empty, 'empty'))]),
    instant: instant === undefined ? null : instantRule(instant),
    columns,
    constants,
    events:
      events === undefined
        ? []
        : isSeq(events)
          ? events.items.map((each) => eventRule(each as Node))
          : [eventRule(events)],
  };
};

const defaultType = (to: string): ColumnRule['type'] => {
  if (/^deal\.(created|won|lost|close)-at$/.test(to) || /\.created-at$/.test(to)) return 'date';
  if (to === 'company.employees' || to === 'company.revenue' || to === 'deal.amount') return 'number';
  return 'text';
};
