import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import type { SecretBox } from '../access/secretBox.ts';
import { inTransaction } from '../database/transaction.ts';
import { type CallRules, judgeUrl, UrlNotAllowed } from '../net/judgeUrl.ts';
import { sealSecrets, storedSecrets } from './sealSecrets.ts';
import { makeWebhookSecret, type WebhookSecret } from './webhookSecret.ts';

/** A webhook as people see it: without its secrets. Instants are epoch ms. */
export type Webhook = {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly payload: 'thin' | 'full';
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly oldSecretUntil: Instant | null;
  readonly disabledAt: Instant | null;
  readonly disabledReason: string | null;
  readonly failures: number;
  readonly failingSince: Instant | null;
  readonly waiting: number;
};

export type WebhookChange = {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly payload?: 'thin' | 'full' | undefined;
  readonly enabled?: boolean | undefined;
};

/** What can't be done with a webhook: `webhook-unknown`, `webhook-name-taken`, `url-not-allowed`. */
export class WebhookError extends Error {
  readonly code: 'webhook-unknown' | 'webhook-name-taken' | 'url-not-allowed';
  constructor(code: WebhookError['code'], message: string) {
    super(message);
    this.name = 'WebhookError';
    this.code = code;
  }
}

type Stored = {
  id: number;
  name: string;
  url: string;
  types: string;
  payload: 'thin' | 'full';
  secrets: string;
  created_at: number;
  created_by: string;
  disabled_at: number | null;
  disabled_reason: string | null;
  failures: number;
  failing_since: number | null;
  waiting: number;
};

const SELECT = `select w.*, coalesce(d.failures, 0) as failures, d.failing_since,
    (select count(*) from delivery where destination = 'webhook ' || w.id and state = 'pending') as waiting
  from webhook w left join destination d on d.key = 'webhook ' || w.id where w.removed_at is null`;

const toWebhook = (row: Stored): Webhook => ({
  id: row.id,
  name: row.name,
  url: row.url,
  types: row.types.split(' '),
  payload: row.payload,
  createdAt: row.created_at,
  createdBy: row.created_by,
  oldSecretUntil: storedSecrets(row.secrets)[1]?.until ?? null,
  disabledAt: row.disabled_at,
  disabledReason: row.disabled_reason,
  failures: row.failures,
  failingSince: row.failing_since,
  waiting: row.waiting,
});

/** All webhooks, in the order in which they were added. */
export const listWebhooks = async (pool: Pool): Promise<readonly Webhook[]> =>
  (await pool.query<Stored>(`${SELECT} order by w.id`)).rows.map(toWebhook);

/** One webhook. @throws WebhookError `webhook-unknown`. */
export const readWebhook = async (pool: Pool, id: number): Promise<Webhook> => {
  const row = (await pool.query<Stored>(`${SELECT} and w.id = $1`, [id])).rows[0];
  if (row === undefined) throw unknown(id);
  return toWebhook(row);
};

const unknown = (id: number): WebhookError => new WebhookError('webhook-unknown', `There is no webhook ${id}.`);

/**
 * Adds a webhook; from now on it is sent what happens. Answers its secret, which is shown only here.
 * @throws WebhookError `url-not-allowed`, `webhook-name-taken`.
 */
export const addWebhook = async (
  pool: Pool,
  rules: CallRules,
  wanted: Required<{ [K in 'name' | 'url' | 'payload']: string }> & {
    readonly types: readonly string[];
    readonly by: string;
  },
  box: SecretBox,
): Promise<{ readonly webhook: Webhook; readonly secret: string }> => {
  await judge(wanted.url, rules);
  const secret = makeWebhookSecret();
  const secrets: readonly WebhookSecret[] = [{ secret, until: null }];
  const id = await orNameTaken(wanted.name, () =>
    inTransaction(pool, async (client) => {
      await client.query(BEGIN_NOW);
      const added = await client.query<{ id: number }>(
        'insert into webhook (name, url, types, payload, secrets, created_by) values ($1, $2, $3, $4, $5, $6) returning id',
        [wanted.name, wanted.url, wanted.types.join(' '), wanted.payload, sealSecrets(secrets, box), wanted.by],
      );
      const made = added.rows[0]?.id ?? 0;
      await audit(client, wanted.by, 'webhook-added', made);
      return made;
    }),
  );
  return { webhook: await readWebhook(pool, id), secret };
};

/** While nobody listens the cursor stands still: the first one who does begins at the present. */
const BEGIN_NOW = `update feed_cursor set tx = pg_snapshot_xmin(pg_current_snapshot()), id = 0
  where name = 'webhooks' and not exists (select from webhook where disabled_at is null and removed_at is null)`;

