import type { Change, Decision } from '@baton/domain/handoff/decision.ts';
import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactState } from '@baton/domain/handoff/state.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { PendingRows } from './pendingRows.ts';

/** What a writer knows besides its change: the decision, the contact before it, and the words that all rows share. */
export type About = {
  readonly decision: Decision;
  readonly before: ContactState;
  readonly input: Input;
  readonly by: string;
  /** The database's clock of this transaction; `decision.at` may lie before it (an import as of its row). */
  readonly recordedAt: Instant;
};

/** Writes one kind of change into the pending rows. */
export type ChangeWriter<K extends Change['kind']> = (
  rows: PendingRows,
  change: Extract<Change, { readonly kind: K }>,
  about: About,
) => void;

/** Writers of some kinds, by kind. */
export type ChangeWriters<K extends Change['kind']> = { readonly [Kind in K]: ChangeWriter<Kind> };
