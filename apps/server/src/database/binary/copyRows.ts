import { BinaryWriter } from './binaryWriter.ts';
import type { Statement } from './pipeline.ts';

/** The types that our tables use, by the way they are sent. */
export type ColumnType = 'int8' | 'int4' | 'text' | 'bool' | 'char' | 'bytea';
/** A value of a column; null where the column allows it. */
export type CopyValue = number | string | boolean | Uint8Array | null;

/** A table and those of its columns that are given; the others take their defaults. */
export type CopyTable = {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
};

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const FRAME = 5;

/** Rows for one `COPY ... FROM STDIN (FORMAT binary)`, written into one reused buffer as they are added. */
export class CopyRows {
  readonly sql: string;
  /** The same as a statement that each connection parses once. */
  readonly statement: Statement;
  count = 0;
  readonly #types: readonly ColumnType[];
  readonly #writer: BinaryWriter;

  constructor(table: CopyTable, capacity = 4096) {
    this.sql = `copy ${table.name} (${table.columns.map(([name]) => name).join(',')}) from stdin (format binary)`;
    this.statement = { name: `copy ${table.name}`, text: this.sql };
    this.#types = table.columns.map(([, type]) => type);
    this.#writer = new BinaryWriter(capacity);
    this.clear();
  }

  /** Forgets the rows and keeps the buffer. */
  clear(): void {
    this.count = 0;
    this.#writer.at = FRAME;
    this.#writer.reserve(SIGNATURE.length);
    this.#writer.bytes.set(SIGNATURE, FRAME);
    this.#writer.at = FRAME + SIGNATURE.length;
  }

  /** Adds a row; values in the order of the table's columns. */
  add(values: readonly CopyValue[]): void {
    const writer = this.#writer;
    const types = this.#types;
    writer.rawInt16(types.length);
    for (let index = 0; index < types.length; index += 1) {
      const value = values[index];
      if (value === null || value === undefined) {
        writer.nothing();
        continue;
      }
      switch (types[index]) {
        case 'int8':
          writer.int8(value as number);
          break;
        case 'int4':
          writer.int4(value as number);
          break;
        case 'text':
          writer.text(value as string);
          break;
        case 'bool':
          writer.byte(value === true ? 1 : 0);
          break;
        case 'char':
          writer.byte((value as string).charCodeAt(0));
          break;
        default:
          writer.raw(value as Uint8Array);
      }
    }
    this.count += 1;
  }

  /** The rows as one CopyData message of the wire protocol. Valid until the next `add` or `clear`. */
  message(): Buffer {
    const writer = this.#writer;
    const end = writer.at;
    writer.rawInt16(-1);
    writer.bytes[0] = 0x64; // 'd'
    writer.view.setInt32(1, writer.at - 1);
    const message = writer.bytes.subarray(0, writer.at);
    writer.at = end;
    return message;
  }
}
