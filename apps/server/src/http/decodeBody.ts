import { isUtf8 } from 'node:buffer';
import { gunzipSync, type ZlibOptions } from 'node:zlib';
import { HttpProblem } from './httpProblem.ts';

/** Encodings that may be announced. Whether a body is compressed is seen by its first bytes, since clients mislabel it. */
const ENCODINGS: ReadonlySet<string> = new Set(['', 'identity', 'gzip', 'x-gzip']);

/** @throws HttpProblem `unsupported_encoding` for anything but gzip and identity. */
export const checkEncoding = (encoding: string | undefined): void => {
  if (encoding === undefined || ENCODINGS.has(encoding.trim().toLowerCase())) return;
  throw new HttpProblem('unsupported_encoding', 'Send the body as it is or with content-encoding gzip.', {
    at: 'content-encoding',
  });
};

/**
 * The text of a body: unpacked if it is gzip whatever its headers say, without a byte order mark.
 * @throws HttpProblem `payload_too_large` when more than `bytesMax` come out (a bomb is cut there),
 *   `malformed_encoding` for broken gzip, `malformed_json` for bytes that are not UTF-8.
 */
export const decodeBody = (body: Buffer, bytesMax: number): string => {
  const bytes = body.length > 2 && body[0] === 0x1f && body[1] === 0x8b ? unpack(body, bytesMax) : body;
  if (!isUtf8(bytes)) throw new HttpProblem('malformed_json', 'The body is not UTF-8; JSON is sent as UTF-8.');
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
};

const unpack = (body: Buffer, bytesMax: number): Buffer => {
  const options: ZlibOptions = { maxOutputLength: bytesMax };
  try {
    return gunzipSync(body, options);
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new HttpProblem('payload_too_large', `Unpacked, the body has more than ${bytesMax} bytes.`, {
        limit: bytesMax,
      });
    }
    throw new HttpProblem('malformed_encoding', 'The body begins like gzip but cannot be unpacked.');
  }
};
