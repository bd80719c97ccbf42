import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { csvCell } from './csvCell.ts';
import { guessMap } from './guessMap.ts';
import { IMPORT_REFUSALS, ROW_ERRORS } from './importRefusal.ts';
import { mapRow } from './mapRow.ts';
import { parseImportMap } from './parseImportMap.ts';
import { progressLine } from './progress.ts';
import { readInstant } from './readInstant.ts';
import type { Row } from './readRows.ts';
import { writeImportMap } from './writeImportMap.ts';

const FULL = `baton-import: 1
rows: contacts
source: Olist
key: mql_id
empty: [Select, '-']
instant: { column: first_contact_date, zone: America/Sao_Paulo }
columns:
  mql_id: contact.user-id
  origin:
    - { to: source, words: { organic_search: organic, Social: social }, otherwise: import }
    - source.detail
  visits: { to: contact.visits, type: number }
constants: { contact.country: BR }
events:
  - Form Submitted
  - { name: page, times: visits, at-most: 3, properties: { path: / } }
`;
const row = (cells: { readonly [column: string]: string }): Row => ({
  row: 1,
  line: 2,
  cells: Object.values(cells),
  cell: (column) => cells[column],
});
const context = { sourceId: 7, sourceName: 'Olist', mode: 'as-of-row', startedAt: 1_800_000_000_000 } as const;

test('a map that is written reads back as the same map', () => {
  const map = parseImportMap(FULL, 'map.yaml');
  expect(parseImportMap(writeImportMap(map), 'again.yaml')).toEqual(map);
  const guessed = guessMap(['Email', 'First Name', 'Job Level', 'created_at', 'Company'], 'crm', null).map;
  expect(parseImportMap(writeImportMap(guessed), 'again.yaml')).toEqual(guessed);
});

test('a mistake in a map is told with its line and the nearest right word', () => {
  expect(() => parseImportMap(FULL.replace('constants', 'constant'), 'map.yaml')).toThrow(
    /map\.yaml:13: "constant" is not a key here\. Did you mean "constants"\?/,
  );
  expect(() => parseImportMap(FULL.replace('type: number', 'type: numbr'), 'map.yaml')).toThrow(
    /map\.yaml:12:.*number/,
  );
  expect(() => parseImportMap('baton-import: 1\nrows: contacts\nrows: deals\ncolumns: {}\n', 'm')).toThrow(/m:3:/);
});

test('a row becomes what the contact is, then what it did, in that order', () => {
  const mapped = mapRow(
    parseImportMap(FULL, 'm'),
    row({ mql_id: 'a1', first_contact_date: '2018-02-01', origin: 'social', visits: '7' }),
    context,
  );
  if (!mapped.ok || mapped.value.kind !== 'events') throw new Error('expected events');
  const { events } = mapped.value;
  const midnight = Date.parse('2018-02-01T02:00:00Z');
  expect(events.map((event) => [event.name, event.timestamp])).toEqual([
    ['identify', midnight],
    ['Form Submitted', midnight + 1],
    ['page', midnight + 2],
    ['page', midnight + 3],
    ['page', midnight + 4],
  ]);
  expect(events[0]?.touch).toEqual({ source: 'social', detail: 'social' });
  expect(events[0]?.claims).toEqual([
    { path: 'contact.country', value: 'BR' },
    { path: 'contact.visits', value: 7 },
  ]);
  expect(new Set(events.map((event) => event.messageKey)).size).toBe(5);
});

test('the same row has the same message keys in another run; a corrected one is told anew but acts once', () => {
  const map = parseImportMap(FULL, 'm');
  const cells = { mql_id: 'a1', first_contact_date: '2018-02-01', origin: 'social', visits: '1' };
  const keysOf = (given: typeof cells, startedAt: number) => {
    const mapped = mapRow(map, row(given), { ...context, startedAt });
    if (!mapped.ok || mapped.value.kind !== 'events') throw new Error('expected events');
    return mapped.value.events.map((event) => event.messageKey);
  };
  expect(keysOf(cells, 1)).toEqual(keysOf(cells, 2));
  const corrected = keysOf({ ...cells, origin: 'organic_search' }, 3);
  expect(corrected[0]).not.toBe(keysOf(cells, 1)[0]);
  expect(corrected.slice(1)).toEqual(keysOf(cells, 1).slice(1));
});

