import type { CONTACT_CHANNELS, CONTACT_OUTCOMES } from '@baton/domain/handoff/input.ts';
import type { ContactId, HandoffId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';

/** By what the contact is known to whoever saw it; the first that names somebody counts: user id, address, number. */
export type Named = { readonly userId: string | null; readonly email: string | null; readonly phone: string | null };

/** What a dialer, a mailer, a calendar or a mailbox saw. */
export type Activity = {
  /** As people know it: the key's source, `Cal.com`, `mailbox`. With `externalId` it makes the activity count once. */
  readonly source: string;
  readonly externalId: string;
  readonly at: Instant;
  readonly channel: (typeof CONTACT_CHANNELS)[number];
  readonly outcome: (typeof CONTACT_OUTCOMES)[number];
  /** True: a machine did it (a sequence, an auto-reply). It is kept and answers no promise. */
  readonly automated: boolean;
  readonly who: Named;
  /** The rep's address, where the source says it. */
  readonly agent: string | null;
  readonly note: string | null;
};

export const ACTIVITY_STATES = ['counted', 'noted', 'unmatched', 'dismissed'] as const;
export type ActivityState = (typeof ACTIVITY_STATES)[number];

/** What became of an activity. `why`: what it was counted as, or why it stops nothing, or why nobody was found. */
export type ActivityReceipt = {
  readonly id: number;
  readonly externalId: string;
  readonly state: ActivityState;
  /** True: it came before, and this is what became of it then. */
  readonly duplicate: boolean;
  readonly contactId: ContactId | null;
  readonly handoffId: HandoffId | null;
  readonly why: string;
};
