/**
 * The backup file: gzip over a text head and COPY data, so that `zcat` can read it without us.
 *
 *   BATON-BACKUP 1
 *   {"createdAt", "schemaVersion", "migrations": [..], "postgres", "partitions": [..], "sequences": [..], "tables": n}
 *   per table:  {"table", "columns"}   then frames `<length>` newline bytes, a frame `0`, then {"rows", "sha256"}
 *   {"end": true, "rows": n}
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Refusal } from './refusal.ts';

/** First line of every file; the number is the version of the format. */
export const MAGIC = 'BATON-BACKUP 1';
const MAGIC_START = 'BATON-BACKUP ';
const LONGEST_LINE = 16_000_000;

/** What the head of a file says. */
export interface BackupHead {
  /** Epoch ms of the snapshot, by the database's clock. */
  readonly createdAt: number;
  readonly schemaVersion: number;
  readonly migrations: readonly { readonly version: number; readonly name: string; readonly hash: string }[];
  readonly postgres: string;
  readonly partitions: readonly { readonly parent: string; readonly name: string; readonly bounds: string }[];
  readonly sequences: readonly { readonly name: string; readonly last: string; readonly called: boolean }[];
  readonly tables: number;
}

/** One table in a file; `data` must be read to its end before the next table is asked for. */
export interface BackupTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** COPY text. Throws at its end when rows or checksum are not what the file promises. */
  readonly data: AsyncIterable<Buffer>;
  /** Rows, known once `data` was read. */
  rows(): number;
}

/** An opened file. */
export interface BackupReader {
  readonly head: BackupHead;
  /** The tables in the file's order. Throws when the file ends early. */
  tables(): AsyncGenerator<BackupTable, void, undefined>;
}

/** Encodes a head line or a table's line. */
export function encodeLine(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/** Frames one chunk of COPY data. */
export function encodeFrame(chunk: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${chunk.length}\n`), chunk]);
}

/**
 * Opens a file and reads its head.
 * @throws Refusal `backup-file-damaged`, `backup-version-unknown`.
 */
export async function openBackup(file: string): Promise<BackupReader> {
  const source = new ByteSource(file);
  const magic = (await source.line()).toString('latin1');
  if (!magic.startsWith(MAGIC_START)) throw damaged(file, 'it is not a Baton backup');
  if (magic !== MAGIC) {
    throw new Refusal(
      'backup-version-unknown',
      `${file} has the format "${magic.slice(0, 40)}", this Baton reads "${MAGIC}".`,
    );
  }
  const head = (await source.json()) as BackupHead;
  return { head, tables: () => readTables(source, head) };
}

/** Reads a whole file and checks every checksum; answers its head and the number of rows. */
export async function verifyBackup(file: string): Promise<{ head: BackupHead; rows: number }> {
  const backup = await openBackup(file);
  let rows = 0;
  for await (const table of backup.tables()) {
    for await (const _chunk of table.data);
    rows += table.rows();
  }
  return { head: backup.head, rows };
}

async function* readTables(source: ByteSource, head: BackupHead): AsyncGenerator<BackupTable, void, undefined> {
  for (let index = 0; index < head.tables; index += 1) {
    const { table, columns } = (await source.json()) as { table: string; columns: string[] };
    let rows = -1;
    yield {
      table,
      columns,
      rows: () => rows,
      data: readFrames(source, table, (found) => {
        rows = found;
      }),
    };
    if (rows < 0) throw new Error(`the data of ${table} was not read to its end`);
  }
  const last = (await source.json()) as { end?: boolean };
  if (last.end !== true) throw damaged(source.file, 'its last line is missing');
  await source.expectEnd();
}

async function* readFrames(source: ByteSource, table: string, done: (rows: number) => void): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for (;;) {
    const length = Number((await source.line()).toString('latin1'));
    if (!Number.isSafeInteger(length) || length < 0)
      throw damaged(source.file, `a frame of table ${table} has no length`);
    if (length === 0) break;
    for await (const part of source.bytes(length)) {
      hash.update(part);
      yield part;
    }
  }
  const promised = (await source.json()) as { rows: number; sha256: string };
  if (promised.sha256 !== hash.digest('hex')) throw damaged(source.file, `the checksum of table ${table} is wrong`);
  done(promised.rows);
}

function damaged(file: string, why: string, cause?: unknown): Refusal {
  return new Refusal(
    'backup-file-damaged',
    `${file} can't be restored: ${why}. Nothing was changed; use another copy.`,
    { cause },
  );
}

/** Takes lines and counted bytes from a gzip file. */
class ByteSource {
  readonly file: string;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(file: string) {
    this.file = file;
    const plain = createGunzip({ chunkSize: 256 * 1024 });
    // the error reaches the reader through the iterator
    pipeline(createReadStream(file), plain, () => {});
    this.#chunks = plain[Symbol.asyncIterator]();
  }

  async line(): Promise<Buffer> {
    for (;;) {
      const at = this.#rest.indexOf(10);
      if (at >= 0) {
        const line = this.#rest.subarray(0, at);
        this.#rest = this.#rest.subarray(at + 1);
        return line;
      }
      if (this.#rest.length > LONGEST_LINE) throw damaged(this.file, 'a line has no end');
      this.#rest = Buffer.concat([this.#rest, await this.#next()]);
    }
  }

  async json(): Promise<unknown> {
    const line = await this.line();
    try {
      return JSON.parse(line.toString('utf8'));
    } catch (error) {
      throw damaged(this.file, 'a head line is not JSON', error);
    }
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Reads on to the end of the file, whose last bytes are gzip's own checksum. */
  async expectEnd(): Promise<void> {
    if (this.#rest.length > 0 || (await this.#step()).done !== true)
      throw damaged(this.file, 'it goes on after its end');
  }

  async #next(): Promise<Buffer> {
    const step = await this.#step();
    if (step.done === true) throw damaged(this.file, 'it ends too early');
    return step.value;
  }

  async #step(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.#chunks.next();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
        throw new Refusal(
          'backup-file-unreadable',
          `${this.file} can't be read (${message}). Check its name and rights.`,
        );
      }
      throw damaged(this.file, `it is cut off or corrupt (${message})`, error);
    }
  }
}

/** A readable stream over frames, for COPY. */
export function streamOf(data: AsyncIterable<Buffer>): Readable {
  return Readable.from(data, { objectMode: false });
}
