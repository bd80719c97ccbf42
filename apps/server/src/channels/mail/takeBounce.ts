import type { Pool } from 'pg';
import type { Delivery, DeliveryChannel } from '../../outbox/sender.ts';
import { takeAnotherWay } from '../../outbox/takeAnotherWay.ts';
import { tellRefusedAddress } from '../notices/tellRefusedAddress.ts';
import { readDeliveryMark } from './deliveryMark.ts';
import { markRefused } from './refusedAddresses.ts';

/** A report that a mail came back for good (RFC 3464), as far as it is needed. */
export type BounceReport = {
  /** The report's text, with what it brings back of the mail. */
  readonly text: string;
  /** Of the first recipient that failed: `5.1.1`; null where it says none. */
  readonly status: string | null;
  /** What the receiving server said. */
  readonly said: string;
};

/** Takes a report about a mail of ours; false: it is about none. */
export type TakeBounce = (report: BounceReport) => Promise<boolean>;

/** Nobody is there, or not any more. A full mailbox and a mail that looked like spam are no fault of the address. */
const ADDRESS_FAULT = /^5\.(1\.\d{1,3}|2\.1)$/;

type Stored = {
  id: number;
  key: string;
  rep_id: number | null;
  covers_for: number | null;
  place: string | null;
  handoff_id: number | null;
  contact_id: number | null;
  decision_id: number | null;
  about: string;
  subject: string;
  body: string;
  created_at: number;
  attempts: number;
  email: string | null;
};

/**
 * Takes reports about notices that came back after their server had taken them: the rep and their manager are told in the
 * app, the notice takes another way, and an address that is no more gets nothing until somebody says so. Only a report
 * that brings back our mark is believed: anybody may write one. Safe to repeat. `setUp`: the other channels.
 */
export const makeTakeBounce =
  ({
    pool,
    secret,
    setUp,
  }: {
    readonly pool: Pool;
    readonly secret: Uint8Array;
    readonly setUp: readonly DeliveryChannel[];
  }): TakeBounce =>
  async ({ text, status, said }) => {
    const key = readDeliveryMark(text, secret);
    if (key === null) return false;
    const found = await pool.query<Stored>(
      `select d.id, d.key, d.rep_id, d.covers_for, d.place, d.handoff_id, d.contact_id, d.decision_id, d.about, d.subject,
         d.body, d.created_at, d.attempts, r.email
       from delivery d left join rep r on r.id = d.rep_id where d.key = $1 and d.channel = 'email'`,
      [key],
    );
    const row = found.rows[0];
    const address = row?.email ?? row?.place;
    if (row === undefined || address == null) return true;
    const delivery = deliveryOf(row);
    const answer = said.replace(/\s+/g, ' ').trim().slice(0, 300) || `status ${status ?? 'unknown'}`;
    await pool.query('update delivery set last_error = $2 where id = $1', [row.id, `it came back: ${answer}`]);
    if (ADDRESS_FAULT.test(status ?? '')) await markRefused(pool, address, row.id, answer);
    await tellRefusedAddress(pool, delivery, address, answer);
    await takeAnotherWay(
      pool,
      [{ delivery, why: `the mail to ${address} came back` }],
      setUp.filter((channel) => channel !== 'email'),
    );
    return true;
  };

const deliveryOf = (row: Stored): Delivery => ({
  id: row.id,
  key: row.key,
  channel: 'email',
  repId: row.rep_id,
  coversFor: row.covers_for,
  place: row.place,
  webhookId: null,
  handoffId: row.handoff_id,
  contactId: row.contact_id,
  decisionId: row.decision_id,
  about: row.about,
  intent: null,
  subject: row.subject,
  body: row.body,
  createdAt: row.created_at,
  attempt: row.attempts,
});