test('rows that can not be read say why', () => {
  const map = parseImportMap(FULL, 'm');
  const codeOf = (cells: { readonly [column: string]: string }) => {
    const mapped = mapRow(map, row(cells), context);
    return mapped.ok ? 'ok' : mapped.error.code;
  };
  const good = { mql_id: 'a1', first_contact_date: '2018-02-01', origin: '', visits: '' };
  expect(codeOf(good)).toBe('ok');
  expect(codeOf({ ...good, mql_id: '-' })).toBe('no-key');
  expect(codeOf({ ...good, first_contact_date: '' })).toBe('no-instant');
  expect(codeOf({ ...good, first_contact_date: '2018-02-30' })).toBe('bad-date');
  expect(codeOf({ ...good, first_contact_date: '03/04/2018' })).toBe('ambiguous-date');
  expect(codeOf({ ...good, visits: 'many' })).toBe('bad-number');
});

test('local times are read in the map’s zone, across its clock changes', () => {
  const at = (text: string, zone: string, format = 'auto') => {
    const found = readInstant(text, { zone, format });
    return found.ok ? new Date(found.value).toISOString() : found.error.code;
  };
  expect(at('2026-03-28 12:00:00', 'Europe/Berlin')).toBe('2026-03-28T11:00:00.000Z');
  expect(at('2026-03-29 12:00:00', 'Europe/Berlin')).toBe('2026-03-29T10:00:00.000Z');
  expect(at('2026-03-29 02:30:00', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  expect(at('29.03.2026 03:00', 'Europe/Berlin', 'dd.MM.yyyy HH:mm')).toBe('2026-03-29T01:00:00.000Z');
  expect(at('1700000000', 'UTC', 'unix')).toBe('2023-11-14T22:13:20.000Z');
  expect(at('2026-01-01T00:00:00+05:30', 'UTC')).toBe('2025-12-31T18:30:00.000Z');
});

test('no cell of an error file is a formula', () => {
  for (const cell of [
    '=1',
    '+1',
    '-1+1',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    ' =1',
    '\u00a0=1',
    '\n=1',
    '"=1',
    '\u0000=1',
    '\uff1d1',
  ]) {
    expect(csvCell(cell).replace(/^"/, '')[0], JSON.stringify(cell)).toBe("'");
  }
  expect(csvCell('Ann "A" Bo, Ltd')).toBe('"Ann ""A"" Bo, Ltd"');
});

test('progress tells share, rate and time to go', () => {
  expect(progressLine({ bytesDone: 50, bytesTotal: 100, rows: 1_000, elapsedMs: 2_000 })).toBe(
    '[############............]   50 %  1,000 rows  500/s  0:02 left',
  );
});

test('docs/import.md tells every code, and its example map is one', () => {
  const docs = readFileSync(new URL('../../../../../docs/import.md', import.meta.url), 'utf8');
  for (const code of [...IMPORT_REFUSALS, ...ROW_ERRORS]) expect(docs).toContain(`\`${code}\``);
  const [, example = ''] = /## The map\n\n```yaml\n([\s\S]*?)```/.exec(docs) ?? [];
  expect(parseImportMap(example, 'docs/import.md')).toMatchObject({
    rows: 'contacts',
    source: 'Trade show 2026',
    key: ['id'],
  });
});

test('a guess puts known headers in known places and every other one into a fact of its own', () => {
  const { map, own } = guessMap(
    ['Work Email', 'Full Name', 'Lead Source', 'Job Level (EU)', '__proto__', 'Created At', 'ID'],
    'crm.csv',
    null,
  );
  expect(map.rows).toBe('contacts');
  expect(map.columns.map((rule) => [rule.column, rule.to])).toEqual([
    ['Work Email', 'contact.email'],
    ['Full Name', 'contact.name'],
    ['Lead Source', 'source.detail'],
    ['Job Level (EU)', 'contact.job-level-eu'],
    ['__proto__', 'contact.proto'],
    ['ID', 'contact.id'],
  ]);
  expect(own).toEqual(['Job Level (EU)', '__proto__', 'ID']);
  expect(map.instant).toMatchObject({ column: 'Created At' });
  expect(map.key).toEqual(['ID']);
});
