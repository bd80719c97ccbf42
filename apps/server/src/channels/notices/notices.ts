import type { Notice } from '@baton/contract/notices.ts';
import type { HandoffId, RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import { iso, isoOrNull } from '../../records/iso.ts';

type Stored = {
  decision_id: number;
  effect_index: number;
  at: number;
  about: string;
  subject: string;
  body: string;
  handoff_id: number;
  contact_id: number;
  read_at: number | null;
};

/** Where a page of notices ends: by instant, decision and index, newest first. */
export type NoticePlace = readonly [at: Instant, decisionId: number, index: number];

const COLUMNS = 'decision_id, effect_index, at, about, subject, body, handoff_id, contact_id, read_at';

const toNotice = (row: Stored): Notice => ({
  id: `${row.decision_id}-${row.effect_index}`,
  at: iso(row.at),
  about: row.about,
  subject: row.subject,
  body: row.body,
  handoffId: row.handoff_id,
  contactId: row.contact_id,
  readAt: isoOrNull(row.read_at),
});

/** How many notices a rep has not read. What can still be undone is not there yet. */
export const countUnread = async (pool: Pool, repId: RepId): Promise<number> =>
  (
    await pool.query<{ n: number }>({
      name: 'unread-notices',
      text: 'select count(*) as n from notification where rep_id = $1 and read_at is null and at <= now_ms()',
      values: [repId],
    })
  ).rows[0]?.n ?? 0;

/** A page of a rep's notices, newest first; `next` is null on the last. */
export const pageOfNotices = async (
  pool: Pool,
  repId: RepId,
  choice: { readonly unreadOnly: boolean; readonly after: NoticePlace | null; readonly limit: number },
): Promise<{ readonly rows: Notice[]; readonly next: NoticePlace | null }> => {
  const { rows } = await pool.query<Stored>(
    `select ${COLUMNS} from notification
     where rep_id = $1 and at <= now_ms() and ($2 = false or read_at is null)
       and ($3::int8 is null or (at, decision_id, effect_index) < ($3, $4, $5))
     order by at desc, decision_id desc, effect_index desc limit $6`,
    [repId, choice.unreadOnly, ...(choice.after ?? [null, null, null]), choice.limit + 1],
  );
  const shown = rows.slice(0, choice.limit);
  const last = shown.at(-1);
  const isMore = rows.length > choice.limit && last !== undefined;
  return { rows: shown.map(toNotice), next: isMore ? [last.at, last.decision_id, last.effect_index] : null };
};

/** Which notices to mark: by id, about one handoff, or all. */
export type WhichNotices =
  | { readonly ids: readonly string[] }
  | { readonly handoffId: HandoffId }
  | { readonly all: true };

/** Marks a rep's notices as read and tells their open pages. Answers how many were unread until now. */
export const markRead = async (pool: Pool, repId: RepId, which: WhichNotices): Promise<number> => {
  const ids = 'ids' in which ? which.ids : null;
  const handoffId = 'handoffId' in which ? which.handoffId : null;
  const { rows } = await pool.query<{ n: number }>(
    `with marked as (
       update notification set read_at = now_ms()
       where rep_id = $1 and read_at is null and at <= now_ms()
         and ($2::text[] is null or decision_id || '-' || effect_index = any($2))
         and ($3::int8 is null or handoff_id = $3)
       returning 1
     ), told as (
       insert into feed (at, handoff_id, contact_id, kind)
       select now_ms(), null, null, '${READ_KIND}' where exists (select from marked)
     )
     select count(*) as n from marked`,
    [repId, ids, handoffId],
  );
  return rows[0]?.n ?? 0;
};

/** The feed's kind for "somebody has read": pages count again. */
export const READ_KIND = 'notices-read';

const NEW_MAX = 200;

/**
 * A rep's notices that transactions after `fromTx` up to `toTx` wrote, oldest first; `later` ones can still be undone and
 * are to be asked for again at their instant. Both ends are places of the feed, below which nothing commits any more.
 */
export const noticesBetween = async (
  pool: Pool,
  repId: RepId,
  fromTx: bigint,
  toTx: bigint,
): Promise<{ readonly rows: Notice[]; readonly later: Instant | null }> => {
  const { rows } = await pool.query<Stored & { is_later: boolean }>({
    name: 'new-notices',
    text: `select ${COLUMNS}, at > now_ms() as is_later from notification
           where rep_id = $1 and read_at is null and tx > $2::text::xid8 and tx <= $3::text::xid8
           order by at, decision_id, effect_index limit ${NEW_MAX}`,
    values: [repId, fromTx.toString(), toTx.toString()],
  });
  const later = rows.filter((row) => row.is_later).map(({ at }) => at);
  return {
    rows: rows.filter((row) => !row.is_later).map(toNotice),
    later: later.length === 0 ? null : Math.min(...later),
  };
};
