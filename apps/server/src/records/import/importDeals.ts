/**
 * Deals of a file, set-wise: one transaction finds whose they are, locks those contacts, writes the deals that are new and
 * lets the same core decide what each means (created, won, lost) as of its own instant. What was there before and says
 * nothing new is a duplicate.
 */

import type { People } from '@baton/domain/assignment/assignment.ts';
import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { PoolClient } from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { ContactSlot } from '../../handoff/contactSlot.ts';
import type { SlotWork, Work } from '../../handoff/decideAll.ts';
import { type DecideContactsDeps, decideContacts } from '../../handoff/decideContacts.ts';
import { lockContacts } from '../../handoff/lockContacts.ts';
import type { IntakeMode } from '../../intake/incomingEvent.ts';
import { findRepIn } from '../../people/loadPeople.ts';
import { findContacts } from './findContacts.ts';
import type { RowErrorCode } from './importRefusal.ts';
import type { ImportRun } from './importRun.ts';
import type { DealRow } from './mapDeal.ts';

/** What became of one deal's row. `flags`: what is odd about it and was kept. */
export type DealOutcome =
  | { readonly kind: 'accepted'; readonly flags: readonly string[] }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'bad'; readonly code: RowErrorCode; readonly say: string };

type Run = Pick<ImportRun, 'sourceId' | 'sourceName' | 'startedAt'>;

/** Takes deals and answers each, in the order given, after their commit. */
export type ImportDeals = (run: Run, deals: readonly DealRow[], mode: IntakeMode) => Promise<readonly DealOutcome[]>;

/** Deals over the same deciding as everything else. With no policy in force they are kept as they ended, undecided. */
export const makeImportDeals =
  (deps: DecideContactsDeps): ImportDeals =>
  async (run, deals, mode) => {
    const contactOf = await findContacts(
      deps.pool,
      deals.map((deal) => deal.identity),
    );
    const contactIds = [...new Set(contactOf.filter((id) => id !== null))].sort((one, other) => one - other);
    let outcomes: readonly DealOutcome[] = [];
    const take = async (client: PoolClient, slotOf: SlotOf, now: Instant): Promise<Taken> => {
      const ids = await deps.ids.lend(client, 'decision', deals.length);
      const { people } = await deps.references.now(client);
      const slots = contactOf.map((id) => (id === null ? null : slotOf(id)));
      const taken = await takeDeals(
        { client, run, mode, people, now, nextId: () => ids.take('decision') },
        deals,
        slots,
      );
      deps.ids.giveBack(ids, 'decision');
      outcomes = taken.outcomes;
      return taken;
    };
    const decided = await decideContacts(deps, contactIds, async ({ client, slotOf, now }) => {
      const { work } = await take(client, slotOf, now);
      return [...work].map(([slot, inputs]): SlotWork => ({ slot, work: inputs }));
    });
    if (!decided) {
      await inTransaction(deps.pool, async (client) => {
        const { slots, now } = await lockContacts(client, contactIds);
        const { made } = await take(client, (id) => slots.get(id) ?? null, now);
        await closeUndecided(client, made);
      });
    }
    return outcomes;
  };

type SlotOf = (id: ContactId) => ContactSlot | null;
type Deps = {
  readonly client: PoolClient;
  readonly run: Run;
  readonly mode: IntakeMode;
  readonly people: People;
  readonly now: Instant;
  readonly nextId: () => number;
};
type Taken = {
  readonly outcomes: readonly DealOutcome[];
  readonly work: ReadonlyMap<ContactSlot, readonly Work[]>;
  readonly made: readonly MadeDeal[];
};
type StoredDeal = { id: number; external_key: string; status: string };

/** Writes what is new and says what is to be decided; `slots` are the contacts under lock, null where nobody is known. */
const takeDeals = async (
  deps: Deps,
  deals: readonly DealRow[],
  slots: readonly (ContactSlot | null)[],
): Promise<Taken> => {
  const { client, run, people } = deps;
  const stored = await client.query<StoredDeal>(
    'select id, external_key, status from deal where source_id = $1 and external_key = any($2) order by id for update',
    [run.sourceId, deals.map((deal) => deal.key)],
  );
  const known = new Map(stored.rows.map((row) => [row.external_key, row]));
  const made: MadeDeal[] = [];
  const work = new Map<ContactSlot, Work[]>();
  const outcomes = deals.map((deal, index): DealOutcome => {
    const slot = slots[index] ?? null;
    if (slot === null) {
      const who = deal.identity.email ?? deal.identity.userId ?? deal.identity.anonymousId ?? '';
      return { kind: 'bad', code: 'no-such-contact', say: `nobody is known as ${who}: import the contacts first` };
    }
    const before = known.get(deal.key);
    if (before !== undefined && (before.status !== 'open' || deal.status === 'open')) return { kind: 'duplicate' };
    const flags = flagsOf(deal, slot, people);
    const id = before?.id ?? deps.nextId();
    const createdAt = deal.createdAt ?? deal.closedAt ?? deps.now;
    if (before === undefined) made.push({ deal, id, slot, createdAt, ownerId: ownerOf(deal, slot, people), flags });
    known.set(deal.key, { id, external_key: deal.key, status: deal.status });
    const list = work.get(slot) ?? [];
    list.push(...inputsOf(deps, deal, id, before === undefined, createdAt));
    work.set(slot, list);
    return { kind: 'accepted', flags };
  });
  await writeDeals(client, run, made);
  return { outcomes, work, made };
};

