import { logout, type Me, readMe } from '@baton/contract/me.ts';
import { login, type SignedIn, verifyCode } from '@baton/contract/signIn.ts';
import { permissionsOf, seesOf } from '@baton/domain/access/roles.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { auditAccount, readSignInState } from '../../access/accountState.ts';
import { type Auth, cookieNames, isSecure, SESSION_DAYS, type SignedInBy } from '../../access/auth.ts';
import { PASSWORD_MAX } from '../../access/passwordRules.ts';
import type { Session } from '../../access/sessions.ts';
import { useSignInLink } from '../../access/signIn.ts';
import { countAttempt } from '../../access/throttle.ts';
import { claimCode } from '../../access/usedCodes.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { makeRateLimit, senderOf } from '../rateLimit.ts';
import { asking, headersOf, passCookies, wrongCredentials } from './authCalls.ts';
import { cookieOf, isSameOrigin, sessionOf } from './caller.ts';
import { type ApiDeps, implement } from './implement.ts';

/** What signing in needs beside the rest. */
export type AccessDeps = ApiDeps & {
  readonly auth: Auth;
  readonly publicUrl: string | null;
  readonly now: () => number;
};

/** How one sender is held back, and how somebody whom another way has recognised is signed in. */
export type Door = {
  /**
   * Runs an attempt to get in. Those that fail count: so many of one sender in a minute, and it has to wait.
   * @throws HttpProblem `rate_limited`
   */
  readonly knock: <T>(request: FastifyRequest, attempt: () => Promise<T>) => Promise<T>;
  /** Holds back whoever begins more than anybody would. @throws HttpProblem `rate_limited` */
  readonly begin: (request: FastifyRequest) => void;
  readonly letIn: (
    request: FastifyRequest,
    reply: FastifyReply,
    accountId: string,
    by: SignedInBy,
  ) => Promise<SignedIn>;
};

const LOGINS_A_MINUTE = 20;
const BEGINNINGS_A_MINUTE = 120;
const DAY_MS = 86_400_000;
const LINK_PATH = '/?key=';
const TO_THE_PAGE =
  '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Baton</title><p><a href="/">Baton</a>';

