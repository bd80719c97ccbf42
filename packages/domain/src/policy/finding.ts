/** Everything that can be wrong or worth saying about a policy file. Codes are stable; texts may improve. */
export const FINDING_CODES = [
  'always-matches',
  'bidi-control-character',
  'control-character',
  'does-not-act-yet',
  'duplicate-id',
  'duplicate-key',
  'file-too-large',
  'invalid-cap',
  'invalid-date',
  'invalid-duration',
  'invalid-id',
  'invalid-number',
  'invalid-operand',
  'invalid-percent',
  'invalid-rate',
  'invalid-text',
  'list-missing',
  'missing-key',
  'needs-list',
  'needs-map',
  'needs-quotes',
  'never-matches',
  'no-exit',
  'not-in-vocabulary',
  'secret-like',
  'template-syntax',
  'template-token',
  'too-deep',
  'too-many',
  'unknown-action',
  'unknown-fact',
  'unknown-intent',
  'unknown-key',
  'unknown-list',
  'unknown-operator',
  'unknown-place',
  'unknown-reason',
  'unknown-status',
  'unknown-team',
  'unreachable',
  'unused',
  'yaml-feature',
  'yaml-syntax',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** An error refuses the document, a warning is likely a mistake, a notice says what the reader should know. */
export type Severity = 'error' | 'warning' | 'notice';

/** One thing to say about one place: what is wrong there, and how to mend it. Lines and columns count from 1. */
export type PolicyFinding = {
  readonly severity: Severity;
  readonly code: FindingCode;
  /** Where in the document, e.g. `qualify[1].all[0].fit`. */
  readonly path: string;
  readonly line: number;
  readonly col: number;
  readonly message: string;
  readonly mend: string;
};
