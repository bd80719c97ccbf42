import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../database/refusal.ts';
import { makeSecretBox, type SecretBox } from './secretBox.ts';

/** The file in the data directory whose content seals what is secret in the database. */
export const KEY_FILE = 'secret.key';

const KEY_BYTES = 32;

/** Reads a key as people write it: 64 hex digits, or base64 of 32 bytes; null where it is neither. */
export const parseSecretKey = (text: string): Buffer | null => {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  return key.length === KEY_BYTES ? key : null;
};

/** A box under the configured key; without one under that of the data directory, which is made when it is first needed. */
export const openSecretBox = (choice: { readonly key: Uint8Array | null; readonly dataDir: string }): SecretBox =>
  makeSecretBox(() => choice.key ?? readKeyFile(choice.dataDir));

/**
 * The key of a data directory, made on first use and readable by its owner alone (mode 0600). Processes that make it at
 * once agree on one. @throws Refusal `secret-key-unreadable`.
 */
const readKeyFile = (dataDir: string): Buffer => {
  const file = join(dataDir, KEY_FILE);
  try {
    makeKeyFile(dataDir, file);
    const key = parseSecretKey(readFileSync(file, 'utf8'));
    if (key === null) throw unreadable(`${file} holds no key of 32 bytes. Bring back the file that was there`);
    if ((statSync(file).mode & 0o077) !== 0)
      throw unreadable(`${file} can be read by others. Run chmod 600 on it, and rotate your webhooks' secrets`);
    return key;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw unreadable(`${file} can't be read or made (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
};

// written aside and linked into place: nobody ever reads half a key, and the first one stays
const makeKeyFile = (dataDir: string, file: string): void => {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(dataDir, { recursive: true });
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
};

const unreadable = (say: string): Refusal =>
  new Refusal('secret-key-unreadable', `${say}, or set BATON_SECRET_KEY to the key.`);
