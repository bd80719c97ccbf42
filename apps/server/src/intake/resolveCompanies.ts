/**
 * Gives contacts their company (by the sender's group, or by registrable domain), folds what events say of it, and loads
 * the facts of every company that a decision of this group may look at.
 */

import type { Facts } from '@baton/domain/facts/fact.ts';
import { foldCompanyFacts } from '@baton/domain/facts/foldFacts.ts';
import type { CompanyState } from '@baton/domain/handoff/state.ts';
import type { CompanyId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { int8Array, textArray } from '../database/binary/binaryArray.ts';
import type { Answer, Pipeline } from '../database/binary/pipeline.ts';
import type { PendingRows } from '../handoff/commit/pendingRows.ts';
import type { ContactSlot } from '../handoff/contactSlot.ts';
import type { IdBlocks } from '../handoff/idBlocks.ts';
import type { Locks } from '../handoff/locks.ts';
import { addFactRows, type IntakeRows } from './intakeRows.ts';
import { Overtaken } from './resolveIdentities.ts';
import type { StagedEvent } from './stagedEvent.ts';

export type EventHome = { readonly event: StagedEvent; readonly slot: ContactSlot };

/** A company as this group sees it before any lock. */
type Seen = { readonly id: CompanyId; domain: string | null; facts: Facts; readonly isNew: boolean };

const LOOK_UP = {
  name: 'look-up-companies',
  text: `select c.id, c.domain, c.facts, null::text from company c where c.id = any($1::int8[])
    union all
    select c.id, c.domain, c.facts, null from company c where c.domain = any($2::text[])
    union all
    select c.id, c.domain, c.facts, k.value from company_key k join company c on c.id = k.company_id
    where k.kind = 'group' and k.value = any($3::text[])`,
};

const NO_TEXTS = textArray([]);

/** A company as a look-up answers it: id, domain, facts, and the group that it was found by. */
export type CompanyRow = [id: CompanyId, domain: string | null, facts: string, group: string | null];

/**
 * Adds to the pipeline: look up the companies that events name by group or domain, and have ids for those that nobody knows.
 * It needs no contact, so it goes with the message that finds them. Null where none is named.
 */
export function addFindCompanies(
  pipeline: Pipeline,
  ids: IdBlocks,
  events: readonly StagedEvent[],
): Answer<CompanyRow> | null {
  const domains = new Set<string>();
  const groups = new Set<string>();
  for (const { companyDomain, groupId } of events) {
    if (companyDomain !== null) domains.add(companyDomain);
    if (groupId !== null) groups.add(groupId);
  }
  if (domains.size + groups.size === 0) return null;
  ids.ask(pipeline, 'company', domains.size + groups.size);
  return pipeline.add<CompanyRow>(LOOK_UP, [int8Array([]), textArray([...domains]), textArray([...groups])]);
}

export type CompanyDeps = {
  readonly pipeline: Pipeline;
  readonly rows: PendingRows;
  readonly intakeRows: IntakeRows;
  readonly locks: Locks;
  readonly ids: IdBlocks;
  readonly now: Instant;
};

/**
 * Sets `companyId` of contacts, locks and folds what changes, and answers the facts of all companies at hand. Companies
 * whose facts moved are in the answer's `changed`. `named`: what `addFindCompanies` brought. Throws `Overtaken` when another transaction made one of them first.
 */
export async function resolveCompanies(
  deps: CompanyDeps,
  homes: readonly EventHome[],
  slots: Iterable<ContactSlot>,
  named: Answer<CompanyRow> | null,
): Promise<{
  readonly facts: ReadonlyMap<CompanyId, Facts>;
  readonly changed: ReadonlyMap<CompanyId, readonly string[]>;
}> {
  const byId = new Map<CompanyId, Seen>();
  const byDomain = new Map<string, Seen>();
  const byGroup = new Map<string, Seen>();
  const see = ([id, domain, facts, group]: CompanyRow): void => {
    const seen = byId.get(id) ?? { id, domain, facts: JSON.parse(facts) as Facts, isNew: false };
    byId.set(id, seen);
    if (domain !== null) byDomain.set(domain, seen);
    if (group !== null) byGroup.set(group, seen);
  };
  for (const row of named?.rows ?? []) see(row);
  const theirs = new Set<CompanyId>();
  for (const { state } of slots)
    if (state.companyId !== null && !byId.has(state.companyId)) theirs.add(state.companyId);
  if (theirs.size > 0) {
    const { rows } = await deps.pipeline.query<CompanyRow>(LOOK_UP, [int8Array([...theirs]), NO_TEXTS, NO_TEXTS]);
    for (const row of rows) see(row);
  }
  if (byId.size === 0 && named === null) return { facts: new Map(), changed: new Map() };

  // what each event says of its company; a contact's company stays unless a group call names another
  const toLock = new Set<CompanyId>();
  const made: { seen: Seen; groupId: string | null; sourceId: number }[] = [];
  const claims = new Map<Seen, StagedEvent[]>();
  for (const { event, slot } of homes) {
    const current = slot.state.companyId === null ? undefined : byId.get(slot.state.companyId);
    let seen = event.groupId !== null ? byGroup.get(event.groupId) : current;
    seen ??= event.companyDomain === null ? undefined : byDomain.get(event.companyDomain);
    if (seen === undefined && (event.groupId !== null || event.companyDomain !== null)) {
      seen = { id: deps.ids.take('company'), domain: event.companyDomain, facts: {}, isNew: true };
      byId.set(seen.id, seen);
      if (event.companyDomain !== null) byDomain.set(event.companyDomain, seen);
      made.push({ seen, groupId: event.groupId, sourceId: event.incoming.sourceId });
    }
    if (event.groupId !== null && seen !== undefined && !byGroup.has(event.groupId)) {
      byGroup.set(event.groupId, seen);
      if (!seen.isNew) made.push({ seen, groupId: event.groupId, sourceId: event.incoming.sourceId });
    }
    seen ??= current;
    if (seen === undefined) continue;
    if (slot.state.companyId !== seen.id) slot.state = { ...slot.state, companyId: seen.id };
    // somebody new at a company: whoever changes its facts meanwhile must see them, or be seen
    if (!seen.isNew && slot.found.companyId !== seen.id) toLock.add(seen.id);
    if (event.companyClaims.length > 0 || seen.isNew) {
      const list = claims.get(seen) ?? [];
      list.push(event);
      claims.set(seen, list);
      if (!seen.isNew && folded(seen.facts, event, seen.domain) !== seen.facts) toLock.add(seen.id);
    }
  }

  const changed = new Map<CompanyId, string[]>();
  for (const [seen, events] of claims)
    if (seen.isNew) for (const event of events) seen.facts = folded(seen.facts, event, seen.domain);
  addNew(deps, made);
  await deps.locks.companies([...toLock].sort((one, other) => one - other));
  for (const [seen, events] of claims) {
    const state = deps.rows.companies.get(seen.id);
    if (seen.isNew || state === undefined) continue;
    let facts = state.facts;
    for (const event of events) facts = folded(facts, event, seen.domain);
    if (facts === state.facts) continue;
    changed.set(
      seen.id,
      Object.keys(facts).filter((path) => facts[path] !== state.facts[path]),
    );
    addFactRows(deps.intakeRows, { contactId: null, companyId: seen.id }, state.facts, facts, deps.now);
    deps.rows.companies.set(seen.id, { ...state, facts });
    deps.rows.changedCompanies.set(seen.id, { isNew: false, domain: null, sourceId: 0, at: deps.now });
  }
  return {
    facts: new Map([...byId].map(([id, seen]) => [id, deps.rows.companies.get(id)?.facts ?? seen.facts])),
    changed,
  };
}

/** The facts after one event; a company found by a domain knows that domain by the word of whoever named it. */
function folded(facts: Facts, event: StagedEvent, domain: string | null): Facts {
  const claims =
    domain === null || facts['company.domain'] !== undefined || event.companyDomain !== domain
      ? event.companyClaims
      : [
          ...event.companyClaims.filter((claim) => claim.path !== 'company.domain'),
          { path: 'company.domain', value: domain },
        ];
  return foldCompanyFacts(facts, claims, event.observed);
}

const INSERT_COMPANIES = {
  name: 'insert-companies',
  text: `insert into company (id, domain, source_id, created_at, updated_at, name, facts)
    select id, domain, source_id, $4::int8, $4::int8, name, facts
    from unnest($1::int8[], $2::text[], $3::int8[], $5::text[], $6::text[]) as u(id, domain, source_id, name, facts)
    on conflict (domain) do nothing`,
};
const INSERT_KEYS = {
  name: 'insert-company-keys',
  text: `insert into company_key (kind, value, company_id)
    select 'group', * from unnest($1::text[], $2::int8[]) on conflict do nothing`,
};

/** Adds companies that nobody knew to the pipeline, in one order, and the groups that name a company from now on. */
function addNew(
  deps: CompanyDeps,
  made: readonly { readonly seen: Seen; readonly groupId: string | null; readonly sourceId: number }[],
): void {
  const companies = made
    .filter(({ seen }, index) => seen.isNew && made.findIndex((other) => other.seen === seen) === index)
    .sort((one, other) => ((one.seen.domain ?? '') < (other.seen.domain ?? '') ? -1 : 1));
  if (companies.length > 0) {
    const values = [
      int8Array(companies.map(({ seen }) => seen.id)),
      textArray(companies.map(({ seen }) => seen.domain)),
      int8Array(companies.map(({ sourceId }) => sourceId)),
      deps.now,
      textArray(companies.map(({ seen }) => nameOf(seen.facts))),
      textArray(companies.map(({ seen }) => JSON.stringify(seen.facts))),
    ];
    deps.pipeline.add(INSERT_COMPANIES, values, ({ count }) => {
      if (count !== companies.length) throw new Overtaken('another transaction made one of the companies first');
    });
  }
  for (const { seen } of companies) {
    const state: CompanyState = {
      id: seen.id,
      facts: seen.facts,
      stage: null,
      ownerId: null,
      openHandoff: null,
      openDeal: null,
    };
    deps.rows.companies.set(seen.id, state);
    addFactRows(deps.intakeRows, { contactId: null, companyId: seen.id }, {}, seen.facts, deps.now);
  }
  const groups = made
    .filter(({ groupId }) => groupId !== null)
    .sort((one, other) => ((one.groupId ?? '') < (other.groupId ?? '') ? -1 : 1));
  if (groups.length === 0) return;
  const values = [textArray(groups.map(({ groupId }) => groupId)), int8Array(groups.map(({ seen }) => seen.id))];
  deps.pipeline.add(INSERT_KEYS, values, ({ count }) => {
    if (count !== groups.length) throw new Overtaken('another transaction named one of the groups first');
  });
}

const nameOf = (facts: Facts): string | null => {
  const name = facts['company.name']?.value;
  return typeof name === 'string' ? name : null;
};
