import { hash } from 'node:crypto';

const BYTES = 12;

/**
 * The first 12 bytes of SHA-256 of what was sent: enough to tell two payloads of one message id apart. Taken out of Node
 * as text, since a buffer of its own costs three times the hashing (1.7 us against 0.5).
 */
export const payloadHash = (payload: string | Uint8Array): Uint8Array =>
  Buffer.from(hash('sha256', payload, 'binary').slice(0, BYTES), 'latin1');
