import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factsOf, START } from '../handoff/worldFixture.ts';
import { findTerritory, previewTerritories, type TerritoryRow, type TerritorySubject } from './territory.ts';

const row = (
  id: string,
  when: TerritoryRow['when'],
  repId: number,
  more: Partial<TerritoryRow> = {},
): TerritoryRow => ({
  id,
  when,
  to: { kind: 'rep', repId },
  validFrom: null,
  validTo: null,
  ...more,
});
const country = (...values: string[]) => ({ path: 'contact.country', op: 'in' as const, values });
const zip = (...values: string[]) => ({ path: 'company.zip', op: 'starts-with' as const, values });
const size = (low: number, high: number) => ({ path: 'company.employees', op: 'between' as const, low, high });
const subject = (
  contact: { [path: string]: string | number },
  company: { [path: string]: string | number } | null = {},
): TerritorySubject => ({
  facts: factsOf(contact),
  companyFacts: company === null ? null : factsOf(company),
});

const table: readonly TerritoryRow[] = [
  row('bavaria', [country('DE'), zip('8', '9')], 1),
  row('big-germany', [country('de'), size(1_000, 100_000)], 2),
  row('germany', [country(' De ')], 3),
  row('old-france', [country('FR')], 4, { validTo: START }),
  row('new-france', [country('FR')], 5, { validFrom: START }),
  row('rest', [], 9, { to: { kind: 'team', team: 'inbound' } }),
];
const idOf = (it: TerritorySubject, now = START): string | undefined => findTerritory(table, it, now)?.id;

describe('the territory table', () => {
  test('the first row that matches wins, without regard to case and blanks', () => {
    expect(idOf(subject({ 'contact.country': 'DE' }, { 'company.zip': '80331' }))).toBe('bavaria');
    expect(idOf(subject({ 'contact.country': 'DE' }, { 'company.zip': '10115', 'company.employees': 5_000 }))).toBe(
      'big-germany',
    );
    expect(idOf(subject({ 'contact.country': 'de ' }, null))).toBe('germany');
    expect(idOf(subject({}, null))).toBe('rest');
  });

  test('a row counts from its first to before its last day', () => {
    const french = subject({ 'contact.country': 'FR' });
    expect(idOf(french, START - 1)).toBe('old-france');
    expect(idOf(french, START)).toBe('new-france');
  });

  test('nothing that is not known matches, not even a range', () => {
    expect(findTerritory([row('small', [size(0, 9)], 1)], subject({}, {}), START)).toBeNull();
    expect(findTerritory([row('none', [country('')], 1)], subject({}, {}), START)).toBeNull();
  });

  test('hundreds of rows answer as a look at each one in turn would', () => {
    const conditions = fc.array(
      fc.oneof(
        fc.uniqueArray(fc.constantFrom('DE', 'FR', 'GB'), { minLength: 1 }).map((values) => country(...values)),
        fc.uniqueArray(fc.constantFrom('1', '10', '101', '2', ''), { minLength: 1 }).map((values) => zip(...values)),
        fc.constantFrom(size(0, 10), size(5, 100)),
      ),
      { maxLength: 3 },
    );
    const one = fc.record({
      country: fc.constantFrom('de', 'FR', 'US'),
      zip: fc.constantFrom('10115', '101', '2', '33'),
      employees: fc.constantFrom(3, 7, 50, 500),
    });
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 300 }), one, (whens, it) => {
        const rows = whens.map((when, i) => row(`r${i}`, when, i));
        const who = subject(
          { 'contact.country': it.country },
          { 'company.zip': it.zip, 'company.employees': it.employees },
        );
        const slow = rows.find((each) => findTerritory([each], who, START) !== null);
        expect(findTerritory(rows, who, START)?.id).toBe(slow?.id);
      }),
      { numRuns: 60 },
    );
  });

  test('the preview names who moves, from whom to whom, and nobody else', () => {
    const contacts = [
      { id: 'a', ...subject({ 'contact.country': 'DE' }, { 'company.zip': '80331' }) },
      { id: 'b', ...subject({ 'contact.country': 'DE' }, { 'company.zip': '10115' }) },
      { id: 'c', ...subject({ 'contact.country': 'US' }) },
    ];
    const renamed = { ...(table[2] as TerritoryRow), id: 'deutschland' };
    const after = [row('munich', [zip('80')], 7), table[1] as TerritoryRow, renamed];
    expect(previewTerritories(table, after, contacts, START)).toEqual([
      {
        id: 'a',
        from: { rowId: 'bavaria', to: { kind: 'rep', repId: 1 } },
        to: { rowId: 'munich', to: { kind: 'rep', repId: 7 } },
      },
      { id: 'c', from: { rowId: 'rest', to: { kind: 'team', team: 'inbound' } }, to: null },
    ]);
  });
});
