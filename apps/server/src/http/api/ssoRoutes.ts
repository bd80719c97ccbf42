import { beginSso, listSignInWays } from '@baton/contract/signIn.ts';
import type { FastifyInstance } from 'fastify';
import { AUTH_PATH, SSO_PROVIDER, type SsoSettings } from '../../access/auth.ts';
import { HttpProblem } from '../httpProblem.ts';
import type { AccessDeps, Door } from './accessRoutes.ts';
import type { AccountDeps } from './accountRoutes.ts';
import { headersOf, passCookies } from './authCalls.ts';
import { implement } from './implement.ts';
import { placeOf } from './placeOf.ts';

const CALLBACK = `${AUTH_PATH}/callback/${SSO_PROVIDER}`;
const pageTo = (path: string): string =>
  `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${path}"><title>Baton</title><p><a href="${path}">Baton</a>`;

/** Registers by which ways one can sign in, and single sign-on: where to send the browser, and its way back. */
export const registerSsoRoutes = (
  app: FastifyInstance,
  deps: AccessDeps & AccountDeps & { readonly sso: SsoSettings | null },
  door: Door,
): void => {
  const { auth, publicUrl, sso } = deps;
  implement(app, deps, listSignInWays, async () => ({ sso: sso?.name ?? null, mail: deps.sendLink !== null }));
  implement(app, deps, beginSso, async ({ request, reply }) => {
    door.begin(request);
    if (sso === null) throw new HttpProblem('not_configured', 'Single sign-on is not set up here.');
    const { origin } = placeOf(request, publicUrl);
    const headers = headersOf(request);
    headers.set('content-type', 'application/json');
    const asked = await auth.handler(
      new Request(`${origin}${AUTH_PATH}/sign-in/social`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          provider: SSO_PROVIDER,
          callbackURL: `${origin}/`,
          errorCallbackURL: `${origin}/sign-in`,
          disableRedirect: true,
        }),
      }),
    );
    const { url } = (await asked.json().catch(() => ({}))) as { url?: string };
    if (!asked.ok || url === undefined)
      throw new HttpProblem('unavailable', `${sso.name} did not answer. Sign in another way, or try again.`);
    passCookies(reply, asked.headers);
    return { url };
  });
  app.get(CALLBACK, async (request, reply) => {
    door.begin(request);
    const { origin } = placeOf(request, publicUrl);
    const query = request.url.split('?')[1] ?? '';
    const came = await auth.handler(new Request(`${origin}${CALLBACK}?${query}`, { headers: headersOf(request) }));
    passCookies(reply, came.headers);
    const isIn = came.headers.getSetCookie().some((cookie) => cookie.startsWith(`${deps.sessions.cookieName}=`));
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    return reply.send(pageTo(isIn ? '/' : '/sign-in?refused=sso'));
  });
};
