import type { FactClaim, Trust } from '@baton/domain/facts/fact.ts';
import type { EventMark, ObservedEvent } from '@baton/domain/handoff/input.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { JsonObject } from '@baton/domain/kernel/json.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Touch } from '@baton/domain/source/touch.ts';

/**
 * Who an event says it is about. E-mail, userId and anonymousId each name one person for sure; a phone number only
 * suggests. An event without any of the three strong keys is rejected (`no-identity`).
 */
export type IncomingIdentity = {
  readonly userId?: string;
  readonly anonymousId?: string;
  /** As the sender wrote it; compared in lower case. */
  readonly email?: string;
  readonly phone?: string;
  /** `alias`: the key (userId or anonymousId) that the same person had before. */
  readonly previousId?: string;
  /** `group`: the sender's id of the company that the person belongs to. */
  readonly groupId?: string;
};

/**
 * How an event is decided. `live`: as it arrives, with everything. `history`: facts and signals fold, nothing is handed
 * off. `as-of-row`: decided as of its own effectiveAt, nobody is told. `list`: handed off now, nobody is told one by one.
 */
export type IntakeMode = 'live' | 'history' | 'as-of-row' | 'list';

/** One event as a surface (HTTP, form, import) hands it over: foreign words translated, sizes and shapes checked. */
export type IncomingEvent = {
  readonly sourceId: number;
  /** The source's name, which provenance shows. */
  readonly sourceName: string;
  readonly trust: Trust;
  /** The sender's own id of this event, 1 to 255 characters. Null: it has none, and a repetition can't be told apart. */
  readonly messageKey: string | null;
  /** 8 to 16 bytes that tell payloads of one messageKey apart (`payloadHash`). */
  readonly payloadHash: Uint8Array;
  readonly receivedAt: Instant;
  /** When it happened by the sender's clock, and what that clock said as it was sent. */
  readonly timestamp: Instant | null;
  readonly sentAt: Instant | null;
  readonly type: ObservedEvent['type'];
  /** What a policy's `on` matches: the event's name for `track`, else the type. */
  readonly name: string;
  readonly properties: JsonObject;
  readonly identity: IncomingIdentity;
  /** What it says about the contact: `contact.*`. Facts that the shell derives (e-mail kind, domain) are added by intake. */
  readonly claims: readonly FactClaim[];
  /** What it says about the contact's company: `company.*` (`company.domain` and `company.name` among them). */
  readonly companyClaims: readonly FactClaim[];
  /** How the contact came, where this event tells; intake adds instant and key. */
  readonly touch: Omit<Touch, 'at' | 'key'> | null;
  readonly marks: readonly EventMark[];
  readonly mode: IntakeMode;
};

/** What became of one event. Sent = accepted + duplicate + quarantined + rejected, always. */
export type ReceiptOutcome = 'accepted' | 'duplicate' | 'quarantined' | 'rejected';

/** The answer to one event, given only after the commit that it speaks of. */
export type Receipt = {
  readonly outcome: ReceiptOutcome;
  /** Why it was not accepted: `duplicate`, `payload-differs`, `no-identity`, `undecidable` ... (kebab-case, stable). */
  readonly code?: string;
  readonly detail?: string;
  /** The contact as it is known now (a survivor where profiles were merged). */
  readonly contactId?: ContactId;
};

/**
 * Takes events in and answers each after its commit, in the order given. Throws `IntakeOverloaded` at once, having taken
 * nothing, when too much already waits; throws what the database said when it could not be reached (nothing of the batch
 * is acknowledged then; sending it again with the same message ids is free of effect).
 */
export type Submit = (batch: readonly IncomingEvent[]) => Promise<readonly Receipt[]>;
