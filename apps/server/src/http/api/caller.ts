import type { Access } from '@baton/contract/operation.ts';
import type { FastifyRequest } from 'fastify';
import type { FindKey, KeyHolder } from '../../access/keyRing.ts';
import type { Session, Sessions } from '../../access/signIn.ts';
import { HttpProblem } from '../httpProblem.ts';
import { keyOfRequest } from '../segment/keyOfRequest.ts';

/** Who asks: somebody signed in, the bearer of a key, or nobody. */
export type Caller =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'session'; readonly session: Session; readonly token: string }
  | { readonly kind: 'key'; readonly holder: KeyHolder };

/** The cookie that holds the token of who is signed in. */
export const SESSION_COOKIE = 'baton_session';

/** What a caller is called in audit and idempotency. */
export const callerName = (caller: Caller): string =>
  caller.kind === 'session' ? caller.session.person : caller.kind === 'key' ? `key:${caller.holder.keyId}` : 'nobody';

/** Finds out who asks. A key that is sent but wrong is nobody, even beside a good cookie. */
export const readCaller = async (request: FastifyRequest, findKey: FindKey, sessions: Sessions): Promise<Caller> => {
  if (request.headers.authorization !== undefined) {
    const key = keyOfRequest(request.headers.authorization);
    const holder = key === undefined ? null : await findKey(key);
    return holder === null ? { kind: 'nobody' } : { kind: 'key', holder };
  }
  const token = cookieOf(request.headers.cookie, SESSION_COOKIE);
  const session = token === undefined ? null : await sessions.find(token);
  return session === null || token === undefined ? { kind: 'nobody' } : { kind: 'session', session, token };
};

/**
 * Lets a caller through or says why not. Whoever comes with a cookie and changes something must come from our own pages:
 * browsers say so in Sec-Fetch-Site or Origin, and another site cannot say otherwise.
 * @throws HttpProblem `unauthorized`, `forbidden`, `cross_site`.
 */
export const admit = (request: FastifyRequest, caller: Caller, access: Access): void => {
  if (access === 'public') return;
  if (caller.kind === 'nobody') {
    throw new HttpProblem(
      'unauthorized',
      'Sign in by the link that `baton link` prints, or send a secret key as bearer.',
    );
  }
  if (caller.kind === 'session') {
    if ((access === 'keys:write' || access === 'webhooks:write') && caller.session.team !== 'admin') {
      throw new HttpProblem('forbidden', 'Keys, forms and webhooks are for admins.');
    }
    if (access === 'people:write' && caller.session.team === 'marketing') {
      throw new HttpProblem('forbidden', 'Reps, teams and territories are for sales and admins.');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request)) {
      throw new HttpProblem('cross_site', 'Only pages of Baton itself may act with a session.');
    }
    return;
  }
  if (access === 'session' || !caller.holder.scopes.has(access)) {
    throw new HttpProblem(
      'forbidden',
      access === 'session' ? 'This is for people who are signed in.' : `The key lacks the scope ${access}.`,
    );
  }
};

/** True where the browser says that our own page asks, or where no browser asks. */
export const isSameOrigin = (request: FastifyRequest): boolean => {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
};

/** The value of one cookie; undefined where it is absent. */
export const cookieOf = (header: string | undefined, name: string): string | undefined => {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
};
