import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Activity } from '../activity.ts';

/** Why a webhook is not believed. Both are answered alike, so that nobody learns which part was right. */
export type Disbelief = 'forged' | 'stale';

/** What a believed webhook says: meetings that were made, moved or called off; empty: it is about something else. */
export type MeetingHook = {
  /** Judges the raw bytes by the calendar's header; null: believed. */
  readonly doubt: (request: HookRequest, secret: string, now: Instant) => Disbelief | null;
  /** Reads the body of a believed one. @throws SyntaxError for what is not JSON. */
  readonly read: (body: Buffer) => readonly Activity[];
};

export type HookRequest = {
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
};

/** True where `given` is the HMAC-SHA256 of `signed` in lower-case hex. Takes as long for a wrong one as for the right one. */
export const isSignedBy = (given: string, secret: string, signed: readonly (string | Buffer)[]): boolean => {
  const mac = createHmac('sha256', secret);
  for (const part of signed) mac.update(part);
  const expected = Buffer.from(mac.digest('hex'));
  const got = Buffer.from(given);
  return got.length === expected.length && timingSafeEqual(got, expected);
};

type Json = { readonly [key: string]: unknown };

/** A member that should be an object; empty where it is not. */
export const objectAt = (of: unknown, key: string): Json => {
  const value = isObject(of) ? of[key] : undefined;
  return isObject(value) ? value : {};
};

/** A member that should be a text; null where it is not. */
export const textAt = (of: unknown, key: string): string | null => {
  const value = isObject(of) ? of[key] : undefined;
  return typeof value === 'string' && value !== '' ? value.slice(0, 512) : null;
};

/** The objects of a list; none where it is no list. */
export const listAt = (of: unknown, key: string): readonly Json[] => {
  const value = isObject(of) ? of[key] : undefined;
  return Array.isArray(value) ? value.filter(isObject).slice(0, 100) : [];
};

/** A member that should be an instant; null where it is not. */
export const instantAt = (of: unknown, key: string): Instant | null => {
  const at = Date.parse(textAt(of, key) ?? '');
  return Number.isNaN(at) ? null : at;
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
