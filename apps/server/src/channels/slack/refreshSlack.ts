import type { Pool } from 'pg';
import { undoableUntil } from '../../handoff/undoAct.ts';
import { rowsOf, type StoredRow, toRow } from '../../records/handoffs/handoffRows.ts';
import type { LinkMaker } from '../links.ts';
import { type SlackApi, SlackRefusal } from './slackApi.ts';
import { noticeMessage } from './slackBlocks.ts';

/** What rewriting messages needs. */
export type RefreshDeps = {
  readonly pool: Pool;
  readonly api: SlackApi;
  readonly links: LinkMaker;
  readonly now: () => number;
};

const AT_ONCE = 20;
const LEASE_MS = 30_000;
const BACK_OFF_MS = 10_000;
const BACK_OFF_MAX_MS = 3_600_000;

type Claimed = {
  channel: string;
  ts: string;
  handoff_id: number;
  rep_id: number | null;
  subject: string;
  body: string;
  failures: number;
};

/** Messages whose handoff went on since; held for half a minute, so that of several nodes one rewrites each. */
const CLAIM = `
  with due as (
    select m.channel, m.ts, h.updated_at from slack_message m join handoff h on h.id = m.handoff_id
    where m.done_at is null and h.updated_at > m.shown_at and m.next_at <= now_ms()
    order by h.updated_at limit ${AT_ONCE} for update of m skip locked
  )
  update slack_message m set next_at = now_ms() + ${LEASE_MS} from due
  where m.channel = due.channel and m.ts = due.ts
  returning m.channel, m.ts, m.handoff_id, m.rep_id, m.subject, m.body, m.failures`;

const GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'channel_not_found',
  'is_archived',
  'edit_window_closed',
]);

/**
 * Rewrites the messages in Slack whose handoff changed since they were shown: each becomes the record of what happened.
 * Answers how many were looked at. What Slack cannot take now is tried again later.
 */
export const refreshSlack = async (deps: RefreshDeps): Promise<number> => {
  const { pool, api, links, now } = deps;
  const { rows } = await pool.query<Claimed>(CLAIM);
  for (const message of rows) {
    const found = await pool.query<StoredRow & { updated_at: number; accepted_at: number | null }>(
      `select r.*, h.updated_at, h.accepted_at from (${rowsOf('select $1::bigint as id')}) r join handoff h on h.id = r.id`,
      [message.handoff_id],
    );
    const stored = found.rows[0];
    if (stored === undefined) continue;
    const row = toRow(stored);
    const { subject, body, rep_id: repId } = message;
    const undoUntil = repId === null ? null : await undoableUntil(pool, row.contact.id, repId, now());
    const shown = noticeMessage({
      row,
      subject,
      body,
      repId,
      links,
      acceptedAt: stored.accepted_at,
      now: now(),
      undoable: undoUntil !== null,
    });
    const isOver = undoUntil === null && ['won', 'lost', 'rejected', 'withdrawn', 'merged'].includes(row.status);
    const at = [message.channel, message.ts];
    try {
      await api.update({ channel: message.channel, ts: message.ts }, shown.text, shown.blocks);
      // while it can be undone the message is not final: it is rewritten without the button when it can't be any more
      await pool.query(
        `update slack_message set shown_at = $3, next_at = $5, failures = 0, done_at = case when $4 then now_ms() end
         where channel = $1 and ts = $2`,
        [...at, undoUntil === null ? stored.updated_at : stored.updated_at - 1, isOver, undoUntil ?? 0],
      );
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      const wait = error.retryAfterMs ?? Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** message.failures);
      await pool.query(
        `update slack_message set failures = failures + 1, next_at = now_ms() + $3,
           done_at = case when $4 then now_ms() end
         where channel = $1 and ts = $2`,
        [...at, wait, GONE.has(error.code)],
      );
    }
  }
  return rows.length;
};
