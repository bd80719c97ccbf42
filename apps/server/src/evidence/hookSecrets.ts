import { randomBytes } from 'node:crypto';
import { isSealed, type SecretBox } from '../access/secretBox.ts';
import type { Queryable } from '../database/queryable.ts';

/** Calendars that tell of meetings by webhook, by the name in their path. */
export const CALENDARS = ['cal-com', 'calendly'] as const;
export type Calendar = (typeof CALENDARS)[number];

const nameOf = (calendar: Calendar): string => `hook ${calendar}`;

/** What a calendar's sealed secret is for; it opens for nothing else. */
const ABOUT = 'calendar';

const readStored = async (client: Queryable, calendar: Calendar): Promise<string | null> => {
  const { rows } = await client.query<{ value: Buffer }>('select value from server_secret where name = $1', [
    nameOf(calendar),
  ]);
  return rows[0]?.value.toString('utf8') ?? null;
};

/** The secret that a calendar signs with; null: it was not set up. @throws SealedElsewhere */
export const readHookSecret = async (client: Queryable, calendar: Calendar, box: SecretBox): Promise<string | null> => {
  const stored = await readStored(client, calendar);
  return stored === null ? null : box.open(stored, ABOUT);
};

/** True where a calendar was set up. */
export const hasHookSecret = async (client: Queryable, calendar: Calendar): Promise<boolean> =>
  (await readStored(client, calendar)) !== null;

/** Seals what was stored before there was a key. Safe on several nodes. */
export const sealPlainHookSecrets = async (client: Queryable, box: SecretBox): Promise<void> => {
  for (const calendar of CALENDARS) {
    const stored = await readStored(client, calendar);
    if (stored === null || isSealed(stored)) continue;
    await client.query('update server_secret set value = $2 where name = $1 and value = $3', [
      nameOf(calendar),
      Buffer.from(box.seal(stored, ABOUT), 'utf8'),
      Buffer.from(stored, 'utf8'),
    ]);
  }
};

/** Sets it; without one a new one is made. Answers it: it is shown this once. What signs with the old one is refused from now on. */
export const setHookSecret = async (
  client: Queryable,
  calendar: Calendar,
  box: SecretBox,
  given?: string,
): Promise<string> => {
  const secret = given ?? randomBytes(24).toString('base64url');
  await client.query(
    `insert into server_secret (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value, created_at = now_ms()`,
    [nameOf(calendar), Buffer.from(box.seal(secret, ABOUT), 'utf8')],
  );
  return secret;
};

/** Forgets it: the calendar's webhooks are answered with 503 from now on. False: there was none. */
export const removeHookSecret = async (client: Queryable, calendar: Calendar): Promise<boolean> =>
  (await client.query('delete from server_secret where name = $1', [nameOf(calendar)])).rowCount === 1;
