import type { HandoffList, HandoffRow } from '@baton/contract/handoffs.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listItems } from './listItems.ts';
import { insertRows, knownIds, replaceRows } from './mergeRows.ts';

const row = (id: number, minute: number): HandoffRow => ({
  id,
  status: 'open',
  kind: 'inbound',
  intent: 'high',
  qualifiedAt: new Date(Date.UTC(2026, 10, 19, 10, minute)).toISOString(),
  contact: { id, name: `Person ${id}`, email: null, title: null },
  company: null,
  owner: null,
  queue: 'triage',
  team: null,
  ruleId: 'r',
  why: 'asked',
  whyOwner: null,
  leadStatus: null,
  clock: null,
  acceptBy: null,
  breached: false,
  source: null,
  groupSize: 1,
  closedReason: null,
});
const page = (rows: HandoffRow[], nextCursor: string | null): HandoffList => ({ rows, nextCursor, serverNow: '' });
const pagesOf = (...pages: HandoffList[]) => ({ pages, pageParams: pages.map(() => null) });
const idsOf = (data: { pages: readonly HandoffList[] }): number[] =>
  data.pages.flatMap((each) => each.rows.map(({ id }) => id));

describe('rows that arrive while the list is read', () => {
  test('renewed rows stay where they stand', () => {
    const pages = pagesOf(page([row(3, 30), row(2, 20)], 'x'), page([row(1, 10)], null));
    const renewed = replaceRows(pages, [{ ...row(2, 55), why: 'asked again' }]);
    expect(idsOf(renewed)).toEqual([3, 2, 1]);
    expect(renewed.pages[0]?.rows[1]?.why).toBe('asked again');
    expect(renewed.pages[1]).toBe(pages.pages[1]);
  });

  test('new rows go where their instant puts them', () => {
    const pages = pagesOf(page([row(3, 30), row(2, 20)], 'x'), page([row(1, 10)], null));
    expect(idsOf(insertRows(pages, [row(9, 40), row(8, 15), row(7, 5)]))).toEqual([9, 3, 2, 8, 1, 7]);
  });

  test('what is older than the last row read waits until scrolling brings it', () => {
    expect(idsOf(insertRows(pagesOf(page([row(3, 30), row(2, 20)], 'more')), [row(1, 10), row(4, 40)]))).toEqual([
      4, 3, 2,
    ]);
  });

  test('an empty list takes the first row', () => {
    expect(idsOf(insertRows(pagesOf(page([], null)), [row(1, 1)]))).toEqual([1]);
  });

  test('whatever arrives, in whatever order, each row is there once and newest first', () => {
    const rows = fc.uniqueArray(
      fc.record({ id: fc.integer({ min: 1, max: 60 }), minute: fc.integer({ min: 0, max: 30 }) }),
      {
        selector: ({ id }) => id,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 30 }), (made, cut) => {
        const all = made.map(({ id, minute }) => row(id, minute));
        let pages = pagesOf(page([], null));
        for (const part of [all.slice(0, cut), all.slice(cut), all]) pages = insertRows(pages, part) as typeof pages;
        const wanted = [...all].sort((a, b) => Date.parse(b.qualifiedAt) - Date.parse(a.qualifiedAt) || b.id - a.id);
        expect(idsOf(pages)).toEqual(wanted.map(({ id }) => id));
        expect(knownIds(pages).size).toBe(all.length);
      }),
    );
  });
});

describe('the list by days', () => {
  test('each further day has a head, the first has none', () => {
    const yesterday = { ...row(1, 0), qualifiedAt: new Date(Date.UTC(2026, 10, 18, 11)).toISOString() };
    const items = listItems([row(3, 30), row(2, 20), yesterday], Date.UTC(2026, 10, 19, 12));
    expect(items.map((item) => (item.kind === 'day' ? item.say : item.row.id))).toEqual([3, 2, 'Yesterday', 1]);
    expect(items.flatMap((item) => (item.kind === 'row' ? [item.position] : []))).toEqual([1, 2, 3]);
  });
});
