import { addMyPasskey, beginMyPasskey } from '@baton/contract/myAccount.ts';
import { beginPasskey, signInByPasskey as sendPasskey } from '@baton/contract/signIn.ts';
import { request } from '../api/request.ts';

/** True where the browser can make and use passkeys. */
export const knowsPasskeys = (): boolean =>
  typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';

/** Thrown where the person closed the browser's window, or it found no passkey. */
class NoPasskey extends Error {
  constructor(cause: unknown) {
    super('The browser gave no passkey: it was called off, or there is none for this address.', { cause });
    this.name = 'NoPasskey';
  }
}

/** Signs in by a passkey that the browser lets the person pick. */
export const signInByPasskey = async (): Promise<void> => {
  const options = await request(beginPasskey, {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = await asked(() => navigator.credentials.get({ publicKey }));
  await request(sendPasskey, { body: { ...credential.toJSON() } });
};

/** Makes a passkey in the browser and keeps it under a name. */
export const makePasskey = async (name: string): Promise<void> => {
  const options = await request(beginMyPasskey, {});
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const credential = await asked(() => navigator.credentials.create({ publicKey }));
  await request(addMyPasskey, { body: { name, credential: { ...credential.toJSON() } } });
};

const asked = async (ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> => {
  const credential = await ask().catch((cause: unknown) => {
    throw new NoPasskey(cause);
  });
  if (!(credential instanceof PublicKeyCredential)) throw new NoPasskey(null);
  return credential;
};
