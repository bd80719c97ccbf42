import type { ClientBase } from 'pg';
import type { Pipeline, Statement } from '../database/binary/pipeline.ts';

/** The sequences that hand out ids in blocks, and how many each block has (the sequence's increment). */
const BLOCKS = { contact: 256, company: 64, decision: 256 } as const;
export type IdKind = keyof typeof BLOCKS;

const nextOf = (kind: IdKind): Statement => ({
  name: `ids-${kind}`,
  text: `select nextval('${kind}_id_seq') from generate_series(1, $1::int)`,
});
const NEXT = { contact: nextOf('contact'), company: nextOf('company'), decision: nextOf('decision') } as const;

/**
 * Ids handed out before they are written. A block belongs to one process alone; what is not used is lost, which costs
 * nothing. `reserve` asks the database only when too few are left, so that `take` never waits.
 */
export class IdBlocks {
  readonly #free: Record<IdKind, [next: number, end: number][]> = { contact: [], company: [], decision: [] };

  /** Makes sure that `count` ids can be taken. May be called inside a transaction: a rollback does not give ids back. */
  async reserve(client: ClientBase, kind: IdKind, count: number): Promise<void> {
    const missing = this.#blocksMissing(kind, count);
    if (missing === 0) return;
    const { rows } = await client.query<[number]>({ ...NEXT[kind], values: [missing], rowMode: 'array' });
    this.#add(kind, rows);
  }

  /** The same with what else goes by the pipeline: `count` ids can be taken once it has run. */
  ask(pipeline: Pipeline, kind: IdKind, count: number): void {
    const missing = this.#blocksMissing(kind, count);
    if (missing > 0) pipeline.add<[number]>(NEXT[kind], [missing], ({ rows }) => this.#add(kind, rows));
  }

  #blocksMissing(kind: IdKind, count: number): number {
    return Math.max(0, Math.ceil((count - this.#left(kind)) / BLOCKS[kind]));
  }

  #add(kind: IdKind, rows: readonly (readonly [number])[]): void {
    for (const [first] of rows) this.#free[kind].push([first, first + BLOCKS[kind]]);
  }

  /**
   * `count` ids for one transaction alone, where several run at once over the same blocks: what one has reserved, another
   * could take. Give back what was not used.
   */
  async lend(client: ClientBase, kind: IdKind, count: number): Promise<IdBlocks> {
    const lent = new IdBlocks();
    // others may take while this waits for the database, so it asks until enough are left at once
    while (this.#left(kind) < count) await this.reserve(client, kind, count);
    for (let missing = count; missing > 0; ) {
      const block = this.#free[kind][0] as [number, number];
      const end = Math.min(block[1], block[0] + missing);
      lent.#free[kind].push([block[0], end]);
      missing -= end - block[0];
      block[0] = end;
      if (block[0] === block[1]) this.#free[kind].shift();
    }
    return lent;
  }

  /** Takes back the ids of a loan that were not used. */
  giveBack(lent: IdBlocks, kind: IdKind): void {
    this.#free[kind].unshift(...lent.#free[kind]);
    lent.#free[kind] = [];
  }

  /**
   * Gives up every id in hand. To be called when a transaction failed: if the server crashed, the step of the sequence
   * that a failed transaction took was perhaps never flushed, and the same block is handed out again after recovery.
   */
  forget(): void {
    for (const kind of Object.keys(BLOCKS) as IdKind[]) this.#free[kind] = [];
  }

  #left(kind: IdKind): number {
    return this.#free[kind].reduce((sum, [next, end]) => sum + end - next, 0);
  }

  /** The id that `take` would give. */
  peek(kind: IdKind): number {
    const block = this.#free[kind][0];
    if (block === undefined) throw new Error(`no ${kind} id was reserved`);
    return block[0];
  }

  /** The next id. Throws where none was reserved: our bug. */
  take(kind: IdKind): number {
    const id = this.peek(kind);
    const blocks = this.#free[kind];
    const block = blocks[0] as [number, number];
    block[0] += 1;
    if (block[0] === block[1]) blocks.shift();
    return id;
  }
}
