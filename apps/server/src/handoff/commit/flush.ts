/**
 * Writes what a transaction gathered: changed rows first (so that no unique index sees an old and a new row at once), then
 * every appended row and `commit` in one message.
 */
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { boolArray, int8Array, int8s, textArray, texts } from '../../database/binary/binaryArray.ts';
import type { CopyRows } from '../../database/binary/copyRows.ts';
import type { Pipeline } from '../../database/binary/pipeline.ts';
import type { ContactSlot } from '../contactSlot.ts';
import { storeState } from '../storedState.ts';
import { addHandoffRow, updateHandoffs } from './flushHandoffs.ts';
import { flushUpdates } from './flushUpdates.ts';
import { keepActs } from './keepActs.ts';
import { splitLedgerKey } from './ledgerChanges.ts';
import { contactColumns, type PendingRows } from './pendingRows.ts';

/**
 * Flushes and commits. `slots`: the contacts under lock; those whose state moved are written. `extra`: further COPYs of
 * the same transaction (events, facts). Throws what the database says; nothing is committed then.
 */
export async function flush(
  pipeline: Pipeline,
  rows: PendingRows,
  slots: Iterable<ContactSlot>,
  recordedAt: Instant,
  extra: readonly CopyRows[] = [],
): Promise<void> {
  writeContacts(pipeline, rows, slots, recordedAt);
  writeCompanies(pipeline, rows);
  writeLedgers(pipeline, rows);
  keepActs(pipeline, rows);
  updateHandoffs(pipeline, rows);
  flushUpdates(pipeline, rows);
  for (const [id, handoff] of rows.handoffs) if (handoff.isNew) addHandoffRow(rows.copies.handoff, id, handoff);
  appendPending(rows);
  for (const copy of extra) pipeline.copy(copy);
  for (const copy of Object.values(rows.copies)) pipeline.copy(copy);
  await pipeline.settle();
  if (pipeline.isAwaited) await pipeline.run();
  pipeline.add(COMMIT);
  await pipeline.run();
}

export const COMMIT = { name: 'commit', text: 'commit' };

function appendPending(rows: PendingRows): void {
  const { copies } = rows;
  for (const member of rows.members)
    copies.member.add([
      member.groupId,
      member.handoffId,
      member.contactId,
      member.joinedAt,
      member.leftAt,
      member.ruleId,
      member.intent,
      member.reason,
    ]);
  for (const clock of rows.clocks) {
    // one that fired already is written by flushUpdates, because its steps need its id
    if (clock.steps.length > 0) continue;
    copies.clock.add([
      clock.handoffId,
      clock.contactId,
      clock.ownerId,
      clock.startedAt,
      clock.dueAt,
      clock.nextAt,
      clock.stop?.at ?? null,
      clock.stop?.decidedAt ?? null,
      clock.kind,
      clock.stop?.how ?? null,
      clock.stop?.evidence ?? null,
    ]);
  }
  for (const tasks of rows.tasks.values())
    for (const task of tasks)
      copies.task.add([
        task.contactId,
        task.handoffId,
        task.ownerId,
        task.decisionId,
        task.dueAt,
        task.createdAt,
        task.end?.at ?? null,
        task.type,
        task.title,
        task.end?.how ?? null,
      ]);
  for (const deal of rows.deals.values())
    copies.deal.add([
      deal.id,
      deal.companyId,
      deal.ownerId,
      deal.handoffId,
      deal.createdAt,
      deal.end?.at ?? deal.createdAt,
      deal.closeAt,
      deal.end?.at ?? null,
      deal.end?.how ?? 'open',
      deal.pipeline,
      deal.end?.how ?? deal.stage,
      'policy',
      deal.name,
      deal.end?.reason ?? null,
    ]);
  for (const [contactId, holds] of rows.holds)
    for (const { hold, reason, decisionId, end } of holds)
      copies.hold.add([
        contactId,
        hold.exceptionId,
        hold.ruleId,
        hold.queueId,
        hold.since,
        hold.until,
        hold.then,
        reason,
        decisionId,
        end?.at ?? null,
        end?.how ?? null,
      ]);
}

// Most of what moves is the state alone: each array of a statement costs, so the columns beside it are written where they moved.
const UPDATE_STATES = {
  name: 'update-states',
  text: `update contact c set state = u.state, version = c.version + 1, updated_at = $3
    from unnest($1::int8[], $2::text[]) as u(id, state) where c.id = u.id`,
};

const UPDATE_CONTACTS = {
  name: 'update-contacts',
  text: `update contact c set
      state = u.state, version = c.version + 1, updated_at = $3, company_id = u.company_id, owner_id = u.owner_id,
      redirected_to = u.redirected_to, known = u.known, stage = u.stage, lead_status = u.lead_status, email = u.email, name = u.name
    from unnest($1::int8[], $2::text[], $4::int8[], $5::int8[], $6::int8[], $7::bool[], $8::text[], $9::text[], $10::text[], $11::text[])
      as u(id, state, company_id, owner_id, redirected_to, known, stage, lead_status, email, name)
    where c.id = u.id`,
};

