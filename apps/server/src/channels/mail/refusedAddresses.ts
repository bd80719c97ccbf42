import type { Pool } from 'pg';
import type { NoWay } from '../../outbox/sender.ts';

const alertKey = (address: string): string => `refused ${address.toLowerCase()}`;

/** Keeps that nobody is at an address, by the report about a delivery, and raises its one alert. */
export const markRefused = async (pool: Pool, address: string, deliveryId: number, said: string): Promise<void> => {
  const { cause, kind, say } = noWayTo(address, said);
  await pool.query(
    `with marked as (
       insert into refused_address (address, delivery_id, said) values (lower($1), $2, $3)
       on conflict (address) do update set said = excluded.said
     )
     insert into alert (key, kind, say) values ($4, $5, $6)
     on conflict (key) where closed_at is null do update set latest_at = now_ms(), count = alert.count + 1`,
    [address, deliveryId, said, cause, kind, say],
  );
};

/** Why nothing is mailed to an address that its server disowns. */
export const noWayTo = (address: string, said: string): NoWay => ({
  cause: alertKey(address),
  kind: 'address-refused',
  say: `${address} takes no mail: ${said}. Mend it with \`baton rep set\`, or say \`baton channels allow ${address}\` when it works again. Until then notices go other ways.`,
});

/** What the reports about these addresses said, by address in lower case; who is fine is not in it. */
export const readRefused = async (pool: Pool, addresses: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const { rows } = await pool.query<{ address: string; said: string }>({
    name: 'refused-addresses',
    text: 'select address, said from refused_address where address = any($1::text[])',
    values: [addresses.map((address) => address.toLowerCase())],
  });
  return new Map(rows.map(({ address, said }) => [address, said]));
};

/** Lets mails go to an address again; false where they do already. */
export const allowAddress = async (pool: Pool, address: string, by: string): Promise<boolean> => {
  const done = await pool.query(
    `with gone as (delete from refused_address where address = lower($1) returning 1), closed as (
       update alert set closed_at = now_ms(), closed_by = $3 where key = $2 and closed_at is null
     )
     insert into audit (by, action, subject, detail) select $3, 'address-allowed', lower($1), '{}' from gone`,
    [address, alertKey(address), by],
  );
  return (done.rowCount ?? 0) > 0;
};
