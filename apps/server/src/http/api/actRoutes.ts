import type { ErrorCode } from '@baton/contract/errorCodes.ts';
import { fastTrackContact } from '@baton/contract/fastTrack.ts';
import { HANDOFF_ACTS, type HandoffActed } from '@baton/contract/handoffActs.ts';
import { mergeContacts } from '@baton/contract/mergeContacts.ts';
import type { Refusal } from '@baton/domain/handoff/decision.ts';
import type { Input, RepAct } from '@baton/domain/handoff/input.ts';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { ActOutcome, Acts } from '../../handoff/act.ts';
import { makeFastTrack } from '../../handoff/fastTrack.ts';
import { HttpProblem } from '../httpProblem.ts';
import { actorOf } from './actorOf.ts';
import type { Caller } from './caller.ts';
import { type ApiDeps, implement } from './implement.ts';

/** What acting needs beside the rest. */
export type ActDeps = ApiDeps & { readonly acts: Acts; readonly now: () => number };

/** Registers what people do with handoffs and contacts. Who may do what in which state is the core's table, not ours. */
export const registerActRoutes = (app: FastifyInstance, deps: ActDeps): void => {
  const { acts, pool, now } = deps;
  const actOn = async (handoffId: number, input: Input): Promise<HandoffActed> => {
    const outcome = await acts.act({ handoffId }, input);
    const { contactId, decision } = await expectDone(pool, outcome);
    return { handoffId, contactId, outcome: decision.outcome, decisionId: decision.id };
  };
  const repActs = async (handoffId: number, caller: Caller, as: number | undefined, act: RepAct) =>
    actOn(handoffId, { kind: 'rep-acted', by: await actorOf(pool, caller, as), act });
  const { accept, claim, logContact, reject, park, handBack, setStatus, assign } = HANDOFF_ACTS;

  implement(app, deps, accept, ({ params, body, caller }) => repActs(params.id, caller, body?.as, { do: 'accept' }));
  implement(app, deps, claim, ({ params, body, caller }) => repActs(params.id, caller, body?.as, { do: 'claim' }));
  implement(app, deps, logContact, ({ params, body, caller }) =>
    repActs(params.id, caller, body.as, {
      do: 'log-contact',
      channel: body.channel,
      outcome: body.outcome,
      note: body.note ?? null,
      at: body.at === undefined ? now() : Date.parse(body.at),
    }),
  );
  implement(app, deps, reject, ({ params, body, caller }) =>
    repActs(params.id, caller, body.as, { do: 'reject', reason: body.reason, detail: body.detail ?? null }),
  );
  implement(app, deps, park, ({ params, body, caller }) =>
    repActs(params.id, caller, body.as, { do: 'park', until: Date.parse(body.until), note: body.note ?? null }),
  );
  implement(app, deps, handBack, ({ params, body, caller }) =>
    repActs(params.id, caller, body.as, { do: 'hand-back', reason: body.reason }),
  );
  implement(app, deps, setStatus, ({ params, body, caller }) =>
    repActs(params.id, caller, body.as, {
      do: 'set-status',
      status: body.status,
      reason: body.reason ?? null,
      until: body.until === undefined ? null : Date.parse(body.until),
    }),
  );
  implement(app, deps, assign, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, undefined);
    return actOn(params.id, { kind: 'manager-acted', by, act: { do: 'assign', to: body.to } });
  });
  const fastTrack = makeFastTrack(acts);
  implement(app, deps, fastTrackContact, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body.as);
    const outcome = await fastTrack(params.id, { by, intent: body.intent, note: body.note });
    const { contactId, decision } = await expectDone(pool, outcome);
    const { handoff, group } = decision.next;
    const handoffId = handoff?.id ?? group?.handoffId ?? null;
    return { contactId, handoffId, outcome: decision.outcome, decisionId: decision.id };
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

/** The core's refusals that are about what was sent; all others are about the handoff's state. */
const ABOUT_THE_INPUT: ReadonlySet<string> = new Set([
  'unknown-status',
  'unknown-reason',
  'reason-needed',
  'date-needed',
  'date-in-the-past',
  'note-needed',
  'unknown-intent',
  'not-selling',
]);
const ABOUT_THE_ACTOR: ReadonlySet<string> = new Set(['not-yours', 'not-sales', 'not-marketing']);

const codeOf = (refusal: Refusal): ErrorCode => {
  if (ABOUT_THE_INPUT.has(refusal.code)) return 'invalid_field';
  if (ABOUT_THE_ACTOR.has(refusal.code)) return 'forbidden';
  return refusal.by === null ? 'illegal_transition' : 'conflict';
};

const expectDone = async (pool: Pool, outcome: ActOutcome): Promise<Extract<ActOutcome, { kind: 'done' }>> => {
  if (outcome.kind === 'done') return outcome;
  if (outcome.kind === 'not-found') throw new HttpProblem('not_found', 'There is nothing with this id.');
  const { refusal } = outcome;
  const by = refusal.by === null ? undefined : await nameOf(pool, refusal.by);
  throw new HttpProblem(codeOf(refusal), refusal.say, by === undefined ? {} : { by });
};

const nameOf = async (pool: Pool, repId: number): Promise<string | undefined> =>
  (await pool.query<{ name: string }>('select name from rep where id = $1', [repId])).rows[0]?.name;
