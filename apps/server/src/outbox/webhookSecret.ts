import { createHmac, randomBytes } from 'node:crypto';
import type { Instant } from '@baton/domain/kernel/time.ts';

/** A secret of a webhook; `until`: it signs beside a later one until then; null: it is the present one. */
export type WebhookSecret = { readonly secret: string; readonly until: Instant | null };

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret as receivers keep it. */
export const makeWebhookSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** The headers of Standard Webhooks for one attempt: signed with every secret that is valid at `now`. */
export const signWebhook = (
  secrets: readonly WebhookSecret[],
  id: string,
  body: string,
  now: Instant,
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = secrets
    .filter(({ until }) => until === null || until > now)
    .map(({ secret }) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
};
