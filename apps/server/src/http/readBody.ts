import type { IncomingMessage } from 'node:http';
import { HttpProblem } from './httpProblem.ts';

/** What is read and thrown away of a body that is too large, so that its sender gets to read the answer. */
const DISCARDED_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Collects a request's body. Rejects with `tooLargeCode` once it exceeds `bytesMax`; memory stays within that bound,
 * the rest is discarded before the answer so that the sender sees a 413 and not a broken connection.
 */
export const readBody = (
  request: IncomingMessage,
  bytesMax: number,
  tooLargeCode: 'payload_too_large' | 'batch_too_large',
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const tooLarge = () =>
      reject(
        new HttpProblem(tooLargeCode, `The body has more than the ${bytesMax} bytes that are taken here.`, {
          limit: bytesMax,
        }),
      );
    if (Number(request.headers['content-length'] ?? 0) > DISCARDED_BYTES_MAX) {
      tooLarge();
      return;
    }
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else if (bytes > DISCARDED_BYTES_MAX) tooLarge();
      else chunks.length = 0;
    });
    request.on('end', () => {
      if (bytes > bytesMax) tooLarge();
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes));
    });
    const broken = () => reject(new HttpProblem('malformed_request', 'The body ended before it was complete.'));
    request.on('error', broken);
    request.on('aborted', broken);
  });
