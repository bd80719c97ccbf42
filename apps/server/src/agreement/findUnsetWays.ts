import { readCanonical } from '@baton/domain/policy/canonical.ts';
import type { Channel, PolicyDocument } from '@baton/domain/policy/document.ts';
import type { Queryable } from '../database/queryable.ts';

/** What this server can send by: the channels that are not set up with what to do about each, and its webhooks' names. */
export type Ways = {
  readonly unset: ReadonlyMap<Channel, string>;
  readonly webhooks: ReadonlySet<string>;
};

/** A way that a policy names and nobody set up. */
export type UnsetWay = {
  /** `notify.owner`. */
  readonly path: string;
  readonly via: Channel;
  readonly message: string;
  readonly mend: string;
};

/** Reads the names of the webhooks that are on, in lower case. */
export const readWebhookNames = async (client: Queryable): Promise<ReadonlySet<string>> => {
  const { rows } = await client.query<{ name: string }>(
    'select lower(name) as name from webhook where removed_at is null and disabled_at is null',
  );
  return new Set(rows.map(({ name }) => name));
};

/** The ways in `notify` by which nothing would arrive here, in the document's order. */
export const findUnsetWays = (
  { notify }: Pick<PolicyDocument, 'notify'>,
  { unset, webhooks }: Ways,
): readonly UnsetWay[] =>
  notify.flatMap(({ id, via, to }) =>
    via.flatMap((way): UnsetWay[] => {
      const path = `notify.${id}`;
      const mend = unset.get(way);
      if (mend !== undefined)
        return [{ path, via: way, message: `${way} is not set up here: notices go other ways`, mend }];
      // a person is not reached by webhook, which the check says already
      if (way !== 'webhook' || id === 'owner' || to === null || webhooks.has(to.toLowerCase())) return [];
      const message = `no webhook is called “${to}”: notices go other ways`;
      return [{ path, via: way, message, mend: `baton webhooks add ${to} https://...` }];
    }),
  );

/** The same of the policy in force; empty where none is. */
export const findUnsetWaysInForce = async (client: Queryable, unset: Ways['unset']): Promise<readonly UnsetWay[]> => {
  const { rows } = await client.query<{ canonical: string }>(
    'select v.canonical from policy_active a join policy_version v on v.id = a.version_id order by a.seq desc limit 1',
  );
  const stored = rows[0];
  if (stored === undefined) return [];
  return findUnsetWays(readCanonical(stored.canonical).document, { unset, webhooks: await readWebhookNames(client) });
};
