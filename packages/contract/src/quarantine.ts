import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { pageOf, pageQuery } from './paging.ts';

/** What was set aside: visible, with its reason and what was sent. */
export const QuarantineRow = z.object({
  id: z.int(),
  source: z.string(),
  messageId: z.nullable(z.string()),
  code: z.string(),
  detail: z.string(),
  payload: z.string(),
  receivedAt: z.iso.datetime(),
});

export const listQuarantine = operation({
  id: 'list-quarantine',
  method: 'GET',
  path: '/api/v1/quarantine',
  say: 'List events that were set aside and wait for a person',
  access: 'quarantine:read',
  permission: 'events.read',
  query: z.strictObject(pageQuery),
  reply: pageOf(QuarantineRow),
  status: 200,
  errors: ['invalid_parameter', 'invalid_cursor'],
});
