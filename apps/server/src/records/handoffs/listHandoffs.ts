import { type HandoffList, type HandoffView, VIEW_STATUSES } from '@baton/contract/handoffs.ts';
import type { Pool } from 'pg';
import { handoffSight, type Sight } from '../../access/sight.ts';
import { iso } from '../iso.ts';
import { rowsOf, type StoredRow, toRow } from './handoffRows.ts';

/** Where a page begins: after the handoff that qualified at this instant with this id. */
export type HandoffCursor = { readonly qualifiedAt: number; readonly id: number };

export type HandoffListChoice = {
  readonly view: HandoffView;
  readonly repId?: number | undefined;
  readonly teamId?: string | undefined;
  readonly search?: string | undefined;
  readonly ids?: readonly number[] | undefined;
  readonly after?: HandoffCursor | undefined;
  readonly limit: number;
  /** Whose rows are listed: everybody's when left out. */
  readonly sight?: Sight;
};

/** A page of the list and where the next one begins. */
export type HandoffPage = Omit<HandoffList, 'nextCursor'> & { readonly next: HandoffCursor | null };

const LIKE_SPECIAL = /[\\%_]/g;

/** Reads a page of handoffs, newest first. Linear in the page; a search reads on until the page is full. */
export const listHandoffs = async (pool: Pool, choice: HandoffListChoice): Promise<HandoffPage> => {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const where: string[] = [];
  if (choice.sight != null) where.push(handoffSight('h', put(choice.sight)));
  if (choice.view !== 'all') where.push(`h.status = any(${put(VIEW_STATUSES[choice.view])})`);
  if (choice.repId !== undefined) where.push(`h.owner_id = ${put(choice.repId)}`);
  if (choice.teamId !== undefined) where.push(`h.team_id = ${put(choice.teamId)}`);
  if (choice.ids !== undefined) where.push(`h.id = any(${put(choice.ids)}::bigint[])`);
  if (choice.after !== undefined) {
    where.push(`(h.qualified_at, h.id) < (${put(choice.after.qualifiedAt)}::bigint, ${put(choice.after.id)}::bigint)`);
  }
  const search = choice.search?.trim() ?? '';
  if (search !== '') {
    const like = put(`%${search.replace(LIKE_SPECIAL, '\\$&')}%`);
    where.push(`exists (
      select from contact sc left join company sco on sco.id = h.company_id
      where sc.id = h.contact_id and (sc.name ilike ${like} or sc.email ilike ${like} or sco.name ilike ${like})
    )`);
  }
  const picked = `
    select h.id from handoff h
    ${where.length === 0 ? '' : `where ${where.join(' and ')}`}
    order by h.qualified_at desc, h.id desc
    limit ${put(choice.limit + 1)}`;

  const found = await pool.query<StoredRow>(rowsOf(picked), values);
  const stored = found.rows.slice(0, choice.limit);
  const last = stored.at(-1);
  return {
    rows: stored.map(toRow),
    next:
      found.rows.length > choice.limit && last !== undefined ? { qualifiedAt: last.qualified_at, id: last.id } : null,
    serverNow: iso(found.rows[0]?.now ?? Date.now()),
  };
};
