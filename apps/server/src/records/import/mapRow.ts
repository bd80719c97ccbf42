import { createHash } from 'node:crypto';
import type { FactClaim, FactValue } from '@baton/domain/facts/fact.ts';
import type { JsonValue } from '@baton/domain/kernel/json.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { sourceOfWord } from '@baton/domain/source/attributeTouch.ts';
import type { Touch } from '@baton/domain/source/touch.ts';
import type { IncomingEvent, IntakeMode } from '../../intake/incomingEvent.ts';
import { payloadHash } from '../../intake/payloadHash.ts';
import type { ColumnRule, ImportMap } from './importMap.ts';
import type { RowErrorCode } from './importRefusal.ts';
import { type DealRow, dealOf } from './mapDeal.ts';
import { readInstant } from './readInstant.ts';
import type { CellValue, Row } from './readRows.ts';
import { hasIdentity, identityOf, NO_IDENTITY, type Problem, textOf, type Values } from './rowValues.ts';
import { shorten } from './shorten.ts';

export type CompanyRow = {
  readonly domain: string;
  readonly name: string | null;
  readonly at: Instant;
  readonly key: string;
  readonly claims: readonly FactClaim[];
};

export type MappedRow =
  | { readonly kind: 'events'; readonly events: readonly IncomingEvent[]; readonly owner: string | null }
  | { readonly kind: 'company'; readonly company: CompanyRow }
  | { readonly kind: 'deal'; readonly deal: DealRow };

export type RowContext = {
  readonly sourceId: number;
  readonly sourceName: string;
  readonly mode: IntakeMode;
  /** The run's own instant: what stands for "now" in rows that tell none. */
  readonly startedAt: Instant;
};

/** Turns one row into what the intake understands. Pure but for hashing; linear in the row. */
export const mapRow = (map: ImportMap, row: Row, context: RowContext): Result<MappedRow, Problem> => {
  const values = readValues(map, row);
  if (!values.ok) return values;
  const instant = rowInstant(map, row, context);
  if (!instant.ok) return instant;
  const key = rowKey(map, row);
  if (!key.ok) return key;
  switch (map.rows) {
    case 'contacts':
    case 'events':
      return eventsOf(map, row, values.value, instant.value, key.value, context);
    case 'companies':
      return companyOf(values.value, instant.value, key.value);
    case 'deals': {
      const deal = dealOf(values.value, key.value);
      return deal.ok ? ok({ kind: 'deal', deal: deal.value }) : deal;
    }
  }
};

const readValues = (map: ImportMap, row: Row): Result<Values, Problem> => {
  const values: Values = new Map(map.constants);
  for (const rule of map.columns) {
    const cell = row.cell(rule.column);
    if (cell === undefined || isEmpty(map, cell)) continue;
    const value = readCell(rule, cell);
    if (!value.ok) return value;
    values.set(rule.to, value.value);
  }
  return ok(values);
};

const isEmpty = (map: ImportMap, cell: CellValue): boolean =>
  cell === null || (typeof cell === 'string' && map.empty.has(cell.trim()));

const readCell = (rule: ColumnRule, cell: CellValue): Result<FactValue, Problem> => {
  const fail = (code: RowErrorCode, say: string) => err({ code, say: `column "${rule.column}": ${say}` });
  if (rule.words !== null) {
    const known = rule.words.get(String(cell).trim().toLowerCase()) ?? rule.otherwise;
    return known === null ? fail('unknown-word', `"${shorten(String(cell))}" is not among the map's words`) : ok(known);
  }
  switch (rule.type) {
    case 'text':
      return ok(Array.isArray(cell) ? (cell as readonly string[]) : String(cell).trim());
    case 'list':
      return ok(
        Array.isArray(cell)
          ? (cell as readonly string[])
          : String(cell)
              .split(/[;,|]/)
              .map((each) => each.trim())
              .filter((each) => each !== ''),
      );
    case 'number': {
      const text = String(cell).trim();
      const value = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(text)
        ? Number(text.replaceAll(',', ''))
        : Number.NaN;
      return Number.isFinite(value) ? ok(value) : fail('bad-number', `"${shorten(text)}" is no number`);
    }
    case 'boolean': {
      const value = BOOLEANS.get(String(cell).trim().toLowerCase());
      return value === undefined ? fail('bad-boolean', `"${shorten(String(cell))}" is neither yes nor no`) : ok(value);
    }
    case 'date': {
      const at = readInstant(String(cell), rule.date);
      return at.ok ? ok(new Date(at.value).toISOString()) : fail(at.error.code, at.error.say);
    }
  }
};

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['1', true],
  ['y', true],
  ['t', true],
  ['x', true],
  ['no', false],
  ['false', false],
  ['0', false],
  ['n', false],
  ['f', false],
]);

