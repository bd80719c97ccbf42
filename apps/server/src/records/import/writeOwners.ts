import type { ContactId, RepId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import { lockContacts } from '../../handoff/lockContacts.ts';
import type { IncomingIdentity } from '../../intake/incomingEvent.ts';
import { findContacts } from './findContacts.ts';
import type { ImportRun } from './importRun.ts';

export type NamedOwner = { readonly identity: IncomingIdentity; readonly repId: RepId };

/**
 * Writes the owners that a file names, where a contact has none yet: an owner that Baton or a person gave stays. One
 * transaction; of two rows about one contact the first counts. Answers how many were written.
 */
export const writeOwners = async (
  pool: Pool,
  run: Pick<ImportRun, 'sourceName'>,
  owners: readonly NamedOwner[],
): Promise<number> => {
  if (owners.length === 0) return 0;
  return inTransaction(pool, async (client) => {
    const found = await findContacts(
      client,
      owners.map((each) => each.identity),
    );
    const wanted = new Map<ContactId, RepId>();
    for (const [index, id] of found.entries()) {
      const repId = owners[index]?.repId;
      if (id !== null && repId !== undefined && !wanted.has(id)) wanted.set(id, repId);
    }
    const { slots, now } = await lockContacts(
      client,
      [...wanted.keys()].sort((one, other) => one - other),
    );
    const changed = [...slots.values()].flatMap(({ id, state, redirectedTo }) => {
      const repId = wanted.get(id);
      return repId === undefined || state.ownerId !== null || redirectedTo !== null
        ? []
        : [{ id, repId, state: JSON.stringify({ ...state, ownerId: repId }) }];
    });
    if (changed.length === 0) return 0;
    await client.query(
      `with u as (select * from unnest($1::int8[], $2::int8[], $3::text[]) as u(id, owner_id, state)), told as (
         insert into timeline (contact_id, at, kind, by, say)
         select u.id, $4, 'note', $5, r.name || ' is the owner, as the import says' from u join rep r on r.id = u.owner_id
       )
       update contact c set owner_id = u.owner_id, state = u.state, version = c.version + 1, updated_at = $4
       from u where c.id = u.id`,
      [
        changed.map((each) => each.id),
        changed.map((each) => each.repId),
        changed.map((each) => each.state),
        now,
        `import:${run.sourceName}`,
      ],
    );
    return changed.length;
  });
};
