/**
 * The intake transaction: one group of events, from their message ids to the commit. All or nothing; whoever calls it tries
 * again after `Overtaken`, `LockOrder`, `StaleReferences` or a conflict, and parts the group when an event is at fault.
 */
import { mergeContacts, observe } from '@baton/domain/facts/observe.ts';
import type { CompanyId, ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import { int8Array } from '../database/binary/binaryArray.ts';
import type { Answer, Pipeline } from '../database/binary/pipeline.ts';
import { flush, writeContacts } from '../handoff/commit/flush.ts';
import type { PendingRows } from '../handoff/commit/pendingRows.ts';
import type { ContactSlot } from '../handoff/contactSlot.ts';
import { decideAll, type SlotWork, type Work } from '../handoff/decideAll.ts';
import type { IdBlocks } from '../handoff/idBlocks.ts';
import { Locks, type WantedLocks } from '../handoff/locks.ts';
import { mergeRows } from '../handoff/mergeRows.ts';
import type { ReferenceCache, References } from '../handoff/references.ts';
import { beginPolicy } from './beginPolicy.ts';
import { addBeginWithCopy, beginWithInsert, type Freshness, freshWithin, isKnown } from './dedupe.ts';
import type { Receipt } from './incomingEvent.ts';
import { addEventRow, addFactRows, addQuarantineRow, type IntakeRows } from './intakeRows.ts';
import { addFindCompanies, type CompanyRow, type EventHome, resolveCompanies } from './resolveCompanies.ts';
import {
  addFindContacts,
  addKeys,
  addWeakKeys,
  type FoundRow,
  type Resolved,
  resolveIdentities,
} from './resolveIdentities.ts';
import type { StagedEvent } from './stagedEvent.ts';

export type GroupDeps = {
  readonly pipeline: Pipeline;
  readonly ids: IdBlocks;
  readonly references: ReferenceCache;
  readonly rows: PendingRows;
  readonly intakeRows: IntakeRows;
  readonly wanted: WantedLocks;
  /** False after a repetition was met: look for conflicts at once instead of copying and failing. */
  readonly expectFresh: boolean;
};

export type GroupOutcome = {
  /** For each event of the group, in its order. */
  readonly receipts: readonly Receipt[];
  /** True where the group held an id that was known before. */
  readonly sawRepetition: boolean;
  /** True where rows were written that others watch (handoffs, reevaluations). */
  readonly feed: boolean;
  readonly reevaluate: boolean;
};

/** Takes one group in. The transaction is committed when this answers, and rolled back by the caller when it throws. */
export async function takeGroup(deps: GroupDeps, events: readonly StagedEvent[]): Promise<GroupOutcome> {
  const { pipeline, rows, intakeRows } = deps;
  pipeline.clear();
  rows.clear();
  for (const copy of Object.values(intakeRows)) copy.clear();

  const freshness = freshWithin(events);
  const found = deps.expectFresh ? await beginFresh(deps, events, freshness) : null;
  if (found === null) await beginWithInsert(pipeline, events, freshness);
  const fresh = onlyFresh(events, freshness);
  const taken = fresh.length === 0 ? NOTHING : await takeFresh(deps, fresh, found);

  let next = 0;
  const receipts = events.map((event, index): Receipt => {
    switch (freshness[index]) {
      case 'fresh':
        return { outcome: 'accepted', contactId: (taken.homes[next++] as EventHome).slot.id };
      case 'payload-differs': {
        const detail = 'this message id was used before with another payload; the first one counts';
        addQuarantineRow(intakeRows, event, 'payload-differs', detail);
        return { outcome: 'quarantined', code: 'payload-differs', detail };
      }
      default:
        return { outcome: 'duplicate', code: 'duplicate' };
    }
  });
  const feed = rows.copies.feed.count > 0;
  const reevaluate = taken.reevaluate || rows.updates.groupFollows.length > 0;
  await flush(pipeline, rows, taken.slots, taken.now, [intakeRows.fact, intakeRows.quarantine]);
  const sawRepetition = found === null && freshness.some((one) => one !== 'fresh');
  return { receipts, sawRepetition, feed, reevaluate };
}

const onlyFresh = (events: readonly StagedEvent[], freshness: readonly Freshness[]): StagedEvent[] =>
  events.filter((_event, index) => freshness[index] === 'fresh');

/** What is known of the group's people and companies. */
type Found = { readonly contacts: Answer<FoundRow>; readonly companies: Answer<CompanyRow> | null };

const addFind = (pipeline: Pipeline, ids: IdBlocks, events: readonly StagedEvent[]): Found => ({
  contacts: addFindContacts(pipeline, ids, events),
  companies: addFindCompanies(pipeline, ids, events),
});

/** Begins as if no id were known, and finds contacts and companies in the same message. Null, with all rolled back, if one is. */
async function beginFresh(
  { pipeline, intakeRows, ids }: GroupDeps,
  events: readonly StagedEvent[],
  freshness: readonly Freshness[],
): Promise<Found | null> {
  addBeginWithCopy(pipeline, intakeRows, events, freshness);
  const found = addFind(pipeline, ids, onlyFresh(events, freshness));
  try {
    await pipeline.run();
    return found;
  } catch (error) {
    if (!isKnown(error)) throw error;
    await pipeline.client.query('rollback');
    return null;
  }
}

type Taken = {
  readonly homes: readonly EventHome[];
  readonly slots: Iterable<ContactSlot>;
  readonly now: Instant;
  readonly reevaluate: boolean;
};
const NOTHING: Taken = { homes: [], slots: [], now: 0, reevaluate: false };

/** Steps 2 to 5: who it is, the locks, what is known, the decisions, and the rows of the events. */
async function takeFresh(deps: GroupDeps, events: readonly StagedEvent[], already: Found | null): Promise<Taken> {
  const { pipeline, ids, rows, intakeRows } = deps;
  const { client } = pipeline;
  const found = already ?? addFind(pipeline, ids, events);
  await pipeline.run();
  const resolved = resolveIdentities(ids, events, found.contacts);
  const { slots, now } = resolved;
  const references = await deps.references.at(client, resolved.peopleVersion, resolved.policySeq);
  await beginPolicy(client, deps.references, references, slots, now);
  const locks = new Locks(pipeline, rows, deps.wanted, references, now);

  const homes = events.map((event, index): EventHome => {
    const slot = slots.get(resolved.plan.contactOf[index] as ContactId);
    if (slot === undefined) throw new Error('an event has no contact under lock');
    return { event, slot };
  });
  addKeys(pipeline, resolved.plan);
  addWeakKeys(
    pipeline,
    homes.flatMap(({ event, slot }) => (event.phone === null ? [] : [{ value: event.phone, contactId: slot.id }])),
  );
  const companies = await resolveCompanies(
    { pipeline, rows, intakeRows, locks, ids, now },
    homes,
    slots.values(),
    found.companies,
  );
  await locks.satisfy([]);
  const merged = await mergeProfiles(pipeline, ids, resolved, slots, now);
  const work = workOf(homes, merged);
  const isHistory = events.every((event) => event.incoming.mode === 'history');
  const reevaluate =
    !isHistory && (await reevaluateColleagues(pipeline, references, companies.changed, slots, now, events));
  for (const { event, slot } of homes) addEventRow(intakeRows, event, slot.id, slot.state.companyId, now);
  // the server writes the events while their decisions are taken
  pipeline.copy(intakeRows.event);
  intakeRows.event.clear();
  pipeline.start();
  const addFacts = (slot: ContactSlot): void =>
    addFactRows(intakeRows, { contactId: slot.id, companyId: null }, slot.found.facts, slot.state.facts, now);
  if (references.policy === null) observeOnly(work);
  else {
    const beforeLedgers = (decided: readonly ContactSlot[]): void => {
      for (const slot of decided) addFacts(slot);
      writeContacts(pipeline, rows, decided, now);
      for (const copy of [intakeRows.fact, rows.copies.contact]) {
        pipeline.copy(copy);
        copy.clear();
      }
    };
    await decideAll(
      {
        rows,
        locks,
        ids,
        references: { ...references, policy: references.policy },
        now,
        companyFacts: companies.facts,
        beforeLedgers,
      },
      work,
    );
  }
  if (rows.copies.offer.count > 0) await locks.people();
  for (const slot of slots.values()) if (!slot.isWritten) addFacts(slot);
  return { homes, slots: slots.values(), now, reevaluate };
}

/** Writes that profiles are one and answers what each survivor has to decide about it. */
async function mergeProfiles(
  pipeline: Pipeline,
  ids: IdBlocks,
  { plan }: Resolved,
  slots: ReadonlyMap<ContactId, ContactSlot>,
  now: Instant,
): Promise<ReadonlyMap<ContactSlot, readonly Work[]>> {
  const merged = new Map<ContactSlot, Work[]>();
  if (plan.merges.length === 0) return merged;
  ids.ask(pipeline, 'decision', plan.contactOf.length + plan.merges.length);
  await pipeline.run();
  const merges = plan.merges.map(({ loser, survivor }) => ({
    loser: slots.get(loser) as ContactSlot,
    survivor: slots.get(survivor) as ContactSlot,
  }));
  await mergeRows(pipeline.client, merges, now, { cause: 'same-person', by: { kind: 'policy' } });
  for (const { loser, survivor } of merges) {
    const work = merged.get(survivor) ?? [];
    work.push({ input: { kind: 'merged', loser: loser.state }, asOf: null, handsOff: true, tells: true });
    merged.set(survivor, work);
    if (survivor.state.companyId === null && loser.state.companyId !== null)
      survivor.state = { ...survivor.state, companyId: loser.state.companyId };
  }
  return merged;
}

/** What is to be decided, by contact: merges first, then events by (effectiveAt, key). */
function workOf(homes: readonly EventHome[], merged: ReadonlyMap<ContactSlot, readonly Work[]>): SlotWork[] {
  const bySlot = new Map<ContactSlot, EventHome[]>();
  for (const slot of merged.keys()) bySlot.set(slot, []);
  for (const home of homes) {
    const list = bySlot.get(home.slot);
    if (list === undefined) bySlot.set(home.slot, [home]);
    else list.push(home);
  }
  const work: SlotWork[] = [];
  for (const [slot, list] of bySlot) {
    if (list.length > 1) list.sort(byInstant);
    // a merge is decided as the event that caused it: an import of the past hands nobody off today
    const decided = (merged.get(slot) ?? NO_WORK).map((one): Work => ({ ...one, ...howDecided(list[0]) }));
    for (const home of list) {
      const { event } = home;
      const { asOf, handsOff, tells } = howDecided(home);
      decided.push({ input: { kind: 'event-observed', event: event.observed }, asOf, handsOff, tells, about: event });
    }
    work.push({ slot, work: decided });
  }
  return work;
}

const NO_WORK: readonly Work[] = [];

type HowDecided = Pick<Work, 'asOf' | 'handsOff' | 'tells'>;
const LIVE: HowDecided = { asOf: null, handsOff: true, tells: true };

/** As of when an event's decision is taken, whether it may hand off, and whether anybody is told: its mode says so. */
function howDecided(home: EventHome | undefined): HowDecided {
  if (home === undefined || home.event.incoming.mode === 'live') return LIVE;
  const { mode } = home.event.incoming;
  return {
    asOf: mode === 'as-of-row' ? home.event.observed.effectiveAt : null,
    handsOff: mode !== 'history',
    tells: false,
  };
}

const byInstant = ({ event: one }: EventHome, { event: other }: EventHome): number =>
  one.observed.effectiveAt - other.observed.effectiveAt || (one.observed.key < other.observed.key ? -1 : 1);

const NO_COLLECTORS: CompiledPolicy['collectors'] = new Map();

/** With nothing in force: facts and touches are kept; signals are built from the stored events once a policy needs them. */
function observeOnly(all: readonly SlotWork[]): void {
  for (const { slot, work } of all)
    for (const { input } of work)
      if (input.kind === 'merged') slot.state = mergeContacts(slot.state, input.loser);
      else if (input.kind === 'event-observed') slot.state = observe(slot.state, input.event, NO_COLLECTORS);
}

const REEVALUATE_COLLEAGUES = {
  name: 'reevaluate-colleagues',
  text: `insert into reevaluation (contact_id, cause, at, input)
    select id, 'company-facts', $3::int8, $4::text from contact
    where company_id = any($1::int8[]) and redirected_to is null and not id = any($2::int8[])
    order by id on conflict (contact_id, cause) do nothing`,
};

/** What follows for colleagues of those who told of the past is decided as of the latest of it; null: now. */
const followInput = (events: readonly StagedEvent[]): string | null => {
  if (!events.every((event) => event.incoming.mode === 'as-of-row')) return null;
  const asOf = events.reduce((latest, event) => Math.max(latest, event.observed.effectiveAt), 0);
  return JSON.stringify({ kind: 'facts-changed', cause: 'company-facts', asOf });
};

/** A company's facts moved: everybody else of it is to be looked at again, where the policy asks about those facts. */
async function reevaluateColleagues(
  pipeline: Pipeline,
  { policy }: References,
  changed: ReadonlyMap<CompanyId, readonly string[]>,
  slots: ReadonlyMap<ContactId, ContactSlot>,
  now: Instant,
  events: readonly StagedEvent[],
): Promise<boolean> {
  if (policy === null) return false;
  const companies = [...changed]
    .filter(([, paths]) => paths.some((path) => policy.criteriaByFact.has(path)))
    .map(([id]) => id);
  if (companies.length === 0) return false;
  const { count } = await pipeline.query(REEVALUATE_COLLEAGUES, [
    int8Array(companies),
    int8Array([...slots.keys()]),
    now,
    followInput(events),
  ]);
  return count > 0;
}