const SET = `update webhook set name = coalesce($2, name), url = coalesce($3, url), types = coalesce($4, types),
    payload = coalesce($5, payload), changed_at = case when $4 is null then changed_at else now_ms() end,
    since = case when $6::boolean and disabled_at is not null then now_ms() else since end,
    disabled_at = case $6::boolean when true then null when false then coalesce(disabled_at, now_ms()) else disabled_at end,
    disabled_reason = case $6::boolean when true then null when false then coalesce(disabled_reason, 'by hand') else disabled_reason end
  where id = $1 and removed_at is null`;

/**
 * Changes what is given. Switched on again it is tried at once, whatever happened before; what happened meanwhile is not
 * sent. @throws WebhookError.
 */
export const setWebhook = async (
  pool: Pool,
  rules: CallRules,
  id: number,
  change: WebhookChange,
  by: string,
): Promise<Webhook> => {
  if (change.url !== undefined) await judge(change.url, rules);
  await orNameTaken(change.name ?? '', () =>
    inTransaction(pool, async (client) => {
      if (change.enabled === true) await client.query(BEGIN_NOW);
      const done = await client.query(SET, [
        id,
        change.name ?? null,
        change.url ?? null,
        change.types?.join(' ') ?? null,
        change.payload ?? null,
        change.enabled ?? null,
      ]);
      if (done.rowCount === 0) throw unknown(id);
      if (change.enabled === true || change.url !== undefined) {
        await client.query('delete from destination where key = $1', [`webhook ${id}`]);
        await client.query(
          `update alert set closed_at = now_ms(), closed_by = $2 where key = $1 and closed_at is null`,
          [`disabled webhook ${id}`, by],
        );
      }
      await audit(client, by, 'webhook-changed', id);
    }),
  );
  return readWebhook(pool, id);
};

/** Gives a webhook a new secret; the one before signs too for `overlapMs`, those before it no more. */
export const rotateWebhookSecret = async (
  pool: Pool,
  id: number,
  overlapMs: number,
  by: string,
  box: SecretBox,
): Promise<{ readonly webhook: Webhook; readonly secret: string }> => {
  const secret = makeWebhookSecret();
  await inTransaction(pool, async (client) => {
    const found = await client.query<{ secrets: string; now: number }>(
      'select secrets, now_ms() as now from webhook where id = $1 and removed_at is null for update',
      [id],
    );
    const row = found.rows[0];
    if (row === undefined) throw unknown(id);
    // as it lies there: what another key sealed is rotated away all the same
    const [present] = storedSecrets(row.secrets);
    const secrets: readonly WebhookSecret[] = [
      { secret, until: null },
      ...(present === undefined || overlapMs === 0 ? [] : [{ secret: present.secret, until: row.now + overlapMs }]),
    ];
    await client.query('update webhook set secrets = $2 where id = $1', [id, sealSecrets(secrets, box)]);
    await audit(client, by, 'webhook-secret-rotated', id);
  });
  return { webhook: await readWebhook(pool, id), secret };
};

/** Removes a webhook: its secrets are forgotten, what waits for it is closed with that reason. */
export const removeWebhook = async (pool: Pool, id: number, by: string): Promise<void> => {
  await inTransaction(pool, async (client) => {
    const done = await client.query(
      `update webhook set removed_at = now_ms(), secrets = '[]', disabled_at = coalesce(disabled_at, now_ms())
       where id = $1 and removed_at is null`,
      [id],
    );
    if (done.rowCount === 0) throw unknown(id);
    await client.query(
      `update delivery set state = 'superseded', closed_at = now_ms(), closed_reason = 'the webhook was removed',
         lease_node = null, lease_until = null
       where destination = 'webhook ' || $1::int and state = 'pending'`,
      [id],
    );
    await client.query('delete from destination where key = $1', [`webhook ${id}`]);
    await audit(client, by, 'webhook-removed', id);
  });
};

const judge = async (url: string, rules: CallRules): Promise<void> => {
  try {
    await judgeUrl(url, rules);
  } catch (error) {
    const why =
      error instanceof UrlNotAllowed
        ? error.message
        : `The host of ${url} leads nowhere (${(error as { code?: string }).code ?? 'no answer'}).`;
    throw new WebhookError('url-not-allowed', why);
  }
};

const orNameTaken = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'webhook_name') throw error;
    throw new WebhookError('webhook-name-taken', `There is a webhook called "${name}" already; choose another name.`);
  }
};

const audit = (
  client: { query: (sql: string, values: unknown[]) => Promise<unknown> },
  by: string,
  action: string,
  id: number,
) => client.query('insert into audit (by, action, subject) values ($1, $2, $3)', [by, action, `webhook:${id}`]);
