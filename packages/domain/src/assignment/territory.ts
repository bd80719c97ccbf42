import type { FactPath, Facts } from '../facts/fact.ts';
import { assertNever } from '../kernel/assertNever.ts';
import type { RepId, TeamId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';

/**
 * One condition of a territory row, on a fact of the contact or its company. Texts are compared trimmed and without regard
 * to case; a number is compared with `between` (both ends included). A fact nobody knows matches nothing.
 */
export type TerritoryCondition =
  | { readonly path: FactPath; readonly op: 'in' | 'starts-with'; readonly values: readonly string[] }
  | { readonly path: FactPath; readonly op: 'between'; readonly low: number; readonly high: number };

export type TerritoryTarget =
  | { readonly kind: 'rep'; readonly repId: RepId }
  | { readonly kind: 'team'; readonly team: TeamId };

/** A row of the territory table: all its conditions hold (none: everyone), from `validFrom` up to before `validTo`. */
export type TerritoryRow = {
  /** How people name the row, e.g. `bavaria`; unique in the table. */
  readonly id: string;
  readonly when: readonly TerritoryCondition[];
  readonly to: TerritoryTarget;
  readonly validFrom: Instant | null;
  readonly validTo: Instant | null;
};

/** What a territory looks at. */
export type TerritorySubject = { readonly facts: Facts; readonly companyFacts: Facts | null };

/**
 * The first row that is valid and matches, or null. Costs the rows that share their rarest value with the subject, not the
 * table (which is indexed once).
 */
export const findTerritory = (
  rows: readonly TerritoryRow[],
  subject: TerritorySubject,
  now: Instant,
): TerritoryRow | null => {
  const { byKey, paths, others } = indexOf(rows);
  const candidates = [...others];
  for (const path of paths) {
    const value = singleOf(subject, path);
    if (value === null) continue;
    const text = textOf(value);
    candidates.push(...(byKey.get(keyOf(path, 'in', text)) ?? []));
    for (let length = 0; length <= text.length; length++)
      candidates.push(...(byKey.get(keyOf(path, 'starts-with', text.slice(0, length))) ?? []));
  }
  candidates.sort((a, b) => a - b);
  for (const at of candidates) {
    const row = rows[at] as TerritoryRow;
    if (isValid(row, now) && row.when.every((condition) => holds(condition, subject))) return row;
  }
  return null;
};

type TextCondition = Extract<TerritoryCondition, { op: 'in' | 'starts-with' }>;
type TerritoryIndex = {
  /** Rows under each value of their rarest condition on a text. */
  readonly byKey: ReadonlyMap<string, readonly number[]>;
  /** The facts by which rows are found. */
  readonly paths: ReadonlySet<FactPath>;
  /** Rows without such a condition: looked at for everybody. */
  readonly others: readonly number[];
};

/** A table is indexed once, as long as it is in use. */
const indexes = new WeakMap<readonly TerritoryRow[], TerritoryIndex>();

const indexOf = (rows: readonly TerritoryRow[]): TerritoryIndex => {
  const known = indexes.get(rows);
  if (known !== undefined) return known;
  const seen = new Map<string, number>();
  for (const row of rows)
    for (const key of row.when.flatMap((one) => (isText(one) ? keysOf(one) : [])))
      seen.set(key, (seen.get(key) ?? 0) + 1);
  const commonest = (condition: TextCondition): number =>
    Math.max(...keysOf(condition).map((key) => seen.get(key) as number), 0);
  const byKey = new Map<string, number[]>();
  const paths = new Set<FactPath>();
  const others: number[] = [];
  for (const [at, row] of rows.entries()) {
    const [rarest] = row.when.filter(isText).sort((a, b) => commonest(a) - commonest(b));
    if (rarest === undefined) {
      others.push(at);
      continue;
    }
    paths.add(rarest.path);
    for (const key of keysOf(rarest)) {
      const under = byKey.get(key);
      if (under === undefined) byKey.set(key, [at]);
      else under.push(at);
    }
  }
  const index: TerritoryIndex = { byKey, paths, others };
  indexes.set(rows, index);
  return index;
};

const isText = (condition: TerritoryCondition): condition is TextCondition => condition.op !== 'between';
const keyOf = (path: FactPath, op: TextCondition['op'], text: string): string => `${op} ${path} ${text}`;
const keysOf = ({ path, op, values }: TextCondition): readonly string[] => [
  ...new Set(values.map((value) => keyOf(path, op, textOf(value)))),
];

const isValid = ({ validFrom, validTo }: TerritoryRow, now: Instant): boolean =>
  (validFrom === null || validFrom <= now) && (validTo === null || now < validTo);

const holds = (condition: TerritoryCondition, subject: TerritorySubject): boolean => {
  const value = singleOf(subject, condition.path);
  if (value === null) return false;
  switch (condition.op) {
    case 'in':
      return condition.values.some((one) => textOf(one) === textOf(value));
    case 'starts-with':
      return condition.values.some((one) => textOf(value).startsWith(textOf(one)));
    case 'between': {
      const number = Number(value);
      return value !== '' && condition.low <= number && number <= condition.high;
    }
    default:
      return assertNever(condition);
  }
};

/** A single value of the contact or its company; lists, nothing and the unknown are no value. */
const singleOf = ({ facts, companyFacts }: TerritorySubject, path: FactPath): string | number | boolean | null => {
  const value = (path.startsWith('company.') ? companyFacts : facts)?.[path]?.value;
  return value === undefined || value === null || typeof value === 'object' ? null : value;
};

const textOf = (value: string | number | boolean): string => String(value).trim().toLowerCase();

/** Whom a territory table would give somebody to. */
export type TerritoryPlace = { readonly rowId: string; readonly to: TerritoryTarget };

/** One contact who moves between two tables. */
export type TerritoryMove<Id> = {
  readonly id: Id;
  readonly from: TerritoryPlace | null;
  readonly to: TerritoryPlace | null;
};

/**
 * What an edited table would move: of these contacts, each whose place is another one with `after` than with `before`, as
 * of `now`. A row that only changed its name moves nobody. Changes nothing. Linear in contacts.
 */
export const previewTerritories = <Id>(
  before: readonly TerritoryRow[],
  after: readonly TerritoryRow[],
  contacts: Iterable<TerritorySubject & { readonly id: Id }>,
  now: Instant,
): readonly TerritoryMove<Id>[] => {
  const moves: TerritoryMove<Id>[] = [];
  for (const contact of contacts) {
    const from = placeOf(findTerritory(before, contact, now));
    const to = placeOf(findTerritory(after, contact, now));
    if (sayPlace(from) !== sayPlace(to)) moves.push({ id: contact.id, from, to });
  }
  return moves;
};

const placeOf = (row: TerritoryRow | null): TerritoryPlace | null =>
  row === null ? null : { rowId: row.id, to: row.to };

const sayPlace = (place: TerritoryPlace | null): string =>
  place === null ? '' : place.to.kind === 'rep' ? `rep/${place.to.repId}` : `team/${place.to.team}`;
