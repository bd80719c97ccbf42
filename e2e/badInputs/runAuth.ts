import { OPERATIONS } from '@baton/contract/operations.ts';
import { expect } from 'vitest';
import { signIn } from '../../apps/server/src/access/accountFixture.ts';
import { inviteAccount, resetAccount } from '../../apps/server/src/access/accounts.ts';
import { createKey, revokeKey } from '../../apps/server/src/access/keys.ts';
import { totpOf } from '../../apps/server/src/access/totpFixture.ts';
import { type BadInput, variantsOf } from './catalogue.ts';
import { pathOf, sendCase } from './sendCase.ts';
import { type Answered, ask, basic, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;

const PASSWORD = 'three quiet otters';
/** What anybody may ask: signing in, forms and what forms need. Whatever else answers nobody is a hole. */
const PUBLIC = new Set([
  'submit-form',
  'read-form-token',
  'login',
  'verify-code',
  'list-sign-in-ways',
  'begin-passkey',
  'sign-in-by-passkey',
  'begin-sso',
  'read-invitation',
  'accept-invitation',
  'forgot-password',
  'reset-password',
]);

const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-baton': '1', ...headers },
  body: JSON.stringify(body),
});
/** The cookies that an answer sets, as a browser sends them back. */
const cookiesOf = ({ headers }: Answered): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
const linkOf = async ({ database }: TestServer, email: string): Promise<string> =>
  (await inviteAccount(database.pool, { email, roles: ['rep'], by: 'test' })).link.token;
/** Somebody of this address with the password above, and the cookies they came in with. */
const join = async (server: TestServer, email: string): Promise<string> =>
  cookiesOf(
    await ask(server, '/api/v1/auth/accept-invite', post({ token: await linkOf(server, email), password: PASSWORD })),
  );
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const auth01: Run = async (server, bad) => {
  for (const { id, method, path } of OPERATIONS.filter((one) => !PUBLIC.has(one.id))) {
    const { status } = await ask(server, path.replace(/:\w+/g, '1'), {
      method,
      ...(method === 'POST' ? post({ batch: [{ type: 'track' }] }) : {}),
      limitMs: bad.limitMs,
    });
    expect([id, status]).toEqual([id, 401]);
  }
  for (const path of ['/api/v1/live', '/metrics'])
    expect([path, (await ask(server, path)).status]).toEqual([path, 401]);
  // a path of the library that signs people in is no path of ours
  for (const path of ['sign-in/email', 'get-session', 'update-user', 'sign-up/email', 'delete-user', 'list-sessions'])
    expect([path, (await ask(server, `/api/v1/auth/${path}`, post({}))).status]).toEqual([path, 404]);
};

const auth02: Run = async (server, bad) => {
  const { pool } = server.database;
  const fresh = async () => createKey(pool, { name: 'a02', kind: 'write', by: 'test' });
  const [revoked, expired] = [await fresh(), await fresh()];
  await revokeKey(pool, revoked.row.id, 'test');
  await pool.query('update api_key set expires_at = now_ms() - 1 where id = $1', [expired.row.id]);
  const keys: { readonly [variant: string]: string } = {
    wrong: server.writeKey.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    truncated: server.writeKey.slice(0, -4),
    case: server.writeKey.toUpperCase(),
    revoked: revoked.key,
    expired: expired.key,
  };
  const bodies = new Set<string>();
  const medians: number[] = [];
  for (const variant of variantsOf(bad)) {
    const key = keys[String(variant)];
    if (key === undefined) throw new Error(`${bad.id}: ${variant} is not bound`);
    const times: number[] = [];
    for (let index = 0; index < 15; index += 1) {
      const from = performance.now();
      const { status, json } = await ask(
        server,
        pathOf(bad),
        post({ type: 'track', event: 'x', userId: 'u' }, { authorization: basic(key) }),
      );
      times.push(performance.now() - from);
      expect([variant, status]).toEqual([variant, 401]);
      const { requestId: _, ...said } = json;
      bodies.add(JSON.stringify(said));
    }
    medians.push(median(times));
  }
  expect(bodies.size).toBe(1);
  expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(25);
};

const auth04: Run = async (server, bad) => {
  const { json } = await sendCase(server, bad);
  expect(json.code).toBe('forbidden');
  const bearer = { headers: { authorization: `Bearer ${server.writeKey}` } };
  for (const path of ['/api/v1/handoffs', '/api/v1/keys', '/api/v1/webhooks', '/api/v1/policy'])
    expect([path, (await ask(server, path, bearer)).status]).toEqual([path, 403]);
};

const auth05: Run = async (server, bad) => {
  await join(server, 'fixed@corp.example');
  const planted = `baton_session=${'F'.repeat(32)}.${'f'.repeat(44)}`;
  const login = post({ email: 'fixed@corp.example', password: PASSWORD }, { cookie: planted });
  const fresh = cookiesOf(await ask(server, '/api/v1/auth/login', login));
  expect(fresh).not.toContain('F'.repeat(32));
  const me = (cookie: string) => ask(server, pathOf(bad), { headers: { cookie } });
  expect([(await me(planted)).status, (await me(fresh)).status]).toEqual([401, 200]);
  expect((await ask(server, '/api/v1/auth/logout', post({}, { cookie: fresh }))).status).toBe(204);
  expect(bad.expected.status).toContain((await me(fresh)).status);
};

const auth07: Run = async (server, bad) => {
  const rep = await signIn(server.database, ['rep']);
  const before = await server.database.pool.query('select email, roles, id from account order by id');
  const answered = await sendCase(server, { ...bad, method: 'POST' }, { headers: rep.headers });
  expect(answered.status).toBe(422);
  const after = await server.database.pool.query('select email, roles, id from account order by id');
  expect(after.rows).toEqual(before.rows);
};

