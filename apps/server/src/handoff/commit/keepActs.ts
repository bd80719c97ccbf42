import type { Pipeline } from '../../database/binary/pipeline.ts';
import type { PendingRows } from './pendingRows.ts';

const KEEP = {
  name: 'keep-acts',
  text: `insert into act_undo (decision_id, contact_id, recorded_at, act, progress)
    select u."decisionId", u."contactId", u."recordedAt", u.act, (
      select json_build_object('acceptedAt', h.accepted_at, 'contactedAt', h.contacted_at, 'attempts', h.attempts)::text
      from handoff h where h.id = u."handoffId")
    from jsonb_to_recordset($1::text::jsonb)
      as u("decisionId" int8, "contactId" int8, "recordedAt" int8, "handoffId" int8, act text)`,
};

/** Keeps what people's acts can be taken back by. Before the handoffs' rows are written, since it reads what they said. */
export function keepActs(pipeline: Pipeline, { undoables }: PendingRows): void {
  if (undoables.length > 0) pipeline.add(KEEP, [Buffer.from(JSON.stringify(undoables))]);
}
