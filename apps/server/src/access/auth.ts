import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { betterAuth } from 'better-auth/minimal';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { Pool } from 'pg';
import { z } from 'zod';
import { ABOUT_AUTHENTICATOR, makeAuthAdapter } from './authAdapter.ts';
import { AUTH_TABLES, TOTP_TABLES } from './authTables.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from './passwordRules.ts';
import type { SecretBox } from './secretBox.ts';
import { serverSecret } from './serverSecret.ts';

/** A provider of single sign-on. */
export type SsoSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What its button says. */
  readonly name: string;
};

/** How people sign in here. */
export type AuthSettings = {
  /** Where browsers reach us; null: by whatever name the request came by, on loopback. */
  readonly publicUrl: string | null;
  readonly sso: SsoSettings | null;
  /** Seals what authenticators share with us; null leaves it to the library's own encryption. */
  readonly box: SecretBox | null;
};

/** By which way a session began. */
export const SIGNED_IN_BY = ['link', 'password', 'passkey', 'sso'] as const;
export type SignedInBy = (typeof SIGNED_IN_BY)[number];

/** How long a session lasts at most, and how long one that nobody uses. */
export const SESSION_DAYS = 7;
export const IDLE_HOURS = 72;

/** The provider's name in addresses. */
export const SSO_PROVIDER = 'sso';
export const AUTH_PATH = '/api/v1/auth';

/** What cookies are called: locked to this host where browsers come by https. */
export const cookieNames = (secure: boolean) => {
  const prefix = secure ? '__Host-' : '';
  return { session: `${prefix}baton_session`, others: `${prefix}baton` };
};

/** True where browsers come by https. */
export const isSecure = (publicUrl: string | null): boolean => publicUrl?.startsWith('https:') === true;

/**
 * The sign-in library over our tables. No route of it is served as it is: operations of ours call it, so that each path has
 * our checks. Accounts are made by invitation alone; whoever is not active gets no session, whichever way they came.
 */
export const makeAuth = async (pool: Pool, settings: AuthSettings) => {
  const secure = isSecure(settings.publicUrl);
  const names = cookieNames(secure);
  const strict = { httpOnly: true, path: '/', secure, sameSite: 'strict' as const };
  const { sso, box } = settings;
  const oauth = sso === null ? null : await import('better-auth/plugins/generic-oauth');
  return betterAuth({
    appName: 'Baton',
    secret: (await serverSecret(pool, 'sign-in')).toString('hex'),
    ...(settings.publicUrl === null ? {} : { baseURL: settings.publicUrl }),
    basePath: AUTH_PATH,
    database: makeAuthAdapter(pool, box),
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
    },
    user: AUTH_TABLES.user,
    account: {
      ...AUTH_TABLES.account,
      // An address is an admin's word, so ours need no proof; the provider's does: it must say that it has verified it.
      accountLinking: { enabled: true, trustedProviders: [], requireLocalEmailVerified: false },
    },
    verification: { ...AUTH_TABLES.verification, storeIdentifier: 'hashed' },
    session: {
      ...AUTH_TABLES.session,
      expiresIn: SESSION_DAYS * 86_400,
      disableSessionRefresh: true,
      additionalFields: {
        signedInBy: { type: 'string', required: false, input: false, fieldName: 'signed_in_by' },
      },
    },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: names.others,
      defaultCookieAttributes: strict,
      cookies: {
        session_token: { name: names.session, attributes: strict },
        // The provider sends the browser back from another site: a strict cookie would not come along.
        state: { attributes: { ...strict, sameSite: 'lax' } },
        oauth_state: { attributes: { ...strict, sameSite: 'lax' } },
      },
      ipAddress: { disableIpTracking: true },
      disableOriginCheck: true,
      disableCSRFCheck: true,
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            const given = (session as { signedInBy?: string }).signedInBy;
            const { rows } = await pool.query<{ state: string }>('select state from account where id = $1', [
              session.userId,
            ]);
            const isSso = context?.path?.startsWith('/callback') === true;
            const state = rows[0]?.state;
            if (state !== 'active' && !(state === 'invited' && isSso)) return false;
            return { data: { ...session, signedInBy: given ?? (isSso ? 'sso' : 'password') } };
          },
          after: async (session, context) => {
            if (context?.path?.startsWith('/callback') !== true) return;
            await pool.query(
              `with active as (update account set state = 'active' where id = $1 and state = 'invited')
               insert into audit (by, action, subject) select email, 'signed-in', 'account:' || id from account where id = $1`,
              [session.userId],
            );
          },
        },
      },
    },
    plugins: [
      signInAs(),
      twoFactor({
        issuer: 'Baton',
        allowPasswordless: false,
        schema: TOTP_TABLES,
        // sealed by ourselves: the library finds its row again by what is stored there
        ...(box === null
          ? {}
          : {
              backupCodeOptions: {
                storeBackupCodes: {
                  encrypt: async (codes: string) => box.seal(codes, ABOUT_AUTHENTICATOR),
                  decrypt: async (stored: string) => box.open(stored, ABOUT_AUTHENTICATOR),
                },
              },
            }),
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 },
      }),
      ...(sso === null || oauth === null
        ? []
        : [
            oauth.genericOAuth({
              config: [
                {
                  providerId: SSO_PROVIDER,
                  discoveryUrl: `${sso.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
                  clientId: sso.clientId,
                  clientSecret: sso.clientSecret,
                  scopes: ['openid', 'email', 'profile'],
                  pkce: true,
                  disableSignUp: true,
                },
              ],
            }),
          ]),
    ],
  });
};
export type Auth = Awaited<ReturnType<typeof makeAuth>>;

/** Signs in whom another way of ours has recognised: a link, a passkey, an invitation. Not reachable from outside. */
const signInAs = () => ({
  id: 'baton-sign-in-as',
  endpoints: {
    signInAs: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ accountId: z.string(), by: z.enum(SIGNED_IN_BY) }) },
      async (ctx) => {
        const { accountId, by } = ctx.body;
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(accountId);
        const session =
          user === null ? null : await internalAdapter.createSession(accountId, false, { signedInBy: by });
        if (user === null || session === null) throw new APIError('UNAUTHORIZED');
        await setSessionCookie(ctx, { session, user });
        return { name: user.name };
      },
    ),
  },
});
