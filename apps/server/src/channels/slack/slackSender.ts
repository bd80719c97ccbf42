import type { Pool } from 'pg';
import type { Delivery, NoWay, Sender, SendResult } from '../../outbox/sender.ts';
import { gatherReads } from '../gatherReads.ts';
import type { LinkMaker } from '../links.ts';
import { type AskedFacts, type NoticeFacts, readAllNoticeFacts } from '../noticeFacts.ts';
import { type SlackApi, SlackRefusal } from './slackApi.ts';
import { noticeMessage, plainMessage } from './slackBlocks.ts';
import { notInSlackKey, type SlackPeople } from './slackPeople.ts';

/** What sending by Slack needs. */
export type SlackSenderDeps = {
  readonly pool: Pool;
  readonly api: SlackApi;
  readonly people: SlackPeople;
  readonly links: LinkMaker;
  readonly now: () => number;
};

/** What Slack says when no further attempt can help: the place, the message or the app is wrong. */
const FOR_GOOD: ReadonlySet<string> = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'invalid_blocks',
  'invalid_arguments',
  'msg_too_long',
  'no_text',
  'missing_scope',
  'cannot_dm_bot',
  'user_disabled',
  'users_not_found',
  'user_not_found',
  'restricted_action',
]);

/**
 * Sends notices by Slack: to a rep directly, or to the channel that the policy names. What is sent in one turn is read at
 * once.
 */
export const makeSlackSender = (deps: SlackSenderDeps): Sender => {
  const { pool, api } = deps;
  const readFacts = gatherReads((asked: readonly AskedFacts[]) => readAllNoticeFacts(pool, asked));
  const stands = gatherReads(async (ids: readonly number[]) => {
    const { rows } = await pool.query<{ delivery_id: number }>(
      'select delivery_id from slack_message where delivery_id = any($1::int8[])',
      [ids],
    );
    const standing = new Set(rows.map((row) => row.delivery_id));
    return ids.map((id) => standing.has(id));
  });
  const send: Sender['send'] = async (delivery) => {
    const [facts, stood] = await Promise.all([readFacts(delivery), stands(delivery.id)]);
    try {
      if (stood) return { ok: true, detail: 'stands in Slack since an earlier attempt' };
      const channel = facts.rep === null ? delivery.place : await deps.people.dmOf(facts.rep);
      if (channel === null || channel === '') return notInSlack(facts);
      const shownAt = deps.now();
      const message = messageOf(delivery, facts, deps);
      const place = await api.post(channel, message.text, message.blocks, delivery.key);
      if (facts.row !== null)
        await pool.query(
          `insert into slack_message (channel, ts, handoff_id, rep_id, delivery_id, subject, body, shown_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
          [
            place.channel,
            place.ts,
            facts.row.id,
            delivery.repId,
            delivery.id,
            delivery.subject,
            delivery.body,
            shownAt,
          ],
        );
      return { ok: true, detail: `posted to ${place.channel} at ${place.ts}` };
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      const noWay = delivery.place === null ? null : noPlace(error.code, delivery.place);
      return {
        ok: false,
        ...(noWay === null ? {} : { noWay }),
        retry: !FOR_GOOD.has(error.code),
        ...(error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs }),
        detail: error.message,
      };
    }
  };
  return { channel: 'slack', send };
};

const messageOf = (delivery: Delivery, facts: NoticeFacts, { links, now }: SlackSenderDeps) => {
  const { subject, body, repId } = delivery;
  const said = facts.coversFor === null ? body : `${body}\nYou stand in for ${facts.coversFor}.`;
  return facts.row === null
    ? plainMessage(subject, said)
    : noticeMessage({ row: facts.row, subject, body: said, repId, links, acceptedAt: facts.acceptedAt, now: now() });
};

/** Nobody in Slack has the rep's address, which another attempt won't change: it takes another way, and is told once. */
const notInSlack = ({ rep }: NoticeFacts): SendResult => {
  if (rep === null) return { ok: false, retry: false, detail: 'Slack: no channel is named' };
  const detail = `${rep.name} is not in Slack by the address ${rep.email}`;
  return {
    ok: false,
    retry: false,
    detail,
    noWay: {
      cause: notInSlackKey(rep.id),
      kind: 'rep-not-in-slack',
      say: `${detail}: invite that address, or say who it is with \`baton channels map ${rep.email} MEMBER-ID\`. Until then notices go other ways.`,
    },
  };
};

/** The place is not there, or the app is not in it: each says so once, and its notices take another way. */
const NO_PLACE: { readonly [code: string]: string } = {
  channel_not_found: 'there is no such channel, or it is private and the app is not in it: make it, or invite the app',
  not_in_channel: 'the app is not in it: invite it',
  is_archived: 'it is archived: name another place in the policy',
};

const noPlace = (code: string, place: string): NoWay | null => {
  const say = NO_PLACE[code];
  if (say === undefined) return null;
  return { cause: `unset slack ${place}`, kind: 'place-unknown', say: `Nothing reaches ${place} in Slack: ${say}.` };
};
