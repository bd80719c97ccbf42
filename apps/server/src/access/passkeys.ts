import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Pool } from 'pg';
import type { Account } from './account.ts';
import { claimProof, makeProof } from './proofs.ts';

/** Brought in when somebody first uses a passkey: it costs a start a tenth of a second. */
const verifier = () => import('@simplewebauthn/server');

/** Where the browser is: its page's origin and, of that, the host that a passkey is bound to. */
export type Place = { readonly origin: string; readonly host: string };

/** A passkey as its owner sees it. */
export type PasskeyShown = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly backedUp: boolean;
};

/** Ed25519, ES256 and RS256, by their COSE numbers: what authenticators make. */
const ALGORITHMS = [-8, -7, -257];
const SHOWN = `id, name, created_at as "createdAt", last_used_at as "lastUsedAt", backed_up as "backedUp"`;

/** The passkeys of an account, the oldest first. */
export const listPasskeys = async (pool: Pool, accountId: string): Promise<readonly PasskeyShown[]> =>
  (
    await pool.query<PasskeyShown>(
      `select ${SHOWN} from account_passkey where account_id = $1 order by created_at, id limit 100`,
      [accountId],
    )
  ).rows;

/** What a browser needs to make a passkey for an account: one that it can find by itself, and that asks for its person. */
export const beginNewPasskey = async (pool: Pool, account: Account, place: Place) => {
  const known = await listPasskeys(pool, account.id);
  const { generateRegistrationOptions } = await verifier();
  const options = await generateRegistrationOptions({
    rpName: 'Baton',
    rpID: place.host,
    userName: account.handle,
    userDisplayName: account.name,
    userID: new TextEncoder().encode(account.id),
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await makeProof(pool, `passkey-new ${account.id} ${options.challenge}`);
  return options;
};

/** Keeps the passkey that a browser made. Null: what it says is not what was asked for. */
export const addPasskey = async (
  pool: Pool,
  account: Account,
  place: Place,
  given: { readonly name: string; readonly credential: RegistrationResponseJSON },
): Promise<PasskeyShown | null> => {
  const { verifyRegistrationResponse } = await verifier();
  const checked = await verifyRegistrationResponse({
    response: given.credential,
    expectedChallenge: (challenge) => claimProof(pool, `passkey-new ${account.id} ${challenge}`),
    expectedOrigin: place.origin,
    expectedRPID: place.host,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => null);
  if (checked?.verified !== true) return null;
  const { credential, credentialBackedUp } = checked.registrationInfo;
  const { rows } = await pool.query<PasskeyShown>(
    `insert into account_passkey (id, account_id, name, public_key, counter, transports, backed_up)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing returning ${SHOWN}`,
    [
      credential.id,
      account.id,
      given.name,
      Buffer.from(credential.publicKey),
      credential.counter,
      (credential.transports ?? []).join(' '),
      credentialBackedUp,
    ],
  );
  return rows[0] ?? null;
};

/** Forgets a passkey of an account. False where it has none of this id. */
export const removePasskey = async (pool: Pool, accountId: string, id: string): Promise<boolean> => {
  const done = await pool.query('delete from account_passkey where account_id = $1 and id = $2', [accountId, id]);
  return (done.rowCount ?? 0) > 0;
};

/** What a browser needs to sign in by whichever passkey its person picks. */
export const beginPasskey = async (pool: Pool, place: Place) => {
  const { generateAuthenticationOptions } = await verifier();
  const options = await generateAuthenticationOptions({ rpID: place.host, userVerification: 'required' });
  await makeProof(pool, `passkey ${options.challenge}`);
  return options;
};

/** The account that a passkey proves. Null: it is none of ours, or does not prove it here and now. */
export const checkPasskey = async (
  pool: Pool,
  place: Place,
  response: AuthenticationResponseJSON,
): Promise<string | null> => {
  const { rows } = await pool.query<{ account_id: string; public_key: Buffer; counter: number }>(
    'select account_id, public_key, counter from account_passkey where id = $1',
    [response.id],
  );
  const known = rows[0];
  if (known === undefined) return null;
  const { verifyAuthenticationResponse } = await verifier();
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => claimProof(pool, `passkey ${challenge}`),
    expectedOrigin: place.origin,
    expectedRPID: place.host,
    credential: { id: response.id, publicKey: new Uint8Array(known.public_key), counter: known.counter },
    requireUserVerification: true,
  }).catch(() => null);
  if (checked?.verified !== true) return null;
  await pool.query('update account_passkey set counter = $2, last_used_at = now_ms() where id = $1', [
    response.id,
    checked.authenticationInfo.newCounter,
  ]);
  return known.account_id;
};
