import { hash } from 'node:crypto';

/** The first 12 bytes of SHA-256 of what was sent: enough to tell two payloads of one message id apart. */
export const payloadHash = (payload: string | Uint8Array): Uint8Array =>
  hash('sha256', payload, 'buffer').subarray(0, 12);
