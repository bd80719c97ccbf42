/**
 * Sends several statements and COPYs to PostgreSQL in one message, and takes all answers at once: what a transaction can say
 * without having heard the answer to the last statement costs one way there and back instead of one each. Under load such
 * a way is a millisecond or more in which locks are held.
 *
 * It speaks the extended protocol below the driver's queue: (parse once a connection, bind, execute)*, then one sync. The
 * server does one after the other, each seeing what those before it did; after a failure it skips the rest.
 */
import type { ClientBase, FieldDef } from 'pg';
import { valueTypes } from '../pool.ts';
import type { InPlace } from './binaryArray.ts';
import { BinaryWriter } from './binaryWriter.ts';
import type { CopyRows } from './copyRows.ts';

/** One text for one name, always: each connection parses it once. */
export type Statement = { readonly name: string; readonly text: string };
/** A parameter: in binary form (of binaryArray.ts), anything else as text. */
export type Parameter = Uint8Array | InPlace | string | number | null;

/** What a statement brought; filled in when `run` has resolved. */
export type Answer<Row extends readonly unknown[] = readonly unknown[]> = {
  readonly rows: Row[];
  /** Rows that were read or written. */
  count: number;
};

type Parse = (text: string) => unknown;
/** A statement as a connection knows it: how the columns of its rows are read. */
type Prepared = { readonly text: string; parsers: readonly Parse[] };
type Sent = {
  readonly prepared: Prepared;
  readonly answer: Answer;
  readonly told: ((answer: Answer) => void) | null;
};

/** What we use of pg's connection. */
type WireConnection = { readonly stream: { write(bytes: Uint8Array): boolean } };

const PREPARED = new WeakMap<ClientBase, Map<string, Prepared>>();

const preparedOf = (client: ClientBase): Map<string, Prepared> => {
  const known = PREPARED.get(client) ?? new Map<string, Prepared>();
  PREPARED.set(client, known);
  return known;
};

/** Statements for one connection, one transaction after the other; its buffer is kept between them. */
export class Pipeline {
  /** For what is said alone. Nothing may wait in the pipeline meanwhile: it would come later than it was said. */
  readonly client: ClientBase;
  readonly #known: Map<string, Prepared>;
  #writer: BinaryWriter;
  /** For the message after one that is under way: its bytes are the driver's until it is answered. */
  #spare: BinaryWriter;
  #waiting: Sent[] = [];
  /** Names of statements that the message which is being made parses. */
  #parsed: string[] = [];
  /** What was started and is not awaited yet. */
  #started: Promise<void> | null = null;
  #isStartAwaited = false;

  constructor(client: ClientBase, capacity = 4096) {
    this.client = client;
    this.#known = preparedOf(client);
    this.#writer = new BinaryWriter(capacity);
    this.#spare = new BinaryWriter(capacity);
  }

