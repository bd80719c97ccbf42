import * as contract from '@baton/contract/myAccount.ts';
import type { FastifyInstance } from 'fastify';
import { setPassword } from '../../access/accountLinks.ts';
import { AccountRefused } from '../../access/accountRefused.ts';
import { auditAccount, readSignInState } from '../../access/accountState.ts';
import { cleanAddress } from '../../access/accounts.ts';
import { whyNotPassword } from '../../access/passwordRules.ts';
import { endSessions, listSessions, type Session } from '../../access/sessions.ts';
import { countAttempt } from '../../access/throttle.ts';
import { claimCode } from '../../access/usedCodes.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { type AccessDeps, readMeOf } from './accessRoutes.ts';
import { saying } from './accountRoutes.ts';
import { asking, headersOf, passCookies } from './authCalls.ts';
import { sessionOf } from './caller.ts';
import { implement } from './implement.ts';

/** Registers what people do with their own account: name, password, authenticator, sessions. */
export const registerMyAccountRoutes = (app: FastifyInstance, deps: AccessDeps): void => {
  const { auth, pool, sessions } = deps;
  const wrongPassword = () => new HttpProblem('invalid_credentials', 'The password is not right.', { at: 'password' });
  const wrongCode = () => new HttpProblem('invalid_credentials', 'The code is not right, or was used.', { at: 'code' });
  const hold = async (session: Session): Promise<void> => {
    const waitS = await countAttempt(pool, `own ${session.account.id}`);
    if (waitS > 0) throw new HttpProblem('rate_limited', 'Too many attempts; wait a little.', { retryAfterS: waitS });
  };
  const isPassword = async (accountId: string, password: string): Promise<boolean> => {
    const { rows } = await pool.query<{ password: string }>(
      `select password from account_login where account_id = $1 and provider = 'credential'`,
      [accountId],
    );
    const hash = rows[0]?.password;
    return hash !== undefined && (await (await auth.$context).password.verify({ hash, password }));
  };

  implement(app, deps, contract.changeMe, ({ body, caller }) =>
    saying(async () => {
      const { session } = sessionOf(caller);
      const { account } = session;
      // by an address one is found by invitations, providers and the team: it is an admin's to say, once
      if (body.email !== undefined && (account.email !== null || !account.roles.includes('admin')))
        throw new HttpProblem('forbidden', 'email: it is said once, by an admin.', { at: 'email' });
      const email = body.email === undefined ? null : cleanAddress(body.email);
      const done = await pool.query(
        `update account set name = coalesce($2, name), email = coalesce($3, email), updated_at = now_ms()
         where id = $1 and not exists (select 1 from account o where o.email = $3 and o.id <> $1)`,
        [account.id, body.name?.trim() || null, email],
      );
      if (done.rowCount === 0) throw new AccountRefused('address-taken', `${email} has an account already.`);
      await auditAccount(pool, email ?? account.handle, 'account-changed', account.id);
      sessions.forget();
      const again = await sessions.find(sessionOf(caller).token);
      return readMeOf(pool, again ?? session);
    }),
  );
  implement(app, deps, contract.setMyPassword, async ({ body, caller }) => {
    const { session } = sessionOf(caller);
    const { account } = session;
    await hold(session);
    const { hasPassword } = await readSignInState(pool, account.id);
    if (hasPassword && !(await isPassword(account.id, body.current ?? '')))
      throw new HttpProblem('invalid_credentials', 'The password that you have is not right.', { at: 'current' });
    const why = whyNotPassword(body.password, [account.email ?? '', account.name]);
    if (why !== null) throw new HttpProblem('invalid_field', `password: ${why}`, { at: 'password' });
    await setPassword(pool, account.id, await (await auth.$context).password.hash(body.password));
    await endSessions(pool, account.id, { allBut: session.id });
    await auditAccount(pool, session.person, 'password-set', account.id);
    sessions.forget();
  });

  implement(app, deps, contract.listMySessions, async ({ caller }) => {
    const { session } = sessionOf(caller);
    const rows = await listSessions(pool, session.account.id);
    return {
      rows: rows.map((row) => ({
        ...row,
        here: row.id === session.id,
        createdAt: iso(row.createdAt),
        seenAt: iso(row.seenAt),
        expiresAt: iso(row.expiresAt),
      })),
    };
  });
  implement(app, deps, contract.endMySession, async ({ params, caller }) => {
    const { session } = sessionOf(caller);
    if ((await endSessions(pool, session.account.id, { one: params.id })) === 0)
      throw new HttpProblem('not_found', 'You have no such session.');
    await auditAccount(pool, session.person, 'session-ended', session.account.id);
    sessions.forget();
  });
  implement(app, deps, contract.signOutEverywhere, async ({ caller }) => {
    const { session } = sessionOf(caller);
    const ended = await endSessions(pool, session.account.id, { allBut: session.id });
    await auditAccount(pool, session.person, 'signed-out-everywhere', session.account.id);
    sessions.forget();
    return { ended };
  });

  implement(app, deps, contract.beginTotp, async ({ body, caller, request }) => {
    const { session } = sessionOf(caller);
    await hold(session);
    const { twoFactor } = await readSignInState(pool, session.account.id);
    if (twoFactor) throw new HttpProblem('conflict', 'An authenticator is on already; turn it off first.');
    const begun = await asking(
      () => auth.api.enableTwoFactor({ body: { password: body.password }, headers: headersOf(request) }),
      wrongPassword,
    );
    if (begun.method !== 'totp') throw new Error('the second factor that was begun is no authenticator');
    return { uri: begun.totpURI, recoveryCodes: begun.backupCodes };
  });
  implement(app, deps, contract.confirmTotp, async ({ body, caller, request, reply }) => {
    const { session } = sessionOf(caller);
    await hold(session);
    if (!(await claimCode(pool, session.account.id, body.code))) throw wrongCode();
    const done = await asking(
      () => auth.api.verifyTOTP({ body: { code: body.code }, headers: headersOf(request), returnHeaders: true }),
      wrongCode,
    );
    passCookies(reply, done.headers);
    await auditAccount(pool, session.person, 'authenticator-added', session.account.id);
    sessions.forget();
  });
  implement(app, deps, contract.removeTotp, async ({ body, caller, request, reply }) => {
    const { session } = sessionOf(caller);
    await hold(session);
    const done = await asking(
      () =>
        auth.api.disableTwoFactor({
          body: { password: body.password },
          headers: headersOf(request),
          returnHeaders: true,
        }),
      wrongPassword,
    );
    passCookies(reply, done.headers);
    await auditAccount(pool, session.person, 'authenticator-removed', session.account.id);
    sessions.forget();
  });
};
