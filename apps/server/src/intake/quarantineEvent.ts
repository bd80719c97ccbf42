import type { Pipeline } from '../database/binary/pipeline.ts';
import { COMMIT } from '../handoff/commit/flush.ts';
import { beginWithInsert, freshWithin } from './dedupe.ts';
import { addQuarantineRow, makeIntakeRows } from './intakeRows.ts';
import type { StagedEvent } from './stagedEvent.ts';

/**
 * Puts one event aside in a transaction of its own, where a person can see it. Its message id is used up with it, so that
 * a sender's repetition is a duplicate and not a second entry.
 */
export async function quarantineEvent(
  pipeline: Pipeline,
  event: StagedEvent,
  code: string,
  detail: string,
): Promise<void> {
  pipeline.clear();
  const rows = makeIntakeRows();
  const freshness = freshWithin([event]);
  await beginWithInsert(pipeline, [event], freshness);
  if (freshness[0] === 'fresh') addQuarantineRow(rows, event, code, detail);
  pipeline.copy(rows.quarantine);
  await pipeline.query(COMMIT);
}
