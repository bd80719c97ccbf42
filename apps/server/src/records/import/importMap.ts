/** How the columns of a file become contacts, companies, events or deals. Written as YAML; docs/import.md tells all of it. */
import type { Encoding } from './readFile.ts';

export const ROW_KINDS = ['contacts', 'companies', 'events', 'deals'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export const VALUE_TYPES = ['text', 'number', 'boolean', 'date', 'list'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** How a date is written: `auto` takes ISO forms only, so that 03/04/2026 is never guessed. */
export type DateStyle = { readonly format: string; readonly zone: string };
export const AUTO_DATE: DateStyle = { format: 'auto', zone: 'UTC' };

/** One column and where it goes. */
export type ColumnRule = {
  readonly column: string;
  /** `contact.*`, `company.*`, `event.*`, `deal.*`, or one of the `source` paths. */
  readonly to: string;
  readonly type: ValueType;
  readonly date: DateStyle;
  /** The file's words and ours; compared without regard to case. Null: every word as it is. */
  readonly words: ReadonlyMap<string, string> | null;
  /** What a word that `words` does not know becomes; null: the row is refused with `unknown-word`. */
  readonly otherwise: string | null;
};

/** When a row happened. */
export type InstantRule =
  | { readonly kind: 'column'; readonly column: string; readonly date: DateStyle }
  | { readonly kind: 'constant'; readonly at: number };

/** One act that each row tells of, besides what it says about the contact. */
export type EventRule = {
  /** The event's name, or the column that holds it. */
  readonly name:
    | { readonly kind: 'constant'; readonly name: string }
    | { readonly kind: 'column'; readonly column: string };
  /** How often it happened: a column with a number (absent: once), cut at `atMost`. */
  readonly times: string | null;
  readonly atMost: number;
  readonly properties: ReadonlyMap<string, string | number | boolean>;
};

export type ImportMap = {
  readonly rows: RowKind;
  /** The name of the source that provenance shows. */
  readonly source: string;
  readonly format: 'csv' | 'ndjson' | null;
  readonly delimiter: string | null;
  readonly encoding: Encoding | null;
  /** The columns that name a row for good; none: the row's own content does. */
  readonly key: readonly string[];
  /** Words that mean "nothing"; the empty cell is always one. */
  readonly empty: ReadonlySet<string>;
  readonly instant: InstantRule | null;
  readonly columns: readonly ColumnRule[];
  /** What every row says, by path. */
  readonly constants: ReadonlyMap<string, string | number | boolean>;
  readonly events: readonly EventRule[];
};

/** Where somebody came from: paths that are not facts. */
const SOURCE_PATHS = [
  'source',
  'source.detail',
  'source.campaign',
  'source.form',
  'source.landing-page',
  'source.referrer',
  'source.utm-source',
  'source.utm-medium',
  'source.utm-campaign',
  'source.utm-term',
  'source.utm-content',
] as const;

const FACT = /^(contact|company)\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const PROPERTY = /^(event|deal)\.\P{Cc}{1,100}$/u;

/** Why `path` can't be a target for rows of this kind, or null where it can. */
export const pathProblem = (path: string, rows: RowKind): string | null => {
  if ((SOURCE_PATHS as readonly string[]).includes(path)) {
    return rows === 'contacts' || rows === 'events' ? null : `${rows} have no source of their own`;
  }
  if (path.startsWith('source')) return `the source paths are ${SOURCE_PATHS.join(', ')}`;
  const [room] = path.split('.');
  const rooms: { readonly [rows in RowKind]: readonly string[] } = {
    contacts: ['contact', 'company', 'event'],
    companies: ['company'],
    events: ['contact', 'company', 'event'],
    deals: ['deal', 'contact'],
  };
  if (room === undefined || !rooms[rows].includes(room)) {
    return `${rows} can be mapped to ${rooms[rows].map((each) => `${each}.*`).join(', ')}`;
  }
  if (room === 'contact' || room === 'company') {
    return FACT.test(path) ? null : 'a fact is written in lower case with hyphens, e.g. contact.job-title';
  }
  return PROPERTY.test(path) ? null : `a property is written ${room}.<name>`;
};
