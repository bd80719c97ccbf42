import { CONTACT_ACTS } from '@baton/contract/contactActs.ts';
import { fastTrackContact } from '@baton/contract/fastTrack.ts';
import { mergeContacts, unmergeContact } from '@baton/contract/mergeContacts.ts';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { makeFastTrack } from '../../handoff/fastTrack.ts';
import { makeUndoAct } from '../../handoff/undoAct.ts';
import { makeUnmerge } from '../../handoff/unmerge.ts';
import { eventsOf } from '../../leaks/storedEvents.ts';
import { HttpProblem } from '../httpProblem.ts';
import { contactActed, expectDone, refused } from './actOutcome.ts';
import { actorOf } from './actorOf.ts';
import type { ActDeps } from './actRoutes.ts';
import { implement } from './implement.ts';

/** Registers what people do with contacts, whether or not a handoff is open. */
export const registerContactActRoutes = (app: FastifyInstance, deps: ActDeps): void => {
  const { acts, pool } = deps;
  const { ownLead, withdraw, setStage, undo } = CONTACT_ACTS;
  const fastTrack = makeFastTrack(acts);
  implement(app, deps, fastTrackContact, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body.as);
    return contactActed(pool, await fastTrack(params.id, { by, intent: body.intent, note: body.note }));
  });
  implement(app, deps, ownLead, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body.as);
    if (by.kind !== 'rep')
      throw new HttpProblem('invalid_field', 'as: name the rep whose own lead it is.', { at: 'as' });
    return contactActed(pool, await fastTrack(params.id, { by, intent: body.intent, note: body.note }));
  });
  implement(app, deps, withdraw, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body.as);
    return contactActed(pool, await acts.act({ contactId: params.id }, { kind: 'withdrawn', by, cause: body.cause }));
  });
  implement(app, deps, setStage, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body.as);
    const ownerId = body.ownerId ?? null;
    if (ownerId !== null && (await pool.query('select from rep where id = $1', [ownerId])).rowCount === 0)
      throw new HttpProblem('invalid_field', `ownerId: there is no rep ${ownerId}.`, { at: 'ownerId' });
    const input = { kind: 'stage-set', by, stage: body.stage, ownerId } as const;
    return contactActed(pool, await acts.act({ contactId: params.id }, input));
  });
  const undoAct = makeUndoAct(acts);
  implement(app, deps, undo, async ({ params, body, caller }) =>
    contactActed(pool, await undoAct(params.id, await actorOf(pool, caller, body?.as))),
  );
  const unmerge = makeUnmerge(deps.deciding, eventsOf);
  implement(app, deps, unmergeContact, async ({ params, caller }) => {
    const undone = await unmerge(params.id, await actorOf(pool, caller, undefined));
    if (undone.kind === 'refused') throw await refused(pool, undone.refusal);
    const { kind: _, notes, ...rest } = undone;
    return { ...rest, notes: [...notes] };
  });
  implement(app, deps, mergeContacts, async ({ body, caller }) => {
    if (body.survivorId === body.loserId) {
      throw new HttpProblem('invalid_field', 'loserId: another contact than survivorId.', { at: 'loserId' });
    }
    const outcome = await acts.merge(body.survivorId, body.loserId, await actorOf(pool, caller, undefined));
    if (outcome.kind === 'refused' && outcome.refusal.code === 'already-merged') {
      return { contactId: await survivorOf(pool, body.survivorId), merged: false };
    }
    return { contactId: (await expectDone(pool, outcome)).contactId, merged: true };
  });
};

const survivorOf = async (pool: Pool, contactId: number): Promise<number> => {
  const found = await pool.query<{ id: number }>(
    'select survivor_id as id from contact_redirect where contact_id = $1',
    [contactId],
  );
  return found.rows[0]?.id ?? contactId;
};
