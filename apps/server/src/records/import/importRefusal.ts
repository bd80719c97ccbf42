/** Why a file or a map as a whole is not imported. Nothing was written. Listed in docs/import.md. */
export const IMPORT_REFUSALS = [
  'file-not-found',
  'not-a-file',
  'empty-file',
  'not-text',
  'not-utf-8',
  'header-missing',
  'duplicate-header',
  'map-invalid',
  'map-column-missing',
  'rows-bad',
  'mode-impossible',
  'run-busy',
] as const;
export type ImportRefusalCode = (typeof IMPORT_REFUSALS)[number];

/** An import that was refused before anything was written; the message says what, where and how to mend it. */
export class ImportRefusal extends Error {
  readonly code: ImportRefusalCode;
  constructor(code: ImportRefusalCode, message: string) {
    super(message);
    this.name = 'ImportRefusal';
    this.code = code;
  }
}

/** Why one row is not imported; its neighbours are. */
export const ROW_ERRORS = [
  'cell-too-large',
  'row-too-large',
  'too-many-cells',
  'text-after-quote',
  'quote-not-closed',
  'nul-character',
  'ragged-row',
  'not-json',
  'not-an-object',
  'no-identity',
  'no-key',
  'no-instant',
  'bad-date',
  'ambiguous-date',
  'bad-number',
  'bad-boolean',
  'unknown-word',
  'no-event-name',
  'no-domain',
  'no-such-contact',
  'deal-state-missing',
  'quarantined',
  'rejected',
] as const;
export type RowErrorCode = (typeof ROW_ERRORS)[number];

/** One bad row: where, which code, and what to mend. `cells` are the row as read, for the error file. */
export type RowError = {
  readonly row: number;
  readonly line: number;
  readonly code: RowErrorCode;
  readonly say: string;
  readonly cells: readonly string[];
};
