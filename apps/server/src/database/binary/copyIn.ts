import type { ClientBase, QueryResult } from 'pg';
import type { CopyRows } from './copyRows.ts';

const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/** What we use of pg's connection: the way below the query queue that the driver offers to `Submittable`s. */
type WireConnection = {
  query(text: string): void;
  readonly stream: { cork(): void; uncork(): void; write(bytes: Uint8Array): boolean };
};

/**
 * Runs several COPYs, each between optional other statements, in one message and one answer: a simple query may hold many
 * statements, and the server reads the data of each COPY in turn. `before` and `after` are statements without
 * parameters (`begin`, `commit`). Tables without rows are left out. If one fails, the whole message fails and the rest of
 * the data is ignored by the server, as the protocol says.
 */
export function copyIn(
  client: ClientBase,
  tables: readonly CopyRows[],
  around: { readonly before?: string; readonly after?: string } = {},
): Promise<void> {
  const filled = tables.filter((rows) => rows.count > 0);
  const statements = filled.map((rows) => rows.sql);
  if (around.before !== undefined) statements.unshift(around.before);
  if (around.after !== undefined) statements.push(around.after);
  if (statements.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    client.query(
      new CopyMessage(statements.join(';'), filled, (error) => (error ? reject(error) : resolve())) as never,
    );
  });
}

/** A query in the driver's own shape (it calls these methods as messages arrive). */
class CopyMessage {
  readonly #text: string;
  readonly #tables: readonly CopyRows[];
  readonly #done: (error?: Error) => void;

  constructor(text: string, tables: readonly CopyRows[], done: (error?: Error) => void) {
    this.#text = text;
    this.#tables = tables;
    this.#done = done;
  }

  submit(connection: WireConnection): void {
    connection.stream.cork();
    connection.query(this.#text);
    for (const rows of this.#tables) {
      connection.stream.write(rows.message());
      connection.stream.write(COPY_DONE);
    }
    connection.stream.uncork();
  }

  handleCopyInResponse(): void {}
  handleCommandComplete(_message: QueryResult): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}

  // called for an error of the server (the driver then waits for the server by itself) and for a lost connection
  handleError(error: Error): void {
    this.#done(error);
  }

  handleReadyForQuery(): void {
    this.#done();
  }
}
