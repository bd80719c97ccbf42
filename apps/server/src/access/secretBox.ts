import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Seals secrets that lie in the database, and opens them. */
export type SecretBox = {
  /** The text as it is stored. `about`: what it is for; it opens for nothing else. */
  readonly seal: (text: string, about: string) => string;
  /** The text again. One that was stored before there was a key is answered as it is. @throws SealedElsewhere */
  readonly open: (stored: string, about: string) => string;
  /** True for what only another key opens. Asks for the key where something is sealed. */
  readonly isForeign: (stored: string) => boolean;
};

/** A secret was sealed with a key that this process does not have, or was changed since. */
export class SealedElsewhere extends Error {
  override readonly name = 'SealedElsewhere';
}

const PREFIX = 'sealed:1:';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** True for a text that a box has sealed. */
export const isSealed = (stored: string): boolean => stored.startsWith(PREFIX);

const idOf = (key: Uint8Array): string =>
  createHash('sha256').update('key id\n').update(key).digest('hex').slice(0, 16);

/** AES-256-GCM under one key of 32 bytes, which is asked for when it is first needed. */
export const makeSecretBox = (readKey: () => Uint8Array): SecretBox => {
  let known: { readonly key: Uint8Array; readonly id: string } | null = null;
  const own = () => {
    if (known === null) {
      const key = readKey();
      known = { key, id: idOf(key) };
    }
    return known;
  };
  const isForeign = (stored: string): boolean => isSealed(stored) && partsOf(stored).id !== own().id;
  return {
    seal(text, about) {
      const { key, id } = own();
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${PREFIX}${id}:${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
    },
    open(stored, about) {
      if (!isSealed(stored)) return stored;
      if (isForeign(stored))
        throw new SealedElsewhere(
          'it is sealed with another key: bring secret.key or BATON_SECRET_KEY along, or rotate it',
        );
      const { bytes } = partsOf(stored);
      try {
        const decipher = createDecipheriv(CIPHER, own().key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(about))
          .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        );
      } catch (cause) {
        throw new SealedElsewhere('it was changed since it was sealed: rotate it', { cause });
      }
    },
    isForeign,
  };
};

const partsOf = (stored: string): { readonly id: string; readonly bytes: Buffer } => {
  const [id = '', sealed = ''] = stored.slice(PREFIX.length).split(':');
  return { id, bytes: Buffer.from(sealed, 'base64url') };
};