  /** Forgets what was added and not sent. What was started must have been answered. */
  clear(): void {
    this.#started = null;
    this.#isStartAwaited = false;
    for (const name of this.#parsed) this.#known.delete(name);
    this.#begin();
  }

  /** True where somebody wants to hear what waits here or was started: nothing may be committed before. */
  get isAwaited(): boolean {
    return this.#isStartAwaited || this.#waiting.some(({ told }) => told !== null);
  }

  /** Adds a statement. `told` is called with the answer once all has run; what it throws `run` rejects with. */
  add<Row extends readonly unknown[]>(
    statement: Statement,
    values: readonly Parameter[] = [],
    told: ((answer: Answer<Row>) => void) | null = null,
  ): Answer<Row> {
    const answer: Answer<Row> = { rows: [], count: 0 };
    const prepared = this.#prepare(statement);
    this.#bind(statement, values);
    this.#waiting.push({ prepared, answer: answer as Answer, told: told as Sent['told'] });
    return answer;
  }

  /** Adds a COPY of a table's rows as they are now; nothing where there are none. The rows may be cleared at once. */
  copy(rows: CopyRows): void {
    if (rows.count === 0) return;
    this.add(rows.statement);
    const writer = this.#writer;
    const data = rows.message();
    writer.reserve(data.length + COPY_DONE.length);
    writer.bytes.set(data, writer.at);
    writer.bytes.set(COPY_DONE, writer.at + data.length);
    writer.at += data.length + COPY_DONE.length;
  }

  /**
   * Sends what was added and does not wait: the server works while the caller goes on to what needs no answer. The next `run`
   * waits for it too, and rejects with what it rejects with.
   */
  start(): void {
    if (this.#started !== null) throw new Error('one message was started already');
    this.#isStartAwaited = this.isAwaited;
    const started = this.#send();
    started.catch(() => {});
    this.#started = started;
    [this.#writer, this.#spare] = [this.#spare, this.#writer];
    this.#writer.at = 0;
  }

  /** Waits for what was started; rejects with what it rejects with. */
  async settle(): Promise<void> {
    const started = this.#started;
    this.#started = null;
    this.#isStartAwaited = false;
    await started;
  }

  /** Sends what was added and waits for all of it. Rejects with what the server says of the first that fails. */
  async run(): Promise<void> {
    if (this.#started === null) return this.#send();
    const sent = this.#send();
    // it fails, too, after what was started failed, and says less
    sent.catch(() => {});
    await this.settle();
    await sent;
  }

  async #send(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const writer = this.#writer;
    writer.begin(SYNC);
    writer.end();
    const [sent, parsed, bytes] = [this.#waiting, this.#parsed, writer.bytes.subarray(0, writer.at)];
    this.#begin();
    try {
      await new Promise<void>((resolve, reject) => {
        this.client.query(new PipelineMessage(bytes, sent, resolve, reject) as never);
      });
    } catch (error) {
      // how far the server came is not known: they are parsed again
      for (const name of parsed) this.#known.delete(name);
      throw error;
    }
    for (const { told, answer } of sent) told?.(answer);
  }

  /** Adds a statement and runs it with all that waits. */
  async query<Row extends readonly unknown[]>(
    statement: Statement,
    values: readonly Parameter[] = [],
  ): Promise<Answer<Row>> {
    const answer = this.add<Row>(statement, values);
    await this.run();
    return answer;
  }

  #begin(): void {
    this.#waiting = [];
    this.#parsed = [];
    this.#writer.at = 0;
  }

  #prepare({ name, text }: Statement): Prepared {
    const known = this.#known.get(name);
    if (known !== undefined) {
      if (known.text !== text) throw new Error(`two statements are named ${name}`);
      return known;
    }
    const prepared: Prepared = { text, parsers: [] };
    this.#known.set(name, prepared);
    this.#parsed.push(name);
    const writer = this.#writer;
    const ours = PREFIX + name;
    // closing what there is not is no error
    writer.begin(CLOSE);
    writer.cstring(`S${ours}`);
    writer.end();
    writer.begin(PARSE);
    writer.cstring(ours);
    writer.cstring(text);
    writer.rawInt16(0);
    writer.end();
    writer.begin(DESCRIBE);
    writer.cstring(`S${ours}`);
    writer.end();
    return prepared;
  }

  #bind({ name }: Statement, values: readonly Parameter[]): void {
    const writer = this.#writer;
    writer.begin(BIND);
    writer.cstring('');
    writer.cstring(PREFIX + name);
    writer.rawInt16(values.length);
    for (const value of values) writer.rawInt16(typeof value === 'function' || value instanceof Uint8Array ? 1 : 0);
    writer.rawInt16(values.length);
    for (const value of values) {
      if (value === null) writer.nothing();
      else if (typeof value === 'function') writer.field(value);
      else if (value instanceof Uint8Array) writer.raw(value);
      else writer.text(String(value));
    }
    writer.rawInt16(0);
    writer.end();
    writer.begin(EXECUTE);
    writer.cstring('');
    writer.rawInt32(0);
    writer.end();
  }
}

/** Keeps our statements apart from the driver's own of the same name. */
const PREFIX = 'pipeline/';
const [BIND, CLOSE, DESCRIBE, EXECUTE, PARSE, SYNC] = [0x42, 0x43, 0x44, 0x45, 0x50, 0x53];
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/** A query in the driver's own shape (it calls these methods as messages arrive). */
class PipelineMessage {
  readonly #bytes: Uint8Array;
  readonly #sent: readonly Sent[];
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;
  #at = 0;

  constructor(bytes: Uint8Array, sent: readonly Sent[], resolve: () => void, reject: (error: Error) => void) {
    this.#bytes = bytes;
    this.#sent = sent;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: WireConnection): void {
    connection.stream.write(this.#bytes);
  }

  handleRowDescription({ fields }: { fields: readonly FieldDef[] }): void {
    (this.#sent[this.#at] as Sent).prepared.parsers = fields.map(({ dataTypeID }) =>
      valueTypes.getTypeParser(dataTypeID, 'text'),
    );
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const { prepared, answer } = this.#sent[this.#at] as Sent;
    const row: unknown[] = [];
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index] as string | null;
      row.push(field === null ? null : (prepared.parsers[index] as Parse)(field));
    }
    answer.rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    (this.#sent[this.#at] as Sent).answer.count = Number(/\d+$/.exec(text)?.[0] ?? 0);
    this.#at += 1;
  }

  handleCopyInResponse(): void {}
  handleEmptyQuery(): void {}

  // called for an error of the server (the driver then waits for the server by itself) and for a lost connection
  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve();
  }
}
