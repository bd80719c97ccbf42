import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { isSealed, makeSecretBox, SealedElsewhere } from './secretBox.ts';
import { KEY_FILE, openSecretBox, parseSecretKey } from './secretKey.ts';

const folders: string[] = [];
const folder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'baton-key-')));
  return folders.at(-1) as string;
};
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
});

const box = makeSecretBox(() => Buffer.alloc(32, 1));
const other = makeSecretBox(() => Buffer.alloc(32, 2));

test('what is sealed opens again, never looks the same twice, and opens for what it is for alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const sealed = box.seal(text, 'webhook');
      expect(box.open(sealed, 'webhook')).toBe(text);
      expect(box.seal(text, 'webhook')).not.toBe(sealed);
      expect(() => box.open(sealed, 'calendar')).toThrow(SealedElsewhere);
      expect(() => other.open(sealed, 'webhook')).toThrow('another key');
      expect([box.isForeign(sealed), other.isForeign(sealed), isSealed(sealed)]).toEqual([false, true, true]);
    }),
    { numRuns: 50 },
  );
});

test('a sealed text that was changed anywhere does not open', () => {
  const sealed = box.seal('whsec_secret', 'webhook');
  const head = sealed.lastIndexOf(':') + 1;
  const bytes = Buffer.from(sealed.slice(head), 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => box.open(sealed.slice(0, head) + changed.toString('base64url'), 'webhook')).toThrow(SealedElsewhere);
  }
  expect(() => box.open(sealed.slice(0, head), 'webhook')).toThrow(SealedElsewhere);
});

test('what was stored plain is answered as it is, without asking for a key', () => {
  const never = makeSecretBox(() => {
    throw new Error('not asked');
  });
  expect(never.open('whsec_plain', 'webhook')).toBe('whsec_plain');
  expect(never.isForeign('whsec_plain')).toBe(false);
});

test('the key of a data directory is made once, for its owner alone', () => {
  const dataDir = join(folder(), 'new');
  const sealed = openSecretBox({ key: null, dataDir }).seal('x', 'webhook');
  expect(statSync(join(dataDir, KEY_FILE)).mode & 0o777).toBe(0o600);
  expect(openSecretBox({ key: null, dataDir }).open(sealed, 'webhook')).toBe('x');
  const key = parseSecretKey(readFileSync(join(dataDir, KEY_FILE), 'utf8'));
  expect(openSecretBox({ key, dataDir: '/nowhere' }).open(sealed, 'webhook')).toBe('x');
});

test('a key file that others can read, or that holds no key, is refused by name', () => {
  const dataDir = folder();
  const file = join(dataDir, KEY_FILE);
  writeFileSync(file, Buffer.alloc(32, 5).toString('base64'), { mode: 0o644 });
  expect(() => openSecretBox({ key: null, dataDir }).seal('x', 'y')).toThrow('chmod 600');
  writeFileSync(file, 'no key');
  expect(() => openSecretBox({ key: null, dataDir }).seal('x', 'y')).toThrow('holds no key');
});

test('a key is 64 hex digits or base64 of 32 bytes', () => {
  const key = Buffer.alloc(32, 7);
  expect(parseSecretKey(key.toString('hex'))).toEqual(key);
  expect(parseSecretKey(` ${key.toString('base64')}\n`)).toEqual(key);
  expect(parseSecretKey('short')).toBeNull();
  expect(parseSecretKey('')).toBeNull();
});
