/** Taking back what somebody just did with a contact, and what is kept for it. */
import type { DecisionOutcome } from '@baton/domain/handoff/decision.ts';
import type { Actor } from '@baton/domain/handoff/input.ts';
import { UNDO_MS, type UndoableAct } from '@baton/domain/handoff/undoable.ts';
import type { ContactId, RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { type ActOutcome, ActRefused, type Acts } from './act.ts';

/** The latest act of a person about a contact that is still kept, and the first decision that came after it. */
export type LatestAct = {
  readonly act: UndoableAct;
  readonly later: { readonly outcome: DecisionOutcome; readonly say: string } | null;
};

// a merged contact's acts are found under the survivor, and the merge is what came after them
const SELF = `(select $1::int8 union select contact_id from contact_redirect where survivor_id = $1)`;

/** Reads it; null where nothing is kept. Two indexed reads. */
export const readLatestAct = async (client: Queryable, contactId: ContactId): Promise<LatestAct | null> => {
  const kept = await client.query<{ act: string }>(
    `select act from act_undo where contact_id in ${SELF} order by recorded_at desc, decision_id desc limit 1`,
    [contactId],
  );
  const stored = kept.rows[0];
  if (stored === undefined) return null;
  const act = JSON.parse(stored.act) as UndoableAct;
  const later = await client.query<{ outcome: DecisionOutcome; say: string | null }>(
    `select outcome, trace::jsonb->>'say' as say from decision
     where contact_id in ${SELF} and (at > $2 or (at = $2 and id > $3)) and outcome <> 'ignored' order by at, id limit 1`,
    [contactId, act.at, act.decisionId],
  );
  const after = later.rows[0];
  return { act, later: after === undefined ? null : { outcome: after.outcome, say: after.say ?? after.outcome } };
};

/** Until when a rep can take back what they just did with a contact; null: they did nothing, or it is too late. */
export const undoableUntil = async (
  client: Queryable,
  contactId: ContactId,
  repId: RepId,
  now: Instant,
): Promise<Instant | null> => {
  const latest = await readLatestAct(client, contactId);
  if (latest === null || latest.later !== null) return null;
  const { by, at } = latest.act;
  return by.kind === 'rep' && by.id === repId && now < at + UNDO_MS ? at + UNDO_MS : null;
};

export type UndoAct = (contactId: ContactId, by: Actor) => Promise<ActOutcome>;

/** Takes back the latest act about a contact, where `by` did it less than ten seconds ago and nothing came after it. */
export const makeUndoAct =
  (acts: Acts): UndoAct =>
  (contactId, by) =>
    acts.act({ contactId }, async (client, id) => {
      const latest = await readLatestAct(client, id);
      if (latest === null)
        throw new ActRefused('nothing-to-undo', 'Undo: nothing was done here that can be taken back.');
      return { kind: 'undone', by, ...latest };
    });

const KEPT_MS = 3_600_000;

/** Forgets acts that can't be taken back any more. */
export const forgetActs = async (pool: Pool): Promise<void> => {
  await pool.query('delete from act_undo where recorded_at < now_ms() - $1', [KEPT_MS]);
};
