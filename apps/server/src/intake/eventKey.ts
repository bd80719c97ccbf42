import { hash, randomBytes } from 'node:crypto';

/**
 * The short name of an event in facts, signals and traces: 72 bits of SHA-256 over source and message id, in 12
 * characters. The same event has the same key on every node and in every repetition.
 */
export const eventKey = (sourceId: number, messageKey: string): string =>
  hash('sha256', `${sourceId}:${messageKey}`, 'base64url').slice(0, 12);

/** The key of an event whose sender gave it no id: it can't be repeated, so any unused one will do. */
export const mintedEventKey = (): string => randomBytes(9).toString('base64url');
