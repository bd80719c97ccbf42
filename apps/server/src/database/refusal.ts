/** Stable codes of why the database, or a file of its data or its key, is refused. Documented in docs/runbooks/database.md. */
export type RefusalCode =
  | 'embedded-unsupported-platform'
  | 'embedded-binaries-missing'
  | 'embedded-start-failed'
  | 'embedded-lock-timeout'
  | 'data-unreachable'
  | 'data-owned-by-another-user'
  | 'data-version-unknown'
  | 'database-unreachable'
  | 'database-too-old'
  | 'database-unsafe-setting'
  | 'database-read-only'
  | 'database-encoding'
  | 'migration-changed'
  | 'migration-failed'
  | 'migration-name'
  | 'backup-file-exists'
  | 'backup-file-unreadable'
  | 'backup-file-unwritable'
  | 'backup-file-damaged'
  | 'backup-version-unknown'
  | 'restore-target-not-empty'
  | 'secret-key-unreadable';

/**
 * A start (or a backup, or a restore) that Baton declines to do because data could be lost or misread.
 * The message says what is wrong, where, and how to mend it; `code` is stable and meant for scripts.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refusal';
    this.code = code;
  }
}
