import { addMyPasskey, beginMyPasskey, listMyPasskeys, removeMyPasskey } from '@baton/contract/myAccount.ts';
import { beginPasskey, signInByPasskey } from '@baton/contract/signIn.ts';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyInstance } from 'fastify';
import { auditAccount } from '../../access/accountState.ts';
import * as passkeys from '../../access/passkeys.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import type { AccessDeps, Door } from './accessRoutes.ts';
import { wrongCredentials } from './authCalls.ts';
import { sessionOf } from './caller.ts';
import { implement } from './implement.ts';
import { placeOf } from './placeOf.ts';

/** Registers signing in by passkey, and one's own passkeys. */
export const registerPasskeyRoutes = (app: FastifyInstance, deps: AccessDeps, door: Door): void => {
  const { pool, publicUrl } = deps;
  implement(app, deps, beginPasskey, async ({ request }) => {
    door.begin(request);
    return { ...(await passkeys.beginPasskey(pool, placeOf(request, publicUrl))) };
  });
  implement(app, deps, signInByPasskey, async ({ body, request, reply }) => {
    const given = body as unknown as AuthenticationResponseJSON;
    return door.knock(request, async () => {
      const accountId = await passkeys.checkPasskey(pool, placeOf(request, publicUrl), given);
      if (accountId === null) throw wrongCredentials();
      const done = await door.letIn(request, reply, accountId, 'passkey');
      await auditAccount(pool, 'passkey', 'signed-in', accountId);
      return done;
    });
  });

  implement(app, deps, listMyPasskeys, async ({ caller }) => ({
    rows: (await passkeys.listPasskeys(pool, sessionOf(caller).session.account.id)).map(toRow),
  }));
  implement(app, deps, beginMyPasskey, async ({ caller, request }) => ({
    ...(await passkeys.beginNewPasskey(pool, sessionOf(caller).session.account, placeOf(request, publicUrl))),
  }));
  implement(app, deps, addMyPasskey, async ({ body, caller, request }) => {
    const { session } = sessionOf(caller);
    const credential = body.credential as unknown as RegistrationResponseJSON;
    const added = await passkeys.addPasskey(pool, session.account, placeOf(request, publicUrl), {
      name: body.name,
      credential,
    });
    if (added === null)
      throw new HttpProblem('invalid_credentials', 'This passkey is not the one that was asked for. Try once more.');
    await auditAccount(pool, session.person, 'passkey-added', session.account.id);
    return toRow(added);
  });
  implement(app, deps, removeMyPasskey, async ({ params, caller }) => {
    const { session } = sessionOf(caller);
    if (!(await passkeys.removePasskey(pool, session.account.id, params.id)))
      throw new HttpProblem('not_found', 'You have no such passkey.');
    await auditAccount(pool, session.person, 'passkey-removed', session.account.id);
  });
};

const toRow = (passkey: passkeys.PasskeyShown) => ({
  ...passkey,
  createdAt: iso(passkey.createdAt),
  lastUsedAt: passkey.lastUsedAt === null ? null : iso(passkey.lastUsedAt),
});