/** What is odd about a deal and is kept nevertheless. */
const flagsOf = (deal: DealRow, { state }: ContactSlot, people: People): string[] => {
  const flags: string[] = [];
  const leadAt = state.handoff?.qualifiedAt ?? state.touches.first?.at;
  if (deal.closedAt !== null && leadAt !== undefined && deal.closedAt < leadAt)
    flags.push(`${deal.status}-before-lead`);
  if (deal.owner !== null) {
    const rep = findRepIn(people.reps, deal.owner);
    if (rep === undefined) flags.push('owner-unknown');
    else if (!rep.active) flags.push('owner-inactive');
  }
  return flags;
};

/** The rep that the file names where they are active, else whoever has the contact. */
const ownerOf = (deal: DealRow, { state }: ContactSlot, people: People): number | null => {
  const named = deal.owner === null ? undefined : findRepIn(people.reps, deal.owner);
  if (named?.active === true) return named.id;
  const { handoff } = state;
  return handoff !== null && handoff.status !== 'queued' ? handoff.ownerId : state.ownerId;
};

const inputsOf = ({ run, mode }: Deps, deal: DealRow, dealId: number, isNew: boolean, createdAt: Instant): Work[] => {
  const by = { kind: 'import', name: run.sourceName } as const;
  const workOf = (change: Extract<Input, { kind: 'deal-changed' }>['change']): Work => ({
    input: { kind: 'deal-changed', by, dealId, change },
    asOf: change.at,
    handsOff: mode !== 'history',
    tells: false,
  });
  return [
    ...(isNew ? [workOf({ to: 'created', at: createdAt, reason: null })] : []),
    ...(deal.status !== 'open' && deal.closedAt !== null
      ? [workOf({ to: deal.status, at: deal.closedAt, reason: deal.reason })]
      : []),
  ];
};

type MadeDeal = {
  readonly deal: DealRow;
  readonly id: number;
  readonly slot: ContactSlot;
  readonly createdAt: Instant;
  readonly ownerId: number | null;
  readonly flags: readonly string[];
};

/** New deals as open ones; the decisions that follow close them. */
const writeDeals = async (client: PoolClient, run: Run, made: readonly MadeDeal[]): Promise<void> => {
  if (made.length === 0) return;
  const column = <T>(read: (each: MadeDeal) => T): T[] => made.map(read);
  await client.query(
    `insert into deal (id, company_id, owner_id, handoff_id, amount_minor, created_at, updated_at, close_at, source_id,
       currency, pipeline_id, stage_id, made_by, touched, name, external_key, flags, properties)
     select u.id, u.company_id, u.owner_id, u.handoff_id, u.amount, u.created_at, u.created_at, u.close_at, $1,
       u.currency, u.pipeline, u.stage, 'import', true, u.name, u.key, nullif(u.flags, ''), u.properties
     from unnest($2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::text[], $10::text[],
       $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
       as u(id, company_id, owner_id, handoff_id, amount, created_at, close_at, currency, pipeline, stage, name, key, flags, properties)`,
    [
      run.sourceId,
      column((each) => each.id),
      column((each) => each.slot.state.companyId),
      column((each) => each.ownerId),
      column((each) => each.slot.state.handoff?.id ?? null),
      column((each) => each.deal.amountMinor),
      column((each) => each.createdAt),
      column((each) => each.deal.closeAt),
      column((each) => each.deal.currency),
      column((each) => each.deal.pipeline ?? 'sales'),
      column((each) => each.deal.stage ?? 'appointment'),
      column((each) => each.deal.name ?? `Deal ${each.deal.key}`),
      column((each) => each.deal.key),
      column((each) => each.flags.join(' ')),
      column((each) => JSON.stringify(each.deal.properties)),
    ],
  );
  await client.query(
    `with u as (
       select * from unnest($2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::text[]) as u(id, contact_id, handoff_id, at, stage)
     ), members as (
       insert into deal_contact (deal_id, contact_id, at, handoff_id) select id, contact_id, at, handoff_id from u
     )
     insert into deal_stage_entry (deal_id, at, recorded_at, from_stage, to_stage, cause, by)
     select id, at, now_ms(), null, stage, 'imported', $1 from u`,
    [
      `import:${run.sourceName}`,
      column((each) => each.id),
      column((each) => each.slot.id),
      column((each) => each.slot.state.handoff?.id ?? null),
      column((each) => each.createdAt),
      column((each) => each.deal.stage ?? 'appointment'),
    ],
  );
};

/** With no policy in force nothing is decided: the deals are kept as they ended. */
const closeUndecided = async (client: PoolClient, made: readonly MadeDeal[]): Promise<void> => {
  const closed = made.filter(({ deal }) => deal.status !== 'open');
  await client.query(
    `update deal d set status = u.status, stage_id = u.status, closed_at = u.at, updated_at = u.at, reason = u.reason
     from unnest($1::int8[], $2::text[], $3::int8[], $4::text[]) as u(id, status, at, reason) where d.id = u.id`,
    [
      closed.map((each) => each.id),
      closed.map((each) => each.deal.status),
      closed.map((each) => each.deal.closedAt),
      closed.map((each) => each.deal.reason),
    ],
  );
};
