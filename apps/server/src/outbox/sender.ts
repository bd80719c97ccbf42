import type { ContactId, DecisionId, HandoffId, Intent, RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';

/** The ways out of the house. `in-app` is none: its notice is there with the decision. */
export const DELIVERY_CHANNELS = ['email', 'slack', 'teams', 'webhook'] as const;
export type DeliveryChannel = (typeof DELIVERY_CHANNELS)[number];

/** One message to one destination, as it is to be sent. The same over all attempts, but for `attempt`. */
export type Delivery = {
  readonly id: number;
  /** By which the receiver can tell that it comes again: a Message-ID, a webhook-id. */
  readonly key: string;
  readonly channel: DeliveryChannel;
  /** Whom it is for; null where it is for a place. With `coversFor` somebody who stands in for that rep. */
  readonly repId: RepId | null;
  readonly coversFor: RepId | null;
  /** A channel of a chat, an address, the name of a webhook; null where it is for a rep. */
  readonly place: string | null;
  readonly webhookId: number | null;
  readonly handoffId: HandoffId | null;
  readonly contactId: ContactId | null;
  readonly decisionId: DecisionId | null;
  /** What the notice is about: a timeline kind; for a webhook the event's type. */
  readonly about: string;
  readonly intent: Intent | null;
  readonly subject: string;
  /** Plain text; for an event of a webhook the JSON to post. */
  readonly body: string;
  readonly createdAt: Instant;
  /** 1 for the first. */
  readonly attempt: number;
};

/** Why no attempt by this way can ever reach whom it is for, as one alert for all that it meets. */
export type NoWay = {
  /** The alert's key: `unset slack`, `not-in-slack rep:12`. */
  readonly cause: string;
  readonly kind: 'channel-not-set-up' | 'place-unknown' | 'rep-not-in-slack' | 'address-refused';
  /** What is wrong, and the mend. */
  readonly say: string;
};

/**
 * What became of an attempt. `detail`: a short transcript for people, without secrets and without what the message said;
 * at most a kilobyte of it is kept. `retry` false: no further attempt can help. `gone`: the destination says that it is
 * no more and wants nothing again; it is disabled. `retryAfterMs`: not before. `noWay`: it is closed, and takes another way.
 */
export type SendResult =
  | { readonly ok: true; readonly detail: string }
  | {
      readonly ok: false;
      readonly retry: boolean;
      readonly retryAfterMs?: number;
      readonly gone?: boolean;
      readonly noWay?: NoWay;
      readonly detail: string;
    };

/** Sends by one channel. `signal` aborts when the attempt has had its time; what throws counts as a failure to retry. */
export type Sender = {
  readonly channel: DeliveryChannel;
  readonly send: (delivery: Delivery, signal: AbortSignal) => Promise<SendResult>;
};
