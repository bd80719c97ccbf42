import type { Facts, Trust } from '@baton/domain/facts/fact.ts';
import type { ObservedEvent } from '@baton/domain/handoff/input.ts';
import type { CompanyId, ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { CopyRows, type CopyTable } from '../database/binary/copyRows.ts';
import type { StagedEvent } from './stagedEvent.ts';

/** The tables that intake itself writes, beside those of decisions. */
export const INTAKE_TABLES = {
  seen: {
    name: 'message_seen',
    columns: [
      ['source_id', 'int4'],
      ['message_key', 'text'],
      ['payload_hash', 'bytea'],
    ],
  },
  event: {
    name: 'event',
    columns: [
      ['contact_id', 'int8'],
      ['effective_at', 'int8'],
      ['received_at', 'int8'],
      ['recorded_at', 'int8'],
      ['company_id', 'int8'],
      ['source_id', 'int4'],
      ['trust', 'char'],
      ['type', 'char'],
      ['key', 'text'],
      ['name', 'text'],
      ['properties', 'text'],
      ['claims', 'text'],
      ['touch', 'text'],
      ['marks', 'text'],
    ],
  },
  fact: {
    name: 'fact',
    columns: [
      ['contact_id', 'int8'],
      ['company_id', 'int8'],
      ['at', 'int8'],
      ['recorded_at', 'int8'],
      ['trust', 'char'],
      ['path', 'text'],
      ['key', 'text'],
      ['source', 'text'],
      ['value', 'text'],
    ],
  },
  quarantine: {
    name: 'quarantine',
    columns: [
      ['source_id', 'int4'],
      ['message_key', 'text'],
      ['code', 'text'],
      ['detail', 'text'],
      ['payload', 'text'],
      ['received_at', 'int8'],
    ],
  },
} as const satisfies Record<string, CopyTable>;

export const TRUST_LETTER: Readonly<Record<Trust, string>> = { browser: 'b', form: 'f', server: 's', person: 'p' };
export const TYPE_LETTER: Readonly<Record<ObservedEvent['type'], string>> = {
  track: 't',
  identify: 'i',
  page: 'p',
  screen: 's',
  group: 'g',
  alias: 'a',
};

export type IntakeRows = Readonly<Record<keyof typeof INTAKE_TABLES, CopyRows>>;

export const makeIntakeRows = (): IntakeRows => ({
  seen: new CopyRows(INTAKE_TABLES.seen, 1 << 16),
  event: new CopyRows(INTAKE_TABLES.event, 1 << 18),
  fact: new CopyRows(INTAKE_TABLES.fact, 1 << 14),
  quarantine: new CopyRows(INTAKE_TABLES.quarantine),
});

/** Adds the row of one event. */
export function addEventRow(
  rows: IntakeRows,
  event: StagedEvent,
  contactId: ContactId,
  companyId: CompanyId | null,
  recordedAt: Instant,
): void {
  const { incoming, observed } = event;
  const properties = JSON.stringify(observed.properties);
  rows.event.add([
    contactId,
    observed.effectiveAt,
    incoming.receivedAt,
    recordedAt,
    companyId,
    incoming.sourceId,
    TRUST_LETTER[observed.trust],
    TYPE_LETTER[observed.type],
    observed.key,
    observed.name,
    properties === '{}' ? null : properties,
    observed.claims.length === 0 ? null : JSON.stringify(observed.claims),
    observed.touch === null ? null : JSON.stringify(observed.touch),
    event.fromFuture ? [...observed.marks, 'from-future'].join(' ') : observed.marks.join(' ') || null,
  ]);
}

/** Adds a row for each fact that is another than before. Linear in the facts. */
export function addFactRows(
  rows: IntakeRows,
  of: { readonly contactId: ContactId | null; readonly companyId: CompanyId | null },
  before: Facts,
  after: Facts,
  recordedAt: Instant,
): void {
  if (before === after) return;
  for (const path in after) {
    const fact = after[path];
    if (fact === undefined || fact === before[path]) continue;
    rows.fact.add([
      of.contactId,
      of.companyId,
      fact.at,
      recordedAt,
      TRUST_LETTER[fact.trust],
      path,
      fact.key,
      fact.source,
      JSON.stringify(fact.value),
    ]);
  }
}

/** Adds an event to the quarantine, whole, so that a person can look at it and send it again. */
export function addQuarantineRow(rows: IntakeRows, event: StagedEvent, code: string, detail: string): void {
  const { incoming } = event;
  const { payloadHash: _, ...payload } = incoming;
  rows.quarantine.add([
    incoming.sourceId,
    incoming.messageKey,
    code,
    detail.replaceAll('\0', ' ').slice(0, 2000),
    JSON.stringify(payload),
    incoming.receivedAt,
  ]);
}
