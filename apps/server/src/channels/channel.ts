import type { CHANNEL_NAMES, ChannelTested } from '@baton/contract/channels.ts';
import type { Pool } from 'pg';
import type { GuardedFetch } from '../net/guardedFetch.ts';
import type { Delivery, Sender } from '../outbox/sender.ts';

/** What a channel needs beside its settings. */
export type ChannelDeps = {
  readonly pool: Pool;
  readonly guardedFetch: GuardedFetch;
  readonly now: () => number;
};

export type ChannelName = (typeof CHANNEL_NAMES)[number];

/** One channel: whether it is set up, how it sends, and how it is tried by hand. */
export type Channel = {
  readonly channel: ChannelName;
  /** Where it leads, or what to set to have it. */
  readonly say: string;
  /** Null: it is not set up. */
  readonly sender: Sender | null;
  /** Sends a test message and answers what both sides said, without secrets. `to`: as the channel understands it. */
  readonly test: (to: string | undefined) => Promise<ChannelTested>;
  readonly close: () => void;
};

/** The message of a test: it is about nobody, and says so. `now`: epoch ms. */
export const testDelivery = (channel: ChannelName, to: string, now: number): Delivery => ({
  id: 0,
  key: `test:${now}:${channel}`,
  channel,
  repId: null,
  coversFor: null,
  place: to,
  webhookId: null,
  handoffId: null,
  contactId: null,
  decisionId: null,
  about: 'note',
  intent: null,
  subject: 'Baton can reach you here',
  body: 'Somebody tried this channel by hand. Nothing happened to any lead.',
  createdAt: now,
  attempt: 1,
});
