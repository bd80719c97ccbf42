import { createKey, listKeys, login, logout, readMe, revokeKey } from '@baton/contract/access.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as keys from '../../access/keys.ts';
import { exchangeSignInLink, type Session } from '../../access/signIn.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { makeRateLimit, senderOf } from '../rateLimit.ts';
import { type Caller, callerName, SESSION_COOKIE } from './caller.ts';
import { type ApiDeps, implement } from './implement.ts';

/** What signing in needs beside the rest. */
export type AccessDeps = ApiDeps & {
  readonly now: () => number;
  /** True where browsers reach us by https only. */
  readonly secure: boolean;
};

const LOGINS_A_MINUTE = 20;
const LINK_PATH = '/?key=';
const TO_THE_PAGE =
  '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Baton</title><p><a href="/">Baton</a>';

/** Registers signing in and out, who am I, and keys; and `/?key=...`, the one-time link that the terminal prints. */
export const registerAccessRoutes = (app: FastifyInstance, deps: AccessDeps): void => {
  const logins = makeRateLimit(LOGINS_A_MINUTE, LOGINS_A_MINUTE, deps.now);
  const signIn = async (ip: string, token: string, reply: FastifyReply): Promise<Session> => {
    const waitS = logins(senderOf(ip));
    if (waitS > 0) throw new HttpProblem('rate_limited', 'Too many attempts to sign in.', { retryAfterS: waitS });
    const opened = await exchangeSignInLink(deps.pool, token);
    if (opened === null) throw new HttpProblem('invalid_link', 'Print a new link with `baton link`.');
    reply.header('set-cookie', cookie(opened.token, opened.session.expiresAt, deps));
    return opened.session;
  };

  implement(app, deps, login, async ({ body, request, reply }) => {
    const session = await signIn(request.ip, body?.key ?? '', reply);
    return { name: session.person, expiresAt: iso(session.expiresAt) };
  });
  implement(app, deps, logout, async ({ caller, reply }) => {
    if (caller.kind === 'session') await deps.sessions.end(caller.token);
    reply.header('set-cookie', cookie('', 0, deps));
  });
  implement(app, deps, readMe, async ({ caller }) => {
    const { session } = sessionOf(caller);
    return { name: session.person, role: session.team, expiresAt: iso(session.expiresAt) };
  });
  implement(app, deps, listKeys, async () => ({ rows: (await keys.listKeys(deps.pool)).map(keyRow) }));
  implement(app, deps, createKey, async ({ body, caller }) => {
    const { name, kind, scopes } = body;
    const made = await keys.createKey(deps.pool, {
      name,
      kind,
      by: callerName(caller),
      ...(scopes === undefined ? {} : { scopes }),
    });
    return { key: made.key, row: keyRow(made.row) };
  });
  implement(app, deps, revokeKey, async ({ params, caller }) => {
    if (!(await keys.revokeKey(deps.pool, params.id, callerName(caller)))) {
      throw new HttpProblem('not_found', 'There is no such key, or it was revoked before.');
    }
  });

  // The link is followed by a page of ours and not by a redirect: a cookie with SameSite=Strict, set on the way from
  // somewhere else, would not be sent with the redirected request.
  const openLink = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      await signIn(request.ip, request.url.slice(LINK_PATH.length), reply);
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
};

const sessionOf = (caller: Caller): Extract<Caller, { kind: 'session' }> => {
  if (caller.kind !== 'session') throw new HttpProblem('forbidden', 'This is for people who are signed in.');
  return caller;
};

const cookie = (token: string, expiresAt: number, deps: AccessDeps): string => {
  const seconds = Math.max(0, Math.floor((expiresAt - deps.now()) / 1000));
  return `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${deps.secure ? '; Secure' : ''}`;
};

const keyRow = (row: keys.KeyRow) => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  scopes: [...row.scopes],
  prefix: row.prefix,
  createdAt: iso(row.createdAt),
  lastUsedAt: row.lastUsedAt === null ? null : iso(row.lastUsedAt),
  revokedAt: row.revokedAt === null ? null : iso(row.revokedAt),
});
