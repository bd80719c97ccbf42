import type { Pool } from 'pg';
import { isSealed, type SecretBox } from '../access/secretBox.ts';
import { inTransaction } from '../database/transaction.ts';
import type { WebhookSecret } from './webhookSecret.ts';

/** What the sealed secrets of webhooks are for; they open for nothing else. */
const ABOUT = 'webhook';

/** The secrets of a webhook as they are stored: only since when they sign can be read. */
export const sealSecrets = (secrets: readonly WebhookSecret[], box: SecretBox): string =>
  JSON.stringify(
    secrets.map(({ secret, until }) => ({ secret: isSealed(secret) ? secret : box.seal(secret, ABOUT), until })),
  );

/** The stored secrets as they sign. @throws SealedElsewhere */
export const openSecrets = (stored: string, box: SecretBox): readonly WebhookSecret[] =>
  storedSecrets(stored).map(({ secret, until }) => ({ secret: box.open(secret, ABOUT), until }));

/** The stored secrets as they lie there. */
export const storedSecrets = (stored: string): readonly WebhookSecret[] => JSON.parse(stored) as WebhookSecret[];

const isForeignTo =
  (box: SecretBox) =>
  ({ secrets }: { readonly secrets: string }): boolean =>
    storedSecrets(secrets).some(({ secret }) => box.isForeign(secret));

/** The names of the webhooks whose secrets only another key opens. */
export const readForeignWebhooks = async (pool: Pool, box: SecretBox): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ name: string; secrets: string }>(
    'select name, secrets from webhook where removed_at is null order by id',
  );
  return rows.filter(isForeignTo(box)).map(({ name }) => name);
};

const FOREIGN_KEY = 'secrets sealed elsewhere';

/**
 * Seals secrets that were stored before there was a key, and raises an alert about those that only another key opens (a
 * backup was restored without its key). Answers how many it sealed. Safe on several nodes.
 */
export const sealPlainSecrets = async (pool: Pool, box: SecretBox): Promise<number> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: number; name: string; secrets: string }>(
      `select id, name, secrets from webhook where removed_at is null order by id for update`,
    );
    let sealed = 0;
    for (const { id, secrets } of rows) {
      if (storedSecrets(secrets).every(({ secret }) => isSealed(secret))) continue;
      await client.query('update webhook set secrets = $2 where id = $1', [
        id,
        sealSecrets(storedSecrets(secrets), box),
      ]);
      sealed += 1;
    }
    const foreign = rows.filter(isForeignTo(box));
    if (foreign.length === 0)
      await client.query(
        `update alert set closed_at = now_ms(), closed_by = 'they open' where key = $1 and closed_at is null`,
        [FOREIGN_KEY],
      );
    else
      await client.query(
        `insert into alert (key, kind, say) values ($1, 'secrets-unreadable', $2)
         on conflict (key) where closed_at is null do update set latest_at = now_ms(), count = alert.count + 1, say = excluded.say`,
        [
          FOREIGN_KEY,
          `The secrets of ${foreign.map(({ name }) => name).join(', ')} are sealed with another key, so that nothing is signed: bring secret.key or BATON_SECRET_KEY along, or run \`baton webhooks rotate\`.`,
        ],
      );
    return sealed;
  });
