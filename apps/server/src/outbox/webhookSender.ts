import { NOTICE_TYPE, wantsType } from '@baton/contract/webhookEvents.ts';
import type { Pool } from 'pg';
import { SealedElsewhere, type SecretBox } from '../access/secretBox.ts';
import type { GuardedAnswer, GuardedFetch } from '../net/guardedFetch.ts';
import { openSecrets } from './sealSecrets.ts';
import type { Delivery, Sender, SendResult } from './sender.ts';
import { signWebhook } from './webhookSecret.ts';

const TIMEOUT_MS = 15_000;
const ANSWER_CHARS = 800;

/**
 * Sends by webhook, as Standard Webhooks says: one event or notice to one receiver. A notice that the policy sends by webhook
 * names a place or a rep, no receiver: it is handed on as one delivery to each webhook that is meant.
 */
export const makeWebhookSender = (deps: {
  readonly pool: Pool;
  readonly fetch: GuardedFetch;
  readonly now: () => number;
  /** Opens the secrets that it signs with. */
  readonly box: SecretBox;
}): Sender => ({
  channel: 'webhook',
  send: (delivery, signal) =>
    delivery.webhookId === null ? handOn(deps.pool, delivery) : post(deps, delivery, signal),
});

const post = async (
  { pool, fetch, now, box }: Parameters<typeof makeWebhookSender>[0],
  delivery: Delivery,
  signal: AbortSignal,
): Promise<SendResult> => {
  const found = await pool.query<{ url: string; secrets: string; disabled_at: number | null }>({
    name: 'webhook-to-call',
    text: 'select url, secrets, disabled_at from webhook where id = $1 and removed_at is null',
    values: [delivery.webhookId],
  });
  const webhook = found.rows[0];
  if (webhook === undefined) return { ok: false, retry: false, detail: 'the webhook was removed' };
  if (webhook.disabled_at !== null && delivery.about !== 'webhook.test')
    return { ok: false, retry: false, detail: 'the webhook is switched off' };
  const shown = shownUrl(webhook.url);
  try {
    const secrets = openSecrets(webhook.secrets, box);
    const answer = await fetch(webhook.url, {
      method: 'POST',
      body: delivery.body,
      headers: {
        'content-type': 'application/json',
        ...signWebhook(secrets, delivery.key, delivery.body, now()),
      },
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    return judge(answer, `POST ${shown}: ${answer.status}`, now());
  } catch (error) {
    if (error instanceof SealedElsewhere) return { ok: false, retry: true, detail: `its secret: ${error.message}` };
    const { code, message, name } = error as { code?: string; message?: string; name?: string };
    const why =
      code === 'url-not-allowed' ? message : name === 'TimeoutError' ? 'no answer in time' : (code ?? message);
    return { ok: false, retry: true, detail: `POST ${shown}: ${why ?? 'failed'}` };
  }
};

/** Without query and path parameters that may be secret: host and the first part of the path. */
const shownUrl = (text: string): string => {
  const url = new URL(text);
  const [, first = '', ...more] = url.pathname.split('/');
  return `${url.origin}/${first}${more.length > 0 ? '/...' : ''}`;
};

/** What an answer means: 2xx took it, 410 wants nothing again, everything else is tried again, a redirect too. */
const judge = (answer: GuardedAnswer, line: string, now: number): SendResult => {
  const said = answer.body
    .toString('utf8')
    .slice(0, ANSWER_CHARS)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  const detail = said === '' ? line : `${line}\n${said}`;
  if (answer.status >= 200 && answer.status < 300) return { ok: true, detail };
  if (answer.status === 410) return { ok: false, retry: false, gone: true, detail };
  const retryAfterMs = readRetryAfter(answer.headers['retry-after'], now);
  return { ok: false, retry: true, detail, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
};

/** `Retry-After` in seconds or as a date, to ms from now; null where it is neither. */
export const readRetryAfter = (header: unknown, now: number): number | null => {
  if (typeof header !== 'string') return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
};

const HAND_ON = `
insert into delivery (next_at, created_at, handoff_id, contact_id, decision_id, rep_id, covers_for, webhook_id, key, destination,
  channel, about, intent, subject, body)
select now_ms(), d.created_at, d.handoff_id, d.contact_id, d.decision_id, d.rep_id, d.covers_for, w.id, d.key || ':w' || w.id,
  'webhook ' || w.id, 'webhook', '${NOTICE_TYPE}', d.intent, d.subject, w.body
from delivery d cross join unnest($2::int[], $3::text[]) as w(id, body) where d.id = $1
on conflict (key) do nothing`;

const handOn = async (pool: Pool, delivery: Delivery): Promise<SendResult> => {
  const { rows } = await pool.query<{ id: number; name: string; types: string; payload: 'thin' | 'full' }>(
    'select id, name, types, payload from webhook where disabled_at is null and removed_at is null order by id',
  );
  const meant = rows.filter(({ name, types }) =>
    delivery.place === null
      ? wantsType(types.split(' '), NOTICE_TYPE)
      : name.toLowerCase() === delivery.place.toLowerCase(),
  );
  if (meant.length === 0) return nobodyMeant(delivery.place);
  await pool.query(HAND_ON, [
    delivery.id,
    meant.map(({ id }) => id),
    meant.map(({ payload }) => noticeBody(delivery, payload)),
  ]);
  return { ok: true, detail: `handed on to ${meant.map(({ name }) => name).join(', ')}` };
};

const nobodyMeant = (place: string | null): SendResult => {
  const detail =
    place === null ? `no webhook asks for "${NOTICE_TYPE}"` : `no webhook is called "${place}", or it is switched off`;
  const mend =
    place === null ? `baton webhooks add NAME URL --types ${NOTICE_TYPE}` : `baton webhooks add ${place} URL`;
  return {
    ok: false,
    retry: false,
    detail,
    noWay: {
      cause: `unset webhook ${place ?? ''}`.trim(),
      kind: 'place-unknown',
      say: `Notices are to go by webhook, but ${detail}: they go other ways. \`${mend}\` makes one.`,
    },
  };
};

const noticeBody = (delivery: Delivery, payload: 'thin' | 'full'): string =>
  JSON.stringify({
    type: NOTICE_TYPE,
    timestamp: new Date(delivery.createdAt).toISOString(),
    data: {
      about: delivery.about,
      decisionId: delivery.decisionId,
      handoffId: delivery.handoffId,
      contactId: delivery.contactId,
      repId: delivery.repId,
      ...(payload === 'thin' ? {} : { subject: delivery.subject, text: delivery.body }),
    },
  });
