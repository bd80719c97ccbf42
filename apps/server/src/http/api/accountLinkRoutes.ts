import { acceptInvitation, forgotPassword, readInvitation, resetPassword } from '@baton/contract/signIn.ts';
import type { FastifyInstance } from 'fastify';
import {
  type AccountLinkKind,
  accountLinkAddress,
  readAccountLink,
  useAccountLink,
} from '../../access/accountLinks.ts';
import { AccountRefused } from '../../access/accountRefused.ts';
import { findAccount, resetAccount } from '../../access/accounts.ts';
import { whyNotPassword } from '../../access/passwordRules.ts';
import { countAttempt } from '../../access/throttle.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import type { AccessDeps, Door } from './accessRoutes.ts';
import type { AccountDeps } from './accountRoutes.ts';
import { implement } from './implement.ts';
import { placeOf } from './placeOf.ts';

/** Registers what invitations and links for a new password do. */
export const registerAccountLinkRoutes = (app: FastifyInstance, deps: AccessDeps & AccountDeps, door: Door): void => {
  const { auth, pool, sessions } = deps;
  const shown = async (token: string, kind: AccountLinkKind | null) => {
    const found = await readAccountLink(pool, token);
    if (found === null || (kind !== null && found.kind !== kind))
      throw new HttpProblem('invalid_link', 'This link was used or has expired. Ask an admin for a new one.');
    return found;
  };
  const hashFor = async (password: string, own: readonly string[]): Promise<string> => {
    const why = whyNotPassword(password, own);
    if (why !== null) throw new HttpProblem('invalid_field', `password: ${why}`, { at: 'password' });
    return (await auth.$context).password.hash(password);
  };

  implement(app, deps, readInvitation, async ({ body, request }) => {
    const { kind, name, email, roles, madeBy, expiresAt } = await door.knock(request, () => shown(body.token, null));
    const invitedBy = kind === 'invitation' ? madeBy : null;
    return { kind, name, email, roles: [...roles], invitedBy, expiresAt: iso(expiresAt) };
  });
  implement(app, deps, acceptInvitation, async ({ body, request, reply }) => {
    const found = await door.knock(request, () => shown(body.token, 'invitation'));
    if (body.email !== undefined && body.email.trim().toLowerCase() !== found.email)
      throw new HttpProblem('forbidden', 'This invitation is for another address.', { at: 'email' });
    const passwordHash = await hashFor(body.password, [found.email, body.name ?? found.name]);
    const name = body.name === undefined ? {} : { name: body.name };
    const used = await useAccountLink(pool, body.token, 'invitation', { passwordHash, ...name });
    if (used === null) throw new HttpProblem('invalid_link', 'This link was used already.');
    return door.letIn(request, reply, used.accountId, 'password');
  });
  implement(app, deps, forgotPassword, async ({ body, request }) => {
    door.begin(request);
    const send = deps.sendLink;
    if (send === null)
      throw new HttpProblem('not_configured', 'E-mail is not set up here. Ask an admin for a link for a new password.');
    const waitS = await countAttempt(pool, `reset ${body.email}`);
    if (waitS > 0) throw new HttpProblem('rate_limited', 'Too many requests for this address.', { retryAfterS: waitS });
    const { origin } = placeOf(request, deps.publicUrl);
    // Not waited for: an account that is none must not be told by the time that an answer takes.
    mailReset(body.email, origin).catch(() => undefined);
    async function mailReset(email: string, to: string): Promise<void> {
      const known = await findAccount(pool, email).catch((error: unknown) => {
        if (error instanceof AccountRefused) return null;
        throw error;
      });
      if (known === null || known.email === null || known.state !== 'active') return;
      const { account, link } = await resetAccount(pool, known.id, known.email);
      await send?.('reset', { name: account.name, address: known.email }, accountLinkAddress(to, link));
    }
  });
  implement(app, deps, resetPassword, async ({ body, request }) => {
    const found = await door.knock(request, () => shown(body.token, 'reset'));
    const passwordHash = await hashFor(body.password, [found.email, found.name]);
    if ((await useAccountLink(pool, body.token, 'reset', { passwordHash })) === null)
      throw new HttpProblem('invalid_link', 'This link was used already.');
    sessions.forget();
  });
};
