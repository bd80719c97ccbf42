import type { Pool } from 'pg';
import type { Delivery, Sender, SendResult } from '../../outbox/sender.ts';
import type { LinkMaker } from '../links.ts';
import { type NoticeFacts, readNoticeFacts } from '../noticeFacts.ts';
import { type SlackApi, SlackRefusal } from './slackApi.ts';
import { noticeMessage, plainMessage } from './slackBlocks.ts';
import type { SlackPeople } from './slackPeople.ts';

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

/** Sends notices by Slack: to a rep directly, or to the channel that the policy names. */
export const makeSlackSender = (deps: SlackSenderDeps): Sender => ({
  channel: 'slack',
  async send(delivery) {
    const { pool, api } = deps;
    const facts = await readNoticeFacts(pool, delivery);
    try {
      const before = await pool.query('select 1 from slack_message where delivery_id = $1', [delivery.id]);
      if (before.rowCount !== 0) return { ok: true, detail: 'stands in Slack since an earlier attempt' };
      const channel = facts.rep === null ? delivery.place : await deps.people.dmOf(facts.rep);
      if (channel === null || channel === '') return sendElsewhere(pool, delivery, facts);
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
      return {
        ok: false,
        retry: !FOR_GOOD.has(error.code),
        ...(error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs }),
        detail: error.message,
      };
    }
  },
});

const messageOf = (delivery: Delivery, facts: NoticeFacts, { links, now }: SlackSenderDeps) => {
  const { subject, body, repId } = delivery;
  const said = facts.coversFor === null ? body : `${body}\nYou stand in for ${facts.coversFor}.`;
  return facts.row === null
    ? plainMessage(subject, said)
    : noticeMessage({ row: facts.row, subject, body: said, repId, links, acceptedAt: facts.acceptedAt, now: now() });
};

/** Nobody in Slack has the rep's address: the notice goes by e-mail, unless it does so already, and says why. */
const sendElsewhere = async (pool: Pool, delivery: Delivery, facts: NoticeFacts): Promise<SendResult> => {
  if (facts.rep === null) return { ok: false, retry: false, detail: 'Slack: no channel is named' };
  const why = `${facts.rep.name} is not in Slack by the address ${facts.rep.email}`;
  await pool.query(
    `insert into delivery (next_at, created_at, handoff_id, contact_id, decision_id, rep_id, covers_for, to_owner, key,
       destination, channel, about, intent, subject, body)
     select now_ms(), now_ms(), handoff_id, contact_id, decision_id, rep_id, covers_for, to_owner,
       regexp_replace(key, ':slack', ':email'), 'email rep:' || rep_id, 'email', about, intent, subject, body || $2
     from delivery where id = $1 and key ~ ':slack'
     on conflict (key) do nothing`,
    [delivery.id, `\n\nBy e-mail, because ${why}.`],
  );
  return { ok: false, retry: false, detail: `${why}; e-mail is sent instead` };
};
