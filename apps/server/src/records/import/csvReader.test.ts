import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CSV_LIMITS, makeCsvReader } from './csvReader.ts';

const readAll = (text: string, delimiter = ',', cuts: readonly number[] = []) => {
  const reader = makeCsvReader(delimiter);
  const records = [];
  let from = 0;
  for (const cut of [...cuts.map((each) => each % (text.length + 1))].sort((a, b) => a - b)) {
    records.push(...reader.feed(text.slice(from, cut)));
    from = cut;
  }
  records.push(...reader.feed(text.slice(from)), ...reader.end());
  return records;
};
const cellsOf = (text: string, delimiter = ',') => readAll(text, delimiter).map((record) => record.cells);

test('LF, CRLF and lone CR end a record, and a last newline makes no record', () => {
  expect(cellsOf('a,b\nc,d\n')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(cellsOf('a,b\r\nc,d\r\n')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(cellsOf('a,b\rc,d')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('a record names the line it begins on, also after quoted newlines and blank lines', () => {
  expect(readAll('a\n"b\r\nb"\n\nc\n').map((record) => record.line)).toEqual([1, 2, 5]);
});

test('a row with text after a closing quote is an error of its own and its neighbours are read', () => {
  const records = readAll('a,b\n"x"y,z\nc,d\n');
  expect(records.map((record) => record.error)).toEqual([null, 'text-after-quote', null]);
  expect(records[2]?.cells).toEqual(['c', 'd']);
});

test('a quote that never closes is told with the line on which its row began', () => {
  const records = readAll('email,name\na@a.example,"Ann\nb@a.example,Bob\n');
  expect(records[1]).toEqual({ line: 2, cells: [], error: 'quote-not-closed' });
});

test('an oversized cell costs its row only', () => {
  const records = readAll(`a,b\n${'x'.repeat(CSV_LIMITS.cellChars + 1)},1\nc,d\n`);
  expect(records.map((record) => record.error)).toEqual([null, 'cell-too-large', null]);
});

test('NUL costs its row only', () => {
  expect(readAll('a\nb\u0000b\nc\n').map((record) => record.error)).toEqual([null, 'nul-character', null]);
});

test('any text that csv-parse accepts gives the same cells, however it is cut into chunks', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', ',', '\n', '\r', ';') });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(table, fc.array(fc.nat(), { maxLength: 5 }), (rows, cuts) => {
      const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\n');
      const wanted = parse(text, { relax_column_count: true }) as string[][];
      const found = readAll(text, ',', cuts).map((record) => record.cells);
      expect(found).toEqual(wanted);
      expect(found).toEqual(rows);
    }),
  );
});
