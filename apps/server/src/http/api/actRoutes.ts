import { HANDOFF_ACTS, type HandoffActed, readHandoffActions } from '@baton/contract/handoffActs.ts';
import type { Input, RepAct } from '@baton/domain/handoff/input.ts';
import type { FastifyInstance } from 'fastify';
import type { ActOutcome, Acts, MakeInput } from '../../handoff/act.ts';
import type { DecideContactsDeps } from '../../handoff/decideContacts.ts';
import { makeUndoAct } from '../../handoff/undoAct.ts';
import { readActions } from '../../records/handoffs/readActions.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { registerActivityRoutes } from './activityRoutes.ts';
import { expectDone } from './actOutcome.ts';
import { actorOf } from './actorOf.ts';
import type { Caller } from './caller.ts';
import { registerContactActRoutes } from './contactActRoutes.ts';
import { registerDealRoutes } from './dealRoutes.ts';
import { type ApiDeps, implement } from './implement.ts';
import { registerTaskRoutes } from './taskRoutes.ts';
import { withinRoles } from './withinRoles.ts';

/** What acting needs beside the rest. */
export type ActDeps = ApiDeps & {
  readonly acts: Acts;
  readonly deciding: DecideContactsDeps;
  readonly now: () => number;
};

/** Registers what people do with handoffs, contacts, tasks and deals. Who may do what in which state is the core's table. */
export const registerActRoutes = (app: FastifyInstance, deps: ActDeps): void => {
  const { acts, pool, now } = deps;
  const acted = async (handoffId: number, outcome: ActOutcome): Promise<HandoffActed> => {
    const { contactId, decision } = await expectDone(pool, outcome);
    return { handoffId, contactId, outcome: decision.outcome, decisionId: decision.id };
  };
  const actOn = async (handoffId: number, input: Input | MakeInput): Promise<HandoffActed> =>
    acted(handoffId, await acts.act({ handoffId }, input));
  const repActs = async (handoffId: number, caller: Caller, as: number | undefined, act: RepAct) =>
    actOn(handoffId, { kind: 'rep-acted', by: await actorOf(pool, caller, as), act });
  const { accept, claim, logContact, reject, park, handBack, setStatus, passOn, assign, undo } = HANDOFF_ACTS;

  implement(app, deps, readHandoffActions, async ({ params, query, caller }) => {
    const found = await pool.query<{ contact_id: number; status: string }>(
      'select contact_id, status from handoff where id = $1',
      [params.id],
    );
    const handoff = found.rows[0];
    if (handoff === undefined) throw new HttpProblem('not_found', `There is no handoff ${params.id}.`);
    const actor = await actorOf(pool, caller, query.as);
    const actions = await readActions(pool, handoff.contact_id, { id: params.id, status: handoff.status }, actor);
    return { actions: withinRoles(actions, caller), serverNow: iso(now()) };
  });
  implement(app, deps, accept, ({ params, body, caller }) => repActs(params.id, caller, body?.as, { do: 'accept' }));
  implement(app, deps, claim, ({ params, body, caller }) => repActs(params.id, caller, body?.as, { do: 'claim' }));
  implement(app, deps, logContact, ({ params, body, caller }) =>
    repActs(params.id, caller, body.as, {
      do: 'log-contact',
      channel: body.channel,
      outcome: body.outcome,
      note: body.note ?? null,
      at: body.at === undefined ? now() : Date.parse(body.at),
      ...(body.next === undefined
        ? {}
        : {
            next: { type: body.next.type, title: body.next.title ?? null, dueAt: Date.parse(body.next.dueAt) },
          }),
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
  implement(app, deps, passOn, ({ params, body, caller }) =>
    repActs(params.id, caller, body?.as, {
      do: 'pass-on',
      leg: body?.leg ?? null,
      to: body?.to ?? null,
      note: body?.note ?? null,
    }),
  );
  implement(app, deps, assign, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body.as);
    const charge = body.charge === undefined ? {} : { charge: body.charge };
    return actOn(params.id, { kind: 'manager-acted', by, act: { do: 'assign', to: body.to, ...charge } });
  });
  const undoAct = makeUndoAct(acts);
  implement(app, deps, undo, async ({ params, body, caller }) => {
    const found = await pool.query<{ contact_id: number }>('select contact_id from handoff where id = $1', [params.id]);
    const contactId = found.rows[0]?.contact_id;
    if (contactId === undefined) throw new HttpProblem('not_found', `There is no handoff ${params.id}.`);
    return acted(params.id, await undoAct(contactId, await actorOf(pool, caller, body?.as)));
  });
  registerContactActRoutes(app, deps);
  registerTaskRoutes(app, deps);
  registerDealRoutes(app, deps);
  registerActivityRoutes(app, deps);
};
