import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccessServer, startAccess } from '../http/accessFixture.ts';
import { deactivateAccount, findAccount, inviteAccount } from './accounts.ts';

describe('single sign-on', () => {
  let provider: Awaited<ReturnType<typeof startProvider>>;
  let company: AccessServer;

  beforeAll(async () => {
    provider = await startProvider();
    company = await startAccess({
      publicUrl: 'http://localhost:4600',
      sso: { issuer: provider.issuer, clientId: 'baton', clientSecret: 's3cret', name: 'Acme login' },
    });
  });
  afterAll(async () => {
    await company.stop();
    await provider.stop();
  });

  const come = async (email: string, isVerified = true) => {
    const browser = company.browser();
    const begun = await browser.ask('POST', '/api/v1/auth/sso', {});
    const sent = new URL(begun.json.url);
    expect(sent.origin).toBe(provider.issuer);
    expect(sent.searchParams.get('redirect_uri')).toBe('http://localhost:4600/api/v1/auth/callback/sso');
    expect(sent.searchParams.get('code_challenge_method')).toBe('S256');
    provider.vouchFor({ email, isVerified, nonce: sent.searchParams.get('nonce') });
    const back = await browser.ask(
      'GET',
      `/api/v1/auth/callback/sso?code=good&state=${sent.searchParams.get('state')}`,
      undefined,
      { 'x-baton': '' },
    );
    return { browser, back };
  };

  test('lets in whom an admin has invited, under the address that the provider vouches for', async () => {
    await inviteAccount(company.database.pool, { email: 'eve@acme.example', roles: ['sales-manager'], by: 'test' });
    const { browser, back } = await come('eve@acme.example');
    expect(back.reply.body).toContain('url=/"');
    expect((await browser.ask('GET', '/api/v1/me')).json).toMatchObject({
      email: 'eve@acme.example',
      roles: ['sales-manager'],
      signedInBy: 'sso',
    });
    expect((await come('eve@acme.example')).back.reply.body).toContain('url=/"');
    expect((await company.browser().ask('GET', '/api/v1/auth/ways')).json).toEqual({ sso: 'Acme login', mail: false });
  });

  test('lets in nobody else: not invited, not verified, deactivated, or with a state that is not ours', async () => {
    await inviteAccount(company.database.pool, { email: 'fay@acme.example', roles: ['admin'], by: 'test' });
    expect((await come('fay@acme.example', false)).back.reply.body).toContain('refused=sso');
    const stranger = await come('mallory@acme.example');
    expect(stranger.back.reply.body).toContain('refused=sso');
    expect((await stranger.browser.ask('GET', '/api/v1/me')).status).toBe(401);
    const eve = await findAccount(company.database.pool, 'eve@acme.example');
    await deactivateAccount(company.database.pool, eve.id, 'test');
    expect((await come('eve@acme.example')).back.reply.body).toContain('refused=sso');
    const forged = await company.browser().ask('GET', '/api/v1/auth/callback/sso?code=good&state=forged');
    expect(forged.reply.body).toContain('refused=sso');
    expect((await company.database.pool.query('select 1 from account_session')).rowCount).toBe(0);
  });
});

/** An OpenID provider of its own: discovery, keys, and a token for whoever it was told to vouch for. */
async function startProvider() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let who = { email: '', isVerified: true, nonce: '' as string | null };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer);
    const answer = (value: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (pathname === '/.well-known/openid-configuration')
      return answer({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/me`,
        id_token_signing_alg_values_supported: ['RS256'],
      });
    const claims = { sub: `id of ${who.email}`, email: who.email, email_verified: who.isVerified, name: 'Eve' };
    if (pathname === '/me') return answer(claims);
    if (pathname === '/keys')
      return answer({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] });
    const now = Math.floor(Date.now() / 1_000);
    const payload = {
      ...claims,
      iss: issuer,
      aud: 'baton',
      iat: now,
      exp: now + 600,
      nonce: who.nonce,
    };
    const unsigned = `${encode({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${encode(payload)}`;
    const signature = createSign('RSA-SHA256').update(unsigned).sign(privateKey).toString('base64url');
    return answer({ access_token: 'at', token_type: 'Bearer', expires_in: 600, id_token: `${unsigned}.${signature}` });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    issuer,
    vouchFor(given: typeof who) {
      who = given;
    },
    stop: () => new Promise<void>((resolve) => http.close(() => resolve())),
  };
}
