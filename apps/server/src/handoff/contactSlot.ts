import type { ContactState } from '@baton/domain/handoff/state.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { StoredState } from './storedState.ts';

/** One contact under lock within a transaction: as it was found, and as it stands after what was decided so far. */
export type ContactSlot = {
  readonly id: ContactId;
  readonly isNew: boolean;
  /** As found; for a new contact, as it begins. */
  readonly found: ContactState;
  /** `found` with the texts that it was read from; null for a new contact. */
  readonly stored: StoredState | null;
  state: ContactState;
  /** True once a strong key (user, e-mail) names it. */
  known: boolean;
  readonly wasKnown: boolean;
  /** The source that it was first seen by. */
  readonly sourceId: number;
  /** Set when it was merged into another here. */
  redirectedTo: ContactId | null;
  createdAt: Instant | null;
  /** True once its row is written in this transaction; nothing more is decided about it then. */
  isWritten: boolean;
};
