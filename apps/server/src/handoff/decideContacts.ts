import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { Pool, PoolClient } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import { Pipeline } from '../database/binary/pipeline.ts';
import { isConflict } from '../database/transaction.ts';
import { BeginAgain } from './beginAgain.ts';
import { flush } from './commit/flush.ts';
import { PendingRows } from './commit/pendingRows.ts';
import type { ContactSlot } from './contactSlot.ts';
import { decideAll, type SlotWork } from './decideAll.ts';
import type { IdBlocks } from './idBlocks.ts';
import { loadCompanyFacts } from './loadCompanyFacts.ts';
import { lockContacts } from './lockContacts.ts';
import { Locks, PEOPLE_LOCK, WantedLocks } from './locks.ts';
import type { ReferenceCache, References } from './references.ts';

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

/** Which contacts to decide: known before, or chosen (and locked) inside the transaction. */
export type Chosen = readonly ContactId[] | ((client: PoolClient) => Promise<readonly ContactId[]>);

/** A change of reps or teams that is committed together with what is decided because of it. */
export type PeopleChange = {
  /** Runs after the contacts and their companies were locked, while nobody is assigned a lead by anybody. */
  readonly apply: (client: PoolClient, locked: ReadonlySet<ContactId>) => Promise<void>;
};

/**
 * Locks `contactIds` in order and decides what `makeWork` says. `makeWork` runs inside the transaction, possibly several
 * times, and may read and write with `client`. With a `change` of people that is made first, in the same transaction, and
 * decisions see what it made. Answers false, having done nothing, while no policy is in force.
 */
export async function decideContacts(
  deps: DecideContactsDeps,
  contactIds: Chosen,
  makeWork: (locked: Locked) => Promise<readonly SlotWork[]>,
  change: PeopleChange | null = null,
): Promise<boolean> {
  const wanted = new WantedLocks();
  const rows = new PendingRows(deps.references.house);
  for (let attempt = 1; ; attempt += 1) {
    const client = await deps.pool.connect();
    let broken: Error | undefined;
    try {
      rows.clear();
      await client.query('begin');
      const decided = await once(deps, client, rows, wanted, contactIds, makeWork, change);
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
  chosen: Chosen,
  makeWork: (locked: Locked) => Promise<readonly SlotWork[]>,
  change: PeopleChange | null,
): Promise<boolean> {
  let references = await deps.references.now(client);
  const { policy } = references;
  if (policy === null) return false;
  const contactIds = typeof chosen === 'function' ? await chosen(client) : chosen;
  const survivors = await followRedirects(client, contactIds);
  const { slots, redirected, ...clock } = await lockContacts(client, [...new Set(survivors.values())]);
  if (redirected.size > 0) throw new Moved('a contact was merged meanwhile');
  let { now } = clock;
  if (change !== null) {
    await lockCompaniesOf(client, rows, wanted, references, slots.values());
    await client.query(`select pg_advisory_xact_lock(${PEOPLE_LOCK})`);
    await change.apply(client, new Set(slots.keys()));
    references = { ...(await deps.references.unkept(client)), policy, policySeq: references.policySeq };
    now = (await client.query<{ now: Instant }>('select now_ms() as now')).rows[0]?.now ?? now;
  }
  const slotOf = (id: ContactId) => slots.get(survivors.get(id) ?? id) ?? null;
  const work = await makeWork({ client, slotOf, now, policy });
  const pipeline = new Pipeline(client);
  const locks = new Locks(pipeline, rows, wanted, references, now);
  await locks.satisfy([]);
  const companyFacts = await loadCompanyFacts(
    client,
    work.map(({ slot }) => slot),
  );
  const ids = await deps.ids.lend(client, 'decision', work.reduce((sum, one) => sum + one.work.length, 0) + 1);
  await decideAll({ rows, locks, ids, references: { ...references, policy }, now, companyFacts }, work);
  deps.ids.giveBack(ids, 'decision');
  if (rows.copies.offer.count > 0) await locks.people();
  await flush(pipeline, rows, slots.values(), now);
  return true;
}

/** Companies are locked before people: all that these contacts can need, and what an earlier try needed. */
async function lockCompaniesOf(
  client: PoolClient,
  rows: PendingRows,
  wanted: WantedLocks,
  references: References,
  slots: Iterable<ContactSlot>,
): Promise<void> {
  const companies = new Set(wanted.companies);
  for (const { state } of slots) if (state.companyId !== null) companies.add(state.companyId);
  await new Locks(new Pipeline(client), rows, wanted, references, 0).companies(
    [...companies].sort((one, other) => one - other),
  );
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
