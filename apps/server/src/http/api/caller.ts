import type { Operation } from '@baton/contract/operation.ts';
import { mayDo, PERMISSIONS, type Permission } from '@baton/domain/access/roles.ts';
import type { FastifyRequest } from 'fastify';
import type { FindKey, KeyHolder } from '../../access/keyRing.ts';
import type { Session, Sessions } from '../../access/sessions.ts';
import { HttpProblem } from '../httpProblem.ts';
import { keyOfRequest } from '../segment/keyOfRequest.ts';

/** What somebody is told who lacks a permission. */
export const sayMayNot = (permission: Permission): string =>
  `Your roles may not ${PERMISSIONS[permission].say}. An admin can change them.`;

/** Who asks: somebody signed in, the bearer of a key, or nobody. */
export type Caller =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'session'; readonly session: Session; readonly token: string }
  | { readonly kind: 'key'; readonly holder: KeyHolder };

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
  const token = cookieOf(request.headers.cookie, sessions.cookieName);
  const session = token === undefined ? null : await sessions.find(token);
  return session === null || token === undefined ? { kind: 'nobody' } : { kind: 'session', session, token };
};

/** What an operation needs of who asks. */
export type Needs = Pick<Operation, 'access' | 'permission'>;

/** A header that no form and no other site can send without being asked for leave, which nobody gets. */
export const OWN_PAGE_HEADER = 'x-baton';

/**
 * Lets a caller through or says why not: a key by its scopes, a person by the table of roles. Whoever comes with a cookie
 * and changes something must come from our own pages: browsers say so in Sec-Fetch-Site or Origin, and another site can
 * neither say otherwise nor send our header.
 * @throws HttpProblem `unauthorized`, `forbidden`, `cross_site`.
 */
export const admit = (request: FastifyRequest, caller: Caller, { access, permission }: Needs): void => {
  if (access === 'public') return;
  if (caller.kind === 'nobody') throw new HttpProblem('unauthorized', 'Sign in, or send a secret key as bearer.');
  if (caller.kind === 'session') {
    if (permission === 'key')
      throw new HttpProblem('forbidden', 'This is for programs with a key, so that it has a source.');
    if (permission !== 'signed-in' && permission !== 'anybody' && !mayDo(caller.session.account.roles, permission)) {
      throw new HttpProblem('forbidden', sayMayNot(permission), { at: permission });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isFromOwnPage(request)) {
      throw new HttpProblem(
        'cross_site',
        `Only pages of Baton itself may act with a session; they send ${OWN_PAGE_HEADER}: 1.`,
      );
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

/** True where both the browser and our header say that our own page asks. */
export const isFromOwnPage = (request: FastifyRequest): boolean =>
  request.headers[OWN_PAGE_HEADER] === '1' && isSameOrigin(request);

/** True where the browser says that our own page asks, or where no browser asks. */
export const isSameOrigin = (request: FastifyRequest): boolean => {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
};

/** The caller as somebody signed in. @throws HttpProblem `forbidden` for a key. */
export const sessionOf = (caller: Caller): Extract<Caller, { kind: 'session' }> => {
  if (caller.kind !== 'session') throw new HttpProblem('forbidden', 'This is for people who are signed in.');
  return caller;
};

/** The value of one cookie; undefined where it is absent. */
export const cookieOf = (header: string | undefined, name: string): string | undefined => {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
};
