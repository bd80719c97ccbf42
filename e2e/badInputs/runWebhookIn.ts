import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { removeHookSecret, setHookSecret } from '../../apps/server/src/evidence/hookSecrets.ts';
import { testBox } from '../../apps/server/src/outbox/outboxFixture.ts';
import { type BadInput, variantsOf } from './catalogue.ts';
import { ask, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;
type Signed = { readonly body: string; readonly headers: { readonly [name: string]: string } };

const SECRET = 'the secret of a calendar';
const hmac = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('hex');
const seconds = (at: number) => Math.floor(at / 1_000);

const calBody = (at = Date.now()) =>
  JSON.stringify({
    triggerEvent: 'BOOKING_CREATED',
    createdAt: new Date(at).toISOString(),
    payload: { uid: 'bad-input', attendees: [{ email: 'bad@input.example' }] },
  });
const calendlyBody = () =>
  JSON.stringify({
    event: 'invitee.created',
    payload: { uri: 'https://api.calendly.com/x', email: 'bad@input.example' },
  });
const calendly = (body: string, t: number | string): Signed => ({
  body,
  headers: { 'calendly-webhook-signature': `t=${t},v1=${hmac(`${t}.${body}`)}` },
});

/** Each wrong signature of the catalogue, as either calendar would send it; `otherUrl` is the other calendar's. */
const WRONG: { readonly [variant: string]: () => { readonly 'cal-com': Signed; readonly calendly: Signed } } = {
  wrong: () => both(hmac(calBody(), 'another'), `t=${seconds(Date.now())},v1=${hmac('x', 'another')}`),
  absent: () => ({ 'cal-com': { body: calBody(), headers: {} }, calendly: { body: calendlyBody(), headers: {} } }),
  empty: () => both('', ''),
  otherUrl: () => {
    const [cal, said] = [calBody(), calendlyBody()];
    return {
      'cal-com': { body: cal, headers: calendly(cal, seconds(Date.now())).headers },
      calendly: { body: said, headers: { 'x-cal-signature-256': hmac(said) } },
    };
  },
  reserialised: () => {
    const [cal, said] = [calBody(), calendlyBody()];
    const again = (text: string) => JSON.stringify(JSON.parse(text), null, 2);
    return {
      'cal-com': { body: again(cal), headers: { 'x-cal-signature-256': hmac(cal) } },
      calendly: { body: again(said), headers: calendly(said, seconds(Date.now())).headers },
    };
  },
  'v1 only': () => both(`v1=${hmac(calBody())}`, `v1=${hmac(calendlyBody())}`),
};
const both = (cal: string, other: string) => ({
  'cal-com': { body: calBody(), headers: { 'x-cal-signature-256': cal } },
  calendly: { body: calendlyBody(), headers: { 'calendly-webhook-signature': other } },
});

const stored = async ({ database }: TestServer): Promise<number> =>
  (await database.pool.query<{ n: number }>('select count(*) as n from activity')).rows[0]?.n ?? 0;

const post = (server: TestServer, bad: BadInput, calendar: string, { body, headers }: Signed, mayFail = false) =>
  ask(server, `/hooks/${calendar}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    limitMs: bad.limitMs,
    mayFail,
  });

const refused = async (server: TestServer, bad: BadInput, calendar: string, signed: Signed): Promise<void> => {
  const before = await stored(server);
  const { status, json } = await post(server, bad, calendar, signed);
  expect(bad.expected.status).toContain(status);
  expect(json.code).toBe('invalid_signature');
  expect(await stored(server)).toBe(before);
};

const withSecrets = async (server: TestServer): Promise<void> => {
  await setHookSecret(server.database.pool, 'cal-com', testBox, SECRET);
  await setHookSecret(server.database.pool, 'calendly', testBox, SECRET);
};

/** Each case of the area by its id. */
export const RUN_WEBHOOK_IN: { readonly [caseId: string]: Run } = {
  'WH-01': async (server, bad) => {
    await withSecrets(server);
    for (const variant of variantsOf(bad) as readonly string[]) {
      const wrong = WRONG[variant]?.();
      if (wrong === undefined) throw new Error(`no variant ${variant}`);
      await refused(server, bad, 'cal-com', wrong['cal-com']);
      await refused(server, bad, 'calendly', wrong.calendly);
    }
    // and what is right is taken, so that the refusals above are not of the road
    const good = await post(server, bad, 'calendly', calendly(calendlyBody(), seconds(Date.now())));
    expect(good.status).toBe(204);
  },
  'WH-02': async (server, bad) => {
    await withSecrets(server);
    for (const variant of variantsOf(bad) as readonly (number | string)[]) {
      // what HubSpot writes in milliseconds Calendly writes in seconds: the other unit is wrong here too
      const t =
        typeof variant === 'number' ? seconds(Date.now() + variant) : variant === 'seconds' ? Date.now() : variant;
      await refused(server, bad, 'calendly', calendly(calendlyBody(), t));
    }
    for (const at of [Date.now() - 86_400_001, Date.now() + 301_000]) {
      const body = calBody(at);
      await refused(server, bad, 'cal-com', { body, headers: { 'x-cal-signature-256': hmac(body) } });
    }
  },
  'WH-04': async (server, bad) => {
    await withSecrets(server);
    await removeHookSecret(server.database.pool, 'cal-com');
    const before = await stored(server);
    const body = calBody();
    for (const headers of [{}, { 'x-cal-signature-256': hmac(body) }, { 'x-cal-signature-256': hmac(body, '') }]) {
      const { status, json } = await post(server, bad, 'cal-com', { body, headers }, true);
      expect(bad.expected.status).toContain(status);
      expect(json.code).toBe('not_configured');
    }
    expect(await stored(server)).toBe(before);
  },
};