/** Registers signing in and out and who am I; and `/?key=...`, the one-time link that the terminal prints. */
export const registerAccessRoutes = (app: FastifyInstance, deps: AccessDeps): Door => {
  const { auth, pool, now } = deps;
  const attempts = makeRateLimit(LOGINS_A_MINUTE, LOGINS_A_MINUTE, now);
  const secondFactorCookie = `${cookieNames(isSecure(deps.publicUrl)).others}.two_factor`;
  const knock: Door['knock'] = async (request, attempt) => {
    // a page of another site signs nobody in as somebody else; a link in a mail is followed from anywhere
    if (request.method !== 'GET' && !isSameOrigin(request))
      throw new HttpProblem('cross_site', 'Only pages of Baton itself may sign people in.');
    const sender = senderOf(request.ip);
    const waitS = attempts(sender);
    if (waitS > 0) throw tooMany(waitS);
    const done = await attempt();
    attempts.giveBack(sender);
    return done;
  };
  const beginnings = makeRateLimit(BEGINNINGS_A_MINUTE, BEGINNINGS_A_MINUTE, now);
  const begin = (request: FastifyRequest): void => {
    const waitS = beginnings(senderOf(request.ip));
    if (waitS > 0) throw tooMany(waitS);
  };
  const signedIn = (name: string): SignedIn => ({
    state: 'signed-in',
    name,
    expiresAt: iso(now() + SESSION_DAYS * DAY_MS),
  });
  const letIn: Door['letIn'] = async (request, reply, accountId, by) => {
    const made = await asking(() =>
      auth.api.signInAs({ body: { accountId, by }, headers: headersOf(request), returnHeaders: true }),
    );
    passCookies(reply, made.headers);
    return signedIn(made.response.name);
  };

  const byLink = async (request: FastifyRequest, reply: FastifyReply, token: string): Promise<SignedIn> => {
    const accountId = await useSignInLink(pool, token);
    if (accountId === null) throw new HttpProblem('invalid_link', 'Print a new link with `baton link`.');
    return letIn(request, reply, accountId, 'link');
  };

  const byPassword = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { email, password }: { readonly email: string; readonly password: string },
  ): Promise<SignedIn> => {
    const waitS = await countAttempt(pool, `account ${email}`);
    if (waitS > 0) throw tooMany(waitS);
    if (password.length > PASSWORD_MAX || email.length > 320) throw wrongCredentials();
    const { headers, response } = await asking(async () => {
      try {
        return await auth.api.signInEmail({
          body: { email, password },
          headers: headersOf(request),
          returnHeaders: true,
        });
      } catch (error) {
        noteFailure(email);
        throw error;
      }
    });
    passCookies(reply, headers);
    if ('twoFactorRedirect' in response) return { state: 'second-factor' };
    await auditAccount(pool, email, 'signed-in', response.user.id);
    return signedIn(response.user.name);
  };
  /** Not waited for: an account that is none must not be told by the time that an answer takes. */
  const noteFailure = (email: string): void => {
    pool
      .query(
        `insert into audit (by, action, subject) select 'somebody', 'sign-in-failed', 'account:' || id from account where email = lower($1)`,
        [email],
      )
      .catch(() => undefined);
  };

  implement(app, deps, login, async ({ body, request, reply }) => {
    const { email, password } = body ?? {};
    return knock(request, () =>
      email === undefined || password === undefined
        ? byLink(request, reply, body?.key ?? '')
        : byPassword(request, reply, { email, password }),
    );
  });
  const byCode = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { code, recoveryCode }: { readonly code?: string | undefined; readonly recoveryCode?: string | undefined },
  ): Promise<SignedIn> => {
    const given = code ?? recoveryCode;
    if (given === undefined) throw new HttpProblem('invalid_field', 'Send a code or a recoveryCode.', { at: 'code' });
    const challenge =
      decodeURIComponent(cookieOf(request.headers.cookie, secondFactorCookie) ?? '').split('.')[0] ?? '';
    const { internalAdapter } = await auth.$context;
    const pending = challenge === '' ? null : await internalAdapter.findVerificationValue(challenge);
    if (pending === null || !(await claimCode(pool, pending.value, given))) throw wrongCredentials();
    const headers = headersOf(request);
    const done = await asking(() =>
      code === undefined
        ? auth.api.verifyBackupCode({ body: { code: given }, headers, returnHeaders: true })
        : auth.api.verifyTOTP({ body: { code: given }, headers, returnHeaders: true }),
    );
    passCookies(reply, done.headers);
    await auditAccount(pool, done.response.user.email, 'signed-in', done.response.user.id);
    return signedIn(done.response.user.name);
  };
  implement(app, deps, verifyCode, ({ body, request, reply }) => knock(request, () => byCode(request, reply, body)));
  implement(app, deps, logout, async ({ caller, request, reply }) => {
    if (caller.kind === 'session') await deps.sessions.end(caller.token);
    const { headers } = await auth.api.signOut({ headers: headersOf(request), returnHeaders: true });
    passCookies(reply, headers);
  });
  implement(app, deps, readMe, ({ caller }) => readMeOf(pool, sessionOf(caller).session));

  // The link is followed by a page of ours and not by a redirect: a cookie with SameSite=Strict, set on the way from
  // somewhere else, would not be sent with the redirected request.
  const openLink = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      await knock(request, () => byLink(request, reply, request.url.slice(LINK_PATH.length)));
    } catch (error) {
      // In a browser the page behind the link says more than a problem document: whoever has a session already is let
      // through, whoever has none is told how to get one.
      const isSpent = error instanceof HttpProblem && error.code === 'invalid_link';
      if (!isSpent || request.headers.accept?.includes('text/html') !== true) throw error;
      reply.status(401);
    }
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(TO_THE_PAGE);
  };
  // Not an async hook: it stands in the way of every event.
  app.addHook('preHandler', (request, reply, done) => {
    if (request.method === 'GET' && request.url.startsWith(LINK_PATH)) openLink(request, reply).catch(done);
    else done();
  });
  return { knock, begin, letIn };
};

const tooMany = (retryAfterS: number): HttpProblem =>
  new HttpProblem('rate_limited', 'Too many attempts to sign in; wait a little.', { retryAfterS });

/** Who a session's person is and what they may do. */
export const readMeOf = async (pool: Pool, { account, signedInBy, expiresAt }: Session): Promise<Me> => {
  const { hasPassword, twoFactor } = await readSignInState(pool, account.id);
  const { id, name, email, repId } = account;
  return {
    id,
    name,
    email,
    repId,
    roles: [...account.roles],
    permissions: [...permissionsOf(account.roles)],
    sees: seesOf(account.roles),
    signedInBy,
    hasPassword,
    twoFactor,
    expiresAt: iso(expiresAt),
  };
};
