import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { pageOf, pageQuery } from './paging.ts';

const instant = z.iso.datetime();

/** Something that a person has to look at; one open alert for each cause, which counts while it comes again. */
export const AlertRow = z.object({
  id: z.int(),
  /** `delivery-dead`, `destination-disabled`, `notice-late`. */
  kind: z.string(),
  say: z.string(),
  count: z.int(),
  at: instant,
  latestAt: instant,
});
export type AlertRow = z.output<typeof AlertRow>;

export const listAlerts = operation({
  id: 'list-alerts',
  method: 'GET',
  path: '/api/v1/alerts',
  say: 'List what went wrong outside and waits for a person, newest first',
  access: 'deliveries:read',
  permission: 'deliveries.read',
  query: z.strictObject(pageQuery),
  reply: pageOf(AlertRow),
  status: 200,
  errors: ['invalid_parameter', 'invalid_cursor'],
});

export const closeAlert = operation({
  id: 'close-alert',
  method: 'POST',
  path: '/api/v1/alerts/:id/close',
  say: 'Say that an alert was seen; it comes anew when its cause does',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  params: z.object({ id: z.coerce.number().check(z.int(), z.positive()) }),
  status: 204,
  errors: ['not_found'],
});
