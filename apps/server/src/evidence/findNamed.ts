import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Queryable } from '../database/queryable.ts';
import { normalPhone } from '../intake/identityKeys.ts';
import type { Named } from './activity.ts';

export type FoundNamed =
  | { readonly kind: 'one'; readonly contactId: ContactId }
  | { readonly kind: 'nobody'; readonly say: string };

/**
 * The contact that an activity is about: by user id, else by address, else by a number that one contact alone has, or one
 * alone of those with an open handoff. Redirects are followed. A number suggests; where it suggests several, a person says.
 */
export const findNamed = async (client: Queryable, { userId, email, phone }: Named): Promise<FoundNamed> => {
  for (const [kind, value] of [
    ['user', userId?.trim() || null],
    ['email', email?.trim().toLowerCase() || null],
  ] as const) {
    if (value === null) continue;
    const { rows } = await client.query<{ id: number }>(
      `select coalesce(r.survivor_id, k.contact_id) as id from identity_key k
       left join contact_redirect r on r.contact_id = k.contact_id where k.kind = $1 and k.value = $2`,
      [kind, value],
    );
    if (rows[0] !== undefined) return { kind: 'one', contactId: rows[0].id };
  }
  const number = phone === null ? null : normalPhone(phone.replace(/^\s*00/, '+'));
  if (number === null) return { kind: 'nobody', say: 'nobody is known by what it names' };
  const { rows } = await client.query<{ id: number; open: boolean }>(
    `select distinct c.id, exists (select from handoff h where h.contact_id = c.id and h.closed_at is null) as open
     from weak_key k left join contact_redirect r on r.contact_id = k.contact_id
     join contact c on c.id = coalesce(r.survivor_id, k.contact_id)
     where k.kind = 'phone' and k.value = $1 and c.erased_at is null`,
    [number],
  );
  const [first, second] = rows;
  if (first === undefined) return { kind: 'nobody', say: 'nobody is known by what it names' };
  if (second === undefined) return { kind: 'one', contactId: first.id };
  const open = rows.filter((row) => row.open);
  if (open.length === 1) return { kind: 'one', contactId: (open[0] as { id: number }).id };
  return { kind: 'nobody', say: `${rows.length} people have this number` };
};
