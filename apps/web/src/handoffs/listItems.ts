import type { HandoffRow } from '@baton/contract/handoffs.ts';
import { dayKey, dayText } from '../time/dateText.ts';

/** What the list draws, one under the other: a day's head, then its rows. */
export type ListItem =
  | { readonly kind: 'day'; readonly key: string; readonly say: string }
  | { readonly kind: 'row'; readonly key: number; readonly row: HandoffRow; readonly position: number };

/**
 * Puts a head over each local day of `rows` (newest first). The first day's head is left out: it stands fixed above the
 * list, where the day being read is shown. `position` counts rows from 1.
 */
export const listItems = (rows: readonly HandoffRow[], nowMs: number): readonly ListItem[] => {
  const items: ListItem[] = [];
  let day: string | null = null;
  for (const [index, row] of rows.entries()) {
    const at = Date.parse(row.qualifiedAt);
    const key = dayKey(at);
    if (day !== null && key !== day) items.push({ kind: 'day', key, say: dayText(at, nowMs) });
    day = key;
    items.push({ kind: 'row', key: row.id, row, position: index + 1 });
  }
  return items;
};
