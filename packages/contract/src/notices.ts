/** Notices in the app: what a rep was told, what of it they have not read, and the live stream's `notices` message. */
import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { pageQuery } from './paging.ts';

/** A notice's id is `decision-index`, the same over all reads and streams. */
export const notice = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  about: z.string(),
  subject: z.string(),
  body: z.string(),
  handoffId: z.int(),
  contactId: z.int(),
  readAt: z.nullable(z.iso.datetime()),
});
export type Notice = z.infer<typeof notice>;

/** The live stream's `notices` message: how many are unread, and those that are new since the message before. */
export const liveNotices = z.object({ unread: z.int(), rows: z.array(notice) });
export type LiveNotices = z.infer<typeof liveNotices>;

const as = z.optional(z.coerce.number().check(z.int(), z.positive()));

export const listNotices = operation({
  id: 'list-notices',
  method: 'GET',
  path: '/api/v1/notices',
  say: 'List what a rep was told in the app, newest first, and count what is unread',
  access: 'handoffs:read',
  permission: 'handoffs.read',
  query: z.strictObject({ ...pageQuery, unread: z.optional(z.enum(['true', 'false'])), as }),
  reply: z.object({ rows: z.array(notice), unread: z.int(), nextCursor: z.nullable(z.string()) }),
  status: 200,
  errors: ['invalid_parameter', 'invalid_cursor', 'invalid_field'],
});

export const readNotices = operation({
  id: 'read-notices',
  method: 'POST',
  path: '/api/v1/notices/read',
  say: 'Mark notices as read: some by their ids, all about one handoff, or all',
  access: 'handoffs:write',
  permission: 'handoffs.read',
  body: z.object({
    ids: z.optional(z.array(z.string().check(z.regex(/^\d{1,15}-\d{1,9}$/))).check(z.maxLength(500))),
    handoffId: z.optional(z.int().check(z.positive())),
    all: z.optional(z.literal(true)),
    as: z.optional(z.int().check(z.positive())),
  }),
  reply: z.object({ read: z.int(), unread: z.int() }),
  status: 200,
  errors: ['invalid_field'],
});
