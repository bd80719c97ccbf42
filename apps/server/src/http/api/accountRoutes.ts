import * as contract from '@baton/contract/accounts.ts';
import type { ErrorCode } from '@baton/contract/errorCodes.ts';
import type { FastifyInstance } from 'fastify';
import { type AccountLinkMade, accountLinkAddress } from '../../access/accountLinks.ts';
import type { SendAccountLink } from '../../access/accountMail.ts';
import { type AccountRefusal, AccountRefused } from '../../access/accountRefused.ts';
import * as accounts from '../../access/accounts.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { callerName } from './caller.ts';
import { type ApiDeps, implement } from './implement.ts';
import { placeOf } from './placeOf.ts';

/** What accounts need beside the rest. `sendLink` null: e-mail is not set up. */
export type AccountDeps = ApiDeps & {
  readonly publicUrl: string | null;
  readonly sendLink: SendAccountLink | null;
};

/** Registers what admins do with accounts. */
export const registerAccountRoutes = (app: FastifyInstance, deps: AccountDeps): void => {
  const { pool, sessions } = deps;
  const handOver = async (
    { account, link }: { readonly account: accounts.AccountShown; readonly link: AccountLinkMade },
    origin: string,
  ): Promise<contract.AccountLink> => {
    const address = accountLinkAddress(origin, link);
    const { email, name } = account;
    const mailed =
      deps.sendLink !== null && email !== null && (await deps.sendLink(link.kind, { name, address: email }, address));
    return { account: toRow(account), address: mailed ? null : address, mailed, expiresAt: iso(link.expiresAt) };
  };

  implement(app, deps, contract.listAccounts, async () => ({
    rows: (await accounts.listAccounts(pool)).map(toRow),
  }));
  implement(app, deps, contract.inviteAccount, ({ body, caller, request }) =>
    saying(async () => {
      const { email, roles, name, repId } = body;
      const invited = await accounts.inviteAccount(pool, {
        email,
        roles,
        by: callerName(caller),
        ...(name === undefined ? {} : { name }),
        ...(repId === undefined ? {} : { repId }),
      });
      return handOver(invited, placeOf(request, deps.publicUrl).origin);
    }),
  );
  implement(app, deps, contract.changeAccount, ({ params, body, caller }) =>
    saying(async () => {
      const { roles, name, repId } = body;
      const changed = await accounts.changeAccount(
        pool,
        params.id,
        {
          ...(roles === undefined ? {} : { roles }),
          ...(name === undefined ? {} : { name }),
          ...(repId === undefined ? {} : { repId }),
        },
        callerName(caller),
      );
      sessions.forget();
      return toRow(changed);
    }),
  );
  implement(app, deps, contract.deactivateAccount, ({ params, caller }) =>
    saying(async () => {
      const changed = await accounts.deactivateAccount(pool, params.id, callerName(caller));
      sessions.forget();
      return toRow(changed);
    }),
  );
  implement(app, deps, contract.activateAccount, ({ params, caller }) =>
    saying(async () => toRow(await accounts.activateAccount(pool, params.id, callerName(caller)))),
  );
  implement(app, deps, contract.resetAccount, ({ params, body, caller, request }) =>
    saying(async () => {
      const reset = await accounts.resetAccount(pool, params.id, callerName(caller), body?.secondFactor === true);
      return handOver(reset, placeOf(request, deps.publicUrl).origin);
    }),
  );
};

const ANSWERS: { readonly [refusal in AccountRefusal]: ErrorCode } = {
  'account-unknown': 'not_found',
  'address-taken': 'conflict',
  'address-invalid': 'invalid_email',
  'last-admin': 'conflict',
  'rep-unknown': 'invalid_field',
  'rep-taken': 'conflict',
  'not-deactivated': 'conflict',
  'not-active': 'conflict',
};

/** Runs `work`; what accounts refuse is answered as the API says it. */
export const saying = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccountRefused) throw new HttpProblem(ANSWERS[error.code], error.message);
    throw error;
  }
};

const toRow = (account: accounts.AccountShown): contract.AccountRow => ({
  ...account,
  roles: [...account.roles],
  lastSeenAt: account.lastSeenAt === null ? null : iso(account.lastSeenAt),
  createdAt: iso(account.createdAt),
});
