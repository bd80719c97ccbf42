/** A node in a process of its own, for tests: takes batches over IPC and answers receipts. */

import type { Connection } from '../database/connection.ts';
import { createPool } from '../database/pool.ts';
import type { IncomingEvent, Receipt } from './incomingEvent.ts';
import { startNode } from './intakeFixture.ts';

export type NodeRequest = { readonly id: number; readonly batch: readonly IncomingEvent[] };
export type NodeAnswer =
  | { readonly id: number; readonly receipts: readonly Receipt[] }
  | { readonly id: number; readonly error: string };

const pool = createPool(JSON.parse(process.argv[2] ?? '{}') as Connection, { max: 4, name: 'node-process' });
const node = startNode(pool);

process.on('message', (request: NodeRequest) => {
  const { id, batch } = request;
  node.intake.submit(batch).then(
    (receipts) => process.send?.({ id, receipts } satisfies NodeAnswer),
    (error: Error) => process.send?.({ id, error: error.message } satisfies NodeAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, receipts: [] } satisfies NodeAnswer);