const auth08: Run = async (server, bad) => {
  const rep = await signIn(server.database, ['rep'], { email: 'rep.a@corp.example' });
  const token = await linkOf(server, 'other@corp.example');
  const body = JSON.stringify({ ...(bad.send.json as object), token });
  await sendCase(server, bad, { body });
  expect((await ask(server, '/api/v1/me', { headers: rep.headers })).status).toBe(200);
  const taken = await server.database.pool.query('select 1 from account_login where account_id = $1', [rep.id]);
  expect(taken.rowCount).toBe(0);
  const tried = post({ email: 'rep.a@corp.example', password: 'NewPassw0rd-123456' });
  expect((await ask(server, '/api/v1/auth/login', tried)).status).toBe(401);
};

const auth10: Run = async (server, bad) => {
  const { pool } = server.database;
  const cookie = await join(server, 'reset@corp.example');
  await join(server, 'victim@corp.example');
  const { rows } = await pool.query<{ id: string }>(`select id from account where email = 'reset@corp.example'`);
  const fresh = async () => (await resetAccount(pool, rows[0]?.id ?? '', 'test')).link.token;
  const reset = (token: string, more: object = {}) =>
    ask(server, pathOf(bad), post({ token, password: 'four louder otters', ...more }));
  const used = await fresh();
  expect((await reset(used)).status).toBe(204);
  expect((await ask(server, '/api/v1/me', { headers: { cookie } })).status).toBe(401);
  const late = await fresh();
  const foreign = { email: 'victim@corp.example' };
  const tokens: { readonly [variant: string]: () => Promise<Answered> } = {
    reused: () => reset(used),
    other: () => reset(late, foreign),
    expired: async () => {
      await pool.query('update account_link set expires_at = now_ms() - 1');
      return reset(late);
    },
    guess: () => reset('A'.repeat(43)),
  };
  const answers = new Map<string, number>();
  for (const variant of ['reused', 'other', 'expired', 'guess']) {
    expect(variantsOf(bad)).toContain(variant);
    answers.set(variant, (await tokens[variant]?.())?.status ?? 0);
  }
  expect(Object.fromEntries(answers)).toEqual({ reused: 401, other: 422, expired: 401, guess: 401 });
  const victim = post({ email: 'victim@corp.example', password: PASSWORD });
  expect((await ask(server, '/api/v1/auth/login', victim)).status).toBe(200);
  const kept = await pool.query<{ hash: Buffer }>('select token_hash as hash from account_link');
  expect(kept.rows.map(({ hash }) => hash.toString('latin1')).join()).not.toContain(late);
};

const auth11: Run = async (server, bad) => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = encode({ sub: 'admin', email: 'admin@corp.example', aud: 'other', exp: 9_999_999_999 });
  const heads: { readonly [variant: string]: object } = {
    none: { alg: 'none' },
    'hs256-confusion': { alg: 'HS256' },
    aud: { alg: 'RS256' },
    'kid=../../dev/null': { alg: 'HS256', kid: '../../dev/null' },
  };
  for (const variant of variantsOf(bad)) {
    const token = `${encode(heads[String(variant)] ?? {})}.${claims}.${variant === 'none' ? '' : 'c2ln'}`;
    for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `baton_session=${token}` }])
      expect([variant, (await ask(server, pathOf(bad), { headers })).status]).toEqual([variant, 401]);
  }
};

const auth13: Run = async (server, bad) => {
  const cookie = await join(server, 'code@corp.example');
  const begun = await ask(server, '/api/v1/me/totp', post({ password: PASSWORD }, { cookie }));
  const { uri } = begun.json as { uri: string };
  const confirmed = await ask(server, '/api/v1/me/totp/confirm', post({ code: totpOf(uri, -1) }, { cookie }));
  expect(confirmed.status).toBe(204);
  const code = totpOf(uri);
  const challenge = async () =>
    cookiesOf(await ask(server, '/api/v1/auth/login', post({ email: 'code@corp.example', password: PASSWORD })));
  const [first, second] = [await challenge(), await challenge()];
  const once = await ask(server, pathOf(bad), post({ code }, { cookie: first }));
  expect(once.json).toMatchObject({ state: 'signed-in' });
  const again = await ask(server, pathOf(bad), post({ code }, { cookie: second }));
  expect(bad.expected.status).toContain(again.status);
  expect(again.headers.getSetCookie().filter((line) => /^baton_session=[^;]/.test(line))).toEqual([]);
};

const auth14: Run = async (server, bad) => {
  const long = `${'pass phrase '.repeat(6)}and the end of it`;
  const token = await linkOf(server, 'long@corp.example');
  const accepted = await ask(server, '/api/v1/auth/accept-invite', post({ token, password: long }));
  expect(accepted.status).toBe(200);
  const login = (password: string) => ask(server, pathOf(bad), post({ email: 'long@corp.example', password }));
  expect((await login('x'.repeat(5 * 1024 * 1024))).status).toBe(413);
  expect((await login('x'.repeat(50_000))).status).toBe(401);
  expect((await login(`${long.slice(0, 72)}another end`)).status).toBe(401);
  expect((await login(long)).status).toBe(200);
};

/** Each case of the area `auth` by its id. */
export const RUN_AUTH: { readonly [caseId: string]: Run } = {
  'AUTH-01': auth01,
  'AUTH-02': auth02,
  'AUTH-04': auth04,
  'AUTH-05': auth05,
  'AUTH-07': auth07,
  'AUTH-08': auth08,
  'AUTH-10': auth10,
  'AUTH-11': auth11,
  'AUTH-13': auth13,
  'AUTH-14': auth14,
};
