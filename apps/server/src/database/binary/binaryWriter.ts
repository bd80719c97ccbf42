/** Texts up to this length are copied character by character. */
const SHORT = 32;

/**
 * Writes values in PostgreSQL's binary form into one growing buffer: no rendering to text, no escapes, one pass. The
 * buffer is kept between uses, so a writer must not be filled again before what it gave out has been sent.
 */
export class BinaryWriter {
  bytes: Buffer;
  view: DataView;
  at = 0;
  #begun = 0;

  constructor(capacity = 4096) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    let capacity = this.bytes.length * 2;
    while (capacity < this.at + more) capacity *= 2;
    const grown = Buffer.allocUnsafeSlow(capacity);
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  /** Begins a message of the wire protocol: its letter, and room for its length. */
  begin(letter: number): void {
    this.reserve(5);
    this.bytes[this.at] = letter;
    this.#begun = this.at + 1;
    this.at += 5;
  }

  /** Ends the message that was begun. */
  end(): void {
    this.view.setInt32(this.#begun, this.at - this.#begun);
  }

  /** A text that ends with a zero. */
  cstring(value: string): void {
    this.reserve(value.length * 3 + 1);
    this.at += this.bytes.write(value, this.at, 'utf8');
    this.bytes[this.at] = 0;
    this.at += 1;
  }

  rawInt16(value: number): void {
    this.reserve(2);
    this.view.setInt16(this.at, value);
    this.at += 2;
  }

  rawInt32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  /** A field: its length, then itself; null is the length -1. */
  nothing(): void {
    this.rawInt32(-1);
  }

  /** A field of any length. */
  field(write: (writer: this) => void): void {
    this.reserve(4);
    const start = this.at;
    this.at += 4;
    write(this);
    this.view.setInt32(start, this.at - start - 4);
  }

  int8(value: number): void {
    this.reserve(12);
    const { view, at } = this;
    view.setInt32(at, 8);
    view.setInt32(at + 4, Math.floor(value / 4_294_967_296));
    view.setUint32(at + 8, value >>> 0);
    this.at = at + 12;
  }

  int4(value: number): void {
    this.reserve(8);
    this.view.setInt32(this.at, 4);
    this.view.setInt32(this.at + 4, value);
    this.at += 8;
  }

  /** A boolean, or PostgreSQL's one-byte "char". */
  byte(value: number): void {
    this.reserve(5);
    this.view.setInt32(this.at, 1);
    this.bytes[this.at + 4] = value;
    this.at += 5;
  }

  raw(value: Uint8Array): void {
    this.reserve(4 + value.length);
    this.view.setInt32(this.at, value.length);
    this.bytes.set(value, this.at + 4);
    this.at += 4 + value.length;
  }

  /** UTF-8. Short texts are copied here while they are ASCII, which is cheaper than a call into the runtime. */
  text(value: string): void {
    const { length } = value;
    // the exact size is asked for only where it may not fit: that saves growing to three times of a long text
    if (this.at + 4 + length * 3 > this.bytes.length) this.reserve(4 + Buffer.byteLength(value));
    const start = this.at + 4;
    let written = 0;
    if (length <= SHORT) {
      const { bytes } = this;
      while (written < length) {
        const code = value.charCodeAt(written);
        if (code > 127) break;
        bytes[start + written] = code;
        written += 1;
      }
    }
    if (written < length) written = this.bytes.write(value, start, 'utf8');
    this.view.setInt32(this.at, written);
    this.at = start + written;
  }
}
