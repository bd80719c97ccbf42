import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { Pool, PoolClient } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import { isConflict } from '../database/transaction.ts';
import { BeginAgain } from './beginAgain.ts';
import { flush } from './commit/flush.ts';
import { PendingRows } from './commit/pendingRows.ts';
import type { ContactSlot } from './contactSlot.ts';
import { decideAll, type SlotWork } from './decideAll.ts';
import type { IdBlocks } from './idBlocks.ts';
import { loadCompanyFacts } from './loadCompanyFacts.ts';
import { lockContacts } from './lockContacts.ts';
import { Locks, WantedLocks } from './locks.ts';
import type { ReferenceCache } from './references.ts';

export type DecideContactsDeps = {
  readonly pool: Pool;
  readonly references: ReferenceCache;
  readonly ids: IdBlocks;
  /** Called after a commit that wrote rows which live pages or the reevaluation sweep look for. */
  readonly onCommitted?: (wrote: { readonly feed: boolean; readonly reevaluate: boolean }) => void;
};

/** What the work is made from: the contacts under lock, by the ids that were asked for (redirects followed). */
export type Locked = {
  readonly client: PoolClient;
  readonly slotOf: (contactId: ContactId) => ContactSlot | null;
  readonly now: Instant;
  /** The policy in force that decides. */
  readonly policy: CompiledPolicy;
};

const ATTEMPTS_MAX = 12;

/** A contact was merged while this waited for its lock: follow the redirect and begin again. */
class Moved extends BeginAgain {}

/**
 * Locks `contactIds` in order and decides what `makeWork` says. `makeWork` runs inside the transaction, possibly several
 * times, and may read and write with `client`. Answers false, having done nothing, while no policy is in force.
 */
export async function decideContacts(
  deps: DecideContactsDeps,
  contactIds: readonly ContactId[],
  makeWork: (locked: Locked) => Promise<readonly SlotWork[]>,
): Promise<boolean> {
  const wanted = new WantedLocks();
  const rows = new PendingRows();
  for (let attempt = 1; ; attempt += 1) {
    const client = await deps.pool.connect();
    let broken: Error | undefined;
    try {
      rows.clear();
      await client.query('begin');
      const decided = await once(deps, client, rows, wanted, contactIds, makeWork);
      if (!decided) await client.query('rollback');
      else if (rows.copies.feed.count > 0 || rows.updates.groupFollows.length > 0)
        deps.onCommitted?.({ feed: rows.copies.feed.count > 0, reevaluate: rows.updates.groupFollows.length > 0 });
      return decided;
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      deps.ids.forget();
      if (!isConflict(error) || attempt >= ATTEMPTS_MAX) throw error;
    } finally {
      client.release(broken);
    }
    if (attempt > 2) await new Promise((resolve) => setTimeout(resolve, Math.min(100, 2 ** attempt)));
  }
}

async function once(
  deps: DecideContactsDeps,
  client: PoolClient,
  rows: PendingRows,
  wanted: WantedLocks,
  contactIds: readonly ContactId[],
  makeWork: (locked: Locked) => Promise<readonly SlotWork[]>,
): Promise<boolean> {
  const references = await deps.references.now(client);
  const { policy } = references;
  if (policy === null) return false;
  const survivors = await followRedirects(client, contactIds);
  const { slots, now, redirected } = await lockContacts(client, [...new Set(survivors.values())]);
  if (redirected.size > 0) throw new Moved('a contact was merged meanwhile');
  const slotOf = (id: ContactId) => slots.get(survivors.get(id) ?? id) ?? null;
  const work = await makeWork({ client, slotOf, now, policy });
  const locks = new Locks(client, rows, wanted, references, now);
  await locks.satisfy([]);
  const companyFacts = await loadCompanyFacts(
    client,
    work.map(({ slot }) => slot),
  );
  const ids = await deps.ids.lend(client, 'decision', work.reduce((sum, one) => sum + one.work.length, 0) + 1);
  await decideAll({ rows, locks, ids, references: { ...references, policy }, now, companyFacts }, work);
  deps.ids.giveBack(ids, 'decision');
  if (rows.copies.offer.count > 0) await locks.people();
  await flush(client, rows, slots.values(), now);
  return true;
}

/** Whom each id is part of by now; itself where it was not merged. */
async function followRedirects(client: PoolClient, ids: readonly ContactId[]): Promise<Map<ContactId, ContactId>> {
  const { rows } = await client.query<{ contact_id: number; survivor_id: number }>({
    name: 'follow-redirects',
    text: 'select contact_id, survivor_id from contact_redirect where contact_id = any($1::int8[])',
    values: [int8Array(ids)],
  });
  const survivors = new Map<ContactId, ContactId>(ids.map((id) => [id, id]));
  for (const row of rows) survivors.set(row.contact_id, row.survivor_id);
  return survivors;
}
