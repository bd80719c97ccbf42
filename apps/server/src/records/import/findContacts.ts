import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Queryable } from '../../database/queryable.ts';
import { identityKeys } from '../../intake/identityKeys.ts';
import type { IncomingIdentity } from '../../intake/incomingEvent.ts';

/** Whom each identity names, by its strongest key that anybody has; redirects followed; null: nobody. One statement. */
export const findContacts = async (
  client: Queryable,
  identities: readonly IncomingIdentity[],
): Promise<(ContactId | null)[]> => {
  const keysOf = identities.map((identity) => {
    const keys = identityKeys(identity);
    return keys.ok ? keys.keys : [];
  });
  const keys = keysOf.flat();
  const { rows } = await client.query<{ kind: string; value: string; contact_id: number }>(
    `select k.kind, k.value, coalesce(r.survivor_id, k.contact_id) as contact_id
     from unnest($1::text[], $2::text[]) as asked(kind, value)
     join identity_key k on k.kind = asked.kind and k.value = asked.value
     left join contact_redirect r on r.contact_id = k.contact_id`,
    [keys.map((key) => key.kind), keys.map((key) => key.value)],
  );
  const found = new Map(rows.map((row) => [`${row.kind} ${row.value}`, row.contact_id]));
  return keysOf.map((own) => own.map((key) => found.get(key.id)).find((id) => id !== undefined) ?? null);
};
