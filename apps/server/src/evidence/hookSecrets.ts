import { randomBytes } from 'node:crypto';
import type { Queryable } from '../database/queryable.ts';

/** Calendars that tell of meetings by webhook, by the name in their path. */
export const CALENDARS = ['cal-com', 'calendly'] as const;
export type Calendar = (typeof CALENDARS)[number];

const nameOf = (calendar: Calendar): string => `hook ${calendar}`;

/** The secret that a calendar signs with; null: it was not set up. */
export const readHookSecret = async (client: Queryable, calendar: Calendar): Promise<string | null> => {
  const { rows } = await client.query<{ value: Buffer }>('select value from server_secret where name = $1', [
    nameOf(calendar),
  ]);
  return rows[0]?.value.toString('utf8') ?? null;
};

/** Sets it; without one a new one is made. Answers it: it is shown this once. What signs with the old one is refused from now on. */
export const setHookSecret = async (client: Queryable, calendar: Calendar, given?: string): Promise<string> => {
  const secret = given ?? randomBytes(24).toString('base64url');
  await client.query(
    `insert into server_secret (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value, created_at = now_ms()`,
    [nameOf(calendar), Buffer.from(secret, 'utf8')],
  );
  return secret;
};

/** Forgets it: the calendar's webhooks are answered with 503 from now on. False: there was none. */
export const removeHookSecret = async (client: Queryable, calendar: Calendar): Promise<boolean> =>
  (await client.query('delete from server_secret where name = $1', [nameOf(calendar)])).rowCount === 1;
