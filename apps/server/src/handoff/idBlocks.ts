import type { ClientBase } from 'pg';

/** The sequences that hand out ids in blocks, and how many each block has (the sequence's increment). */
const BLOCKS = { contact: 256, company: 64, decision: 256 } as const;
export type IdKind = keyof typeof BLOCKS;

/**
 * Ids handed out before they are written. A block belongs to one process alone; what is not used is lost, which costs
 * nothing. `reserve` asks the database only when too few are left, so that `take` never waits.
 */
export class IdBlocks {
  readonly #free: Record<IdKind, [next: number, end: number][]> = { contact: [], company: [], decision: [] };

  /** Makes sure that `count` ids can be taken. May be called inside a transaction: a rollback does not give ids back. */
  async reserve(client: ClientBase, kind: IdKind, count: number): Promise<void> {
    let missing = count - this.#free[kind].reduce((sum, [next, end]) => sum + end - next, 0);
    if (missing <= 0) return;
    missing = Math.ceil(missing / BLOCKS[kind]);
    const { rows } = await client.query<[number]>({
      name: `ids-${kind}`,
      text: `select nextval('${kind}_id_seq') from generate_series(1, $1::int)`,
      values: [missing],
      rowMode: 'array',
    });
    for (const [first] of rows) this.#free[kind].push([first, first + BLOCKS[kind]]);
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
