import type { Facts } from '@baton/domain/facts/fact.ts';
import type { CompanyId } from '@baton/domain/kernel/ids.ts';
import type { ClientBase } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import type { ContactSlot } from './contactSlot.ts';

/** Reads what is known of the companies of these contacts, unlocked: enough to evaluate a policy. One statement. */
export async function loadCompanyFacts(
  client: ClientBase,
  slots: readonly ContactSlot[],
): Promise<Map<CompanyId, Facts>> {
  const ids = new Set(slots.flatMap(({ state }) => (state.companyId === null ? [] : [state.companyId])));
  if (ids.size === 0) return new Map();
  const { rows } = await client.query<{ id: number; facts: string }>({
    name: 'company-facts',
    text: 'select id, facts from company where id = any($1::int8[])',
    values: [int8Array([...ids])],
  });
  return new Map(rows.map((row) => [row.id, JSON.parse(row.facts) as Facts]));
}