const rowInstant = (map: ImportMap, row: Row, context: RowContext): Result<Instant, Problem> => {
  if (map.instant === null) return ok(context.startedAt);
  if (map.instant.kind === 'constant') return ok(map.instant.at);
  const cell = row.cell(map.instant.column);
  if (cell === undefined || isEmpty(map, cell)) {
    return context.mode === 'as-of-row'
      ? err({
          code: 'no-instant',
          say: `column "${map.instant.column}" is empty, and --as-of-row needs the row's instant`,
        })
      : ok(context.startedAt);
  }
  const at = readInstant(String(cell), map.instant.date);
  return at.ok ? at : err({ code: at.error.code, say: `column "${map.instant.column}": ${at.error.say}` });
};

const KEY_CHARS_MAX = 160;

/** What names the row for good: its key columns, or the hash of what it holds. */
const rowKey = (map: ImportMap, row: Row): Result<string, Problem> => {
  if (map.key.length === 0) return ok(`=${contentHash(row)}`);
  const parts: string[] = [];
  for (const column of map.key) {
    const cell = row.cell(column);
    if (cell === undefined || isEmpty(map, cell))
      return err({ code: 'no-key', say: `the key column "${column}" is empty` });
    parts.push(String(cell).trim());
  }
  const joined = parts.join('|');
  return ok(joined.length <= KEY_CHARS_MAX ? joined : `=${hashOf(joined)}`);
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
const contentHash = (row: Row): string => hashOf(row.cells.join('\u001f'));

const NOT_FACTS = new Set(['contact.user-id', 'contact.anonymous-id']);
const claimsOf = (values: Values, room: 'contact' | 'company'): FactClaim[] =>
  [...values]
    .filter(([path]) => path.startsWith(`${room}.`) && !NOT_FACTS.has(path))
    .map(([path, value]) => ({ path, value }));

const touchOf = (values: Values): Omit<Touch, 'at' | 'key'> | null => {
  const word = textOf(values, 'source');
  const detail = textOf(values, 'source.detail');
  const utm: { [field: string]: string } = {};
  for (const field of ['source', 'medium', 'campaign', 'term', 'content']) {
    const value = textOf(values, `source.utm-${field}`);
    if (value !== undefined) utm[field] = value;
  }
  const campaign = textOf(values, 'source.campaign');
  const form = textOf(values, 'source.form');
  const landingPage = textOf(values, 'source.landing-page');
  const referrer = textOf(values, 'source.referrer');
  const told = [word, detail, campaign, form, landingPage, referrer].some((each) => each !== undefined);
  if (!told && Object.keys(utm).length === 0) return null;
  const source = sourceOfWord(word ?? detail);
  return {
    source: source ?? 'import',
    ...(detail !== undefined ? { detail } : word !== undefined && source === undefined ? { detail: word } : {}),
    ...(Object.keys(utm).length > 0 ? { utm } : {}),
    ...(campaign === undefined ? {} : { campaign }),
    ...(form === undefined ? {} : { form }),
    ...(landingPage === undefined ? {} : { landingPage }),
    ...(referrer === undefined ? {} : { referrer }),
  };
};

type Act = { readonly name: string; readonly properties: { readonly [name: string]: JsonValue } };

const eventsOf = (
  map: ImportMap,
  row: Row,
  values: Values,
  at: Instant,
  key: string,
  context: RowContext,
): Result<MappedRow, Problem> => {
  const identity = identityOf(values);
  if (!hasIdentity(identity)) return err(NO_IDENTITY);
  const properties = propertiesOf(values, 'event.');
  const acts: Act[] = [];
  if (map.rows === 'events') {
    const name = textOf(values, 'event.name');
    if (name === undefined) return err({ code: 'no-event-name', say: 'no column or constant gives event.name' });
    delete properties.name;
    acts.push({ name, properties });
  }
  for (const rule of map.events) {
    const cell = rule.name.kind === 'constant' ? rule.name.name : row.cell(rule.name.column);
    if (cell === undefined || isEmpty(map, cell)) continue;
    const count = rule.times === null ? 1 : timesOf(row.cell(rule.times));
    if (count === null) return err({ code: 'bad-number', say: `column "${rule.times}" is no number of times` });
    for (let time = 0; time < Math.min(count, rule.atMost); time += 1) {
      acts.push({ name: String(cell).trim(), properties: { ...properties, ...Object.fromEntries(rule.properties) } });
    }
  }
  const claims = claimsOf(values, 'contact');
  const companyClaims = claimsOf(values, 'company');
  const touch = touchOf(values);
  const base = {
    sourceId: context.sourceId,
    sourceName: context.sourceName,
    trust: 'server',
    receivedAt: context.startedAt,
    sentAt: null,
    identity,
    marks: [],
    mode: context.mode,
  } as const;
  const events: IncomingEvent[] = [];
  if (map.rows === 'contacts') {
    // What the row says of the contact is keyed by its content too: a corrected row is new knowledge, not a conflict.
    const told = JSON.stringify([identity, claims, companyClaims, touch, at === context.startedAt ? null : at]);
    events.push({
      ...base,
      messageKey: `contacts:${key}@${hashOf(told)}`,
      payloadHash: payloadHash(told),
      timestamp: at,
      type: 'identify',
      name: 'identify',
      properties: {},
      claims,
      companyClaims,
      touch,
    });
  }
  // Acts follow what the row says of the contact, so that they are decided with it: a millisecond each.
  const from = at + events.length;
  for (const [index, act] of acts.entries()) {
    const type = act.name === 'page' || act.name === 'screen' ? act.name : 'track';
    const first = events.length === 0;
    events.push({
      ...base,
      messageKey: `${map.rows}:${key}#${index}`,
      payloadHash: payloadHash(
        JSON.stringify([identity, act.name, act.properties, at === context.startedAt ? null : at]),
      ),
      timestamp: from + index,
      type,
      name: act.name,
      properties: act.properties,
      claims: first ? claims : [],
      companyClaims: first ? companyClaims : [],
      touch: first ? touch : null,
    });
  }
  return ok({ kind: 'events', events, owner: textOf(values, 'contact.owner') ?? null });
};

const timesOf = (cell: CellValue | undefined): number | null => {
  if (cell === undefined || cell === null || cell === '') return 0;
  const value = Number(cell);
  return Number.isFinite(value) && value >= 0 ? Math.floor(value) : null;
};

const propertiesOf = (values: Values, prefix: string): { [name: string]: JsonValue } =>
  Object.fromEntries(
    [...values]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, value]) => [path.slice(prefix.length), value as JsonValue]),
  );

const companyOf = (values: Values, at: Instant, key: string): Result<MappedRow, Problem> => {
  const domain = textOf(values, 'company.domain');
  if (domain === undefined) return err({ code: 'no-domain', say: 'no column gives company.domain' });
  return ok({
    kind: 'company',
    company: { domain, name: textOf(values, 'company.name') ?? null, at, key, claims: claimsOf(values, 'company') },
  });
};
