/**
 * Reads a file once before anything is imported: its identity (SHA-256), its size, its encoding. What is not text that
 * we can read without guessing is refused here, so that no half of it is ever stored.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { sayUnreadable } from '../sayUnreadable.ts';
import { ImportRefusal } from './importRefusal.ts';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type FileFacts = {
  readonly sha256: string;
  readonly bytes: number;
  readonly encoding: Encoding;
  /** The first 64 KB, decoded; for guessing the delimiter and the map. */
  readonly sample: string;
};

const SAMPLE_BYTES = 65_536;
const MAGIC: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a ZIP archive or an Excel workbook: unpack it, or save the sheet as CSV' },
  { bytes: [0x1f, 0x8b], what: 'compressed with gzip: unpack it first' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook: save the sheet as CSV' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
];

/**
 * The file's facts. `wanted` is the encoding that the map names, or null to find out: a byte order mark decides, else it
 * must be UTF-8. Throws ImportRefusal: `file-not-found`, `not-a-file`, `empty-file`, `not-text`, `not-utf-8`.
 */
export const readFileFacts = async (path: string, wanted: Encoding | null): Promise<FileFacts> => {
  const about = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new ImportRefusal('file-not-found', sayUnreadable(path, error));
  });
  if (!about.isFile()) throw new ImportRefusal('not-a-file', `${path} is not a file.`);
  if (about.size === 0) throw new ImportRefusal('empty-file', `${path} is empty: there is nothing to import.`);
  const head = await readHead(path);
  const magic = MAGIC.find((each) => each.bytes.every((byte, index) => head[index] === byte));
  if (magic !== undefined) throw new ImportRefusal('not-text', `${path} is ${magic.what}.`);
  const encoding = wanted ?? encodingByMark(head);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const hash = createHash('sha256');
  let line = 1;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes = chunk as Buffer;
    hash.update(bytes);
    try {
      decoder.decode(bytes, { stream: true });
    } catch {
      throw wrongEncoding(path, encoding, line, bytes);
    }
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) line += 1;
  }
  try {
    decoder.decode();
  } catch {
    throw wrongEncoding(path, encoding, line, null);
  }
  const sample = new TextDecoder(encoding).decode(head, { stream: true });
  return { sha256: hash.digest('hex'), bytes: about.size, encoding, sample };
};

const readHead = async (path: string): Promise<Buffer> => {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

const encodingByMark = (head: Buffer): Encoding => {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
};

/** Names the first line that can't be read; the chunk is read line by line only here, where it has failed. */
const wrongEncoding = (path: string, encoding: Encoding, line: number, bytes: Buffer | null): ImportRefusal => {
  let at = line;
  if (bytes !== null) {
    const decoder = new TextDecoder(encoding, { fatal: true });
    for (let from = 0; from < bytes.length; at += 1) {
      const next = bytes.indexOf(10, from);
      const end = next < 0 ? bytes.length : next + 1;
      try {
        decoder.decode(bytes.subarray(from, end), { stream: true });
      } catch {
        break;
      }
      from = end;
    }
  }
  return new ImportRefusal(
    'not-utf-8',
    `${path} is not ${encoding.toUpperCase()} (near line ${at}). Nothing was imported. Save it as UTF-8, or name what ` +
      'it is in the map, e.g. "encoding: windows-1252".',
  );
};

/** The file's text, piece by piece, without its byte order mark; never more than one chunk in memory. */
export async function* readText(path: string, encoding: Encoding): AsyncGenerator<{ text: string; bytes: number }> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 16 })) {
    const bytes = chunk as Buffer;
    yield { text: decoder.decode(bytes, { stream: true }), bytes: bytes.length };
  }
  yield { text: decoder.decode(), bytes: 0 };
}