/** Writes the contacts whose state moved: changed ones by the pipeline, new ones with the next COPY of `rows.copies.contact`. */
export function writeContacts(
  pipeline: Pipeline,
  rows: PendingRows,
  slots: Iterable<ContactSlot>,
  recordedAt: Instant,
): void {
  const moved: ContactSlot[] = [];
  const changed: ContactSlot[] = [];
  for (const slot of slots) {
    if (slot.isWritten) continue;
    slot.isWritten = true;
    if (slot.isNew) addContactRow(rows, slot, recordedAt);
    else if (hasColumnsMoved(slot)) changed.push(slot);
    else if (slot.state !== slot.found) moved.push(slot);
  }
  const common = (of: readonly ContactSlot[]) => [
    int8s(of.map((slot) => slot.id)),
    texts(of.map((slot) => storeState(slot.state, slot.stored))),
    recordedAt,
  ];
  if (moved.length > 0) pipeline.add(UPDATE_STATES, common(moved));
  if (changed.length === 0) return;
  const columns = changed.map((slot) => contactColumns(slot.state));
  pipeline.add(UPDATE_CONTACTS, [
    ...common(changed),
    int8Array(changed.map((slot) => slot.state.companyId)),
    int8Array(changed.map((slot) => slot.state.ownerId)),
    int8Array(changed.map((slot) => slot.redirectedTo)),
    boolArray(changed.map((slot) => slot.known)),
    textArray(changed.map((slot) => slot.state.stage)),
    textArray(changed.map((slot) => slot.state.leadStatus)),
    textArray(columns.map((column) => column.email)),
    textArray(columns.map((column) => column.name)),
  ]);
}

/** Whether one of the columns beside the state moved. E-mail and name are written from facts. */
const hasColumnsMoved = ({ found, state, known, wasKnown, redirectedTo }: ContactSlot): boolean =>
  state.companyId !== found.companyId ||
  state.ownerId !== found.ownerId ||
  state.stage !== found.stage ||
  state.leadStatus !== found.leadStatus ||
  state.facts !== found.facts ||
  known !== wasKnown ||
  redirectedTo !== null;

function addContactRow(rows: PendingRows, slot: ContactSlot, recordedAt: Instant): void {
  const { state } = slot;
  const { email, name } = contactColumns(state);
  rows.copies.contact.add([
    slot.id as ContactId,
    state.companyId,
    slot.redirectedTo,
    slot.sourceId,
    state.ownerId,
    slot.createdAt ?? recordedAt,
    recordedAt,
    slot.known,
    state.stage,
    state.leadStatus,
    email,
    name,
    storeState(state),
  ]);
}

const UPSERT_COMPANIES = {
  name: 'upsert-companies',
  text: `insert into company (id, domain, owner_id, source_id, created_at, updated_at, stage, name, facts)
    select * from unnest($1::int8[], $2::text[], $3::int8[], $4::int8[], $5::int8[], $5::int8[], $6::text[], $7::text[], $8::text[])
    on conflict (id) do update set
      domain = coalesce(company.domain, excluded.domain), owner_id = excluded.owner_id, version = company.version + 1,
      updated_at = excluded.updated_at, stage = excluded.stage, name = excluded.name, facts = excluded.facts`,
};

function writeCompanies(pipeline: Pipeline, rows: PendingRows): void {
  if (rows.changedCompanies.size === 0) return;
  const ids = [...rows.changedCompanies.keys()].sort((one, other) => one - other);
  const states = ids.map((id) => {
    const state = rows.companies.get(id);
    if (state === undefined) throw new Error(`company ${id} changed without being locked`);
    return state;
  });
  const about = ids.map((id) => rows.changedCompanies.get(id));
  pipeline.add(UPSERT_COMPANIES, [
    int8Array(ids),
    textArray(about.map((one) => one?.domain ?? null)),
    int8Array(states.map((state) => state.ownerId)),
    int8Array(about.map((one) => one?.sourceId ?? 0)),
    int8Array(about.map((one) => one?.at ?? 0)),
    textArray(states.map((state) => state.stage)),
    textArray(
      states.map((state) => {
        const name = state.facts['company.name']?.value;
        return typeof name === 'string' ? name : null;
      }),
    ),
    textArray(states.map((state) => JSON.stringify(state.facts))),
  ]);
}

const UPDATE_LEDGERS = {
  name: 'update-ledgers',
  text: `update ledger l set seq = u.seq, balances = u.balances
    from unnest($1::text[], $2::text[], $3::int8[], $4::text[]) as u(team_id, intent, seq, balances)
    where l.team_id = u.team_id and l.intent = u.intent`,
};

function writeLedgers(pipeline: Pipeline, rows: PendingRows): void {
  if (rows.steppedLedgers.size === 0) return;
  const ledgers = [...rows.steppedLedgers].sort().map((key) => {
    const ledger = rows.ledgers.get(key);
    if (ledger === undefined) throw new Error(`ledger ${key} stepped without being locked`);
    return ledger;
  });
  const keys = ledgers.map((ledger) => splitLedgerKey(ledger.key));
  pipeline.add(UPDATE_LEDGERS, [
    textArray(keys.map(([team]) => team)),
    textArray(keys.map(([, intent]) => intent)),
    int8Array(ledgers.map((ledger) => ledger.seq)),
    textArray(
      ledgers.map((ledger) =>
        JSON.stringify(ledger.standings.map((one) => [one.repId, String(one.balance), one.lastWon])),
      ),
    ),
  ]);
}
