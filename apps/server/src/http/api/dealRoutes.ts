import { closeDeal, createDeal, moveDeal } from '@baton/contract/deals.ts';
import type { FastifyInstance } from 'fastify';
import { dealTarget, makeDeals } from '../../handoff/deals.ts';
import { HttpProblem } from '../httpProblem.ts';
import { contactActed } from './actOutcome.ts';
import { actorOf } from './actorOf.ts';
import type { ActDeps } from './actRoutes.ts';
import { expectSeen } from './expectSeen.ts';
import { implement } from './implement.ts';

/** Registers what people do with deals. */
export const registerDealRoutes = (app: FastifyInstance, deps: ActDeps): void => {
  const { acts, pool } = deps;
  const deals = makeDeals(pool, acts);
  implement(app, deps, createDeal, async ({ body, caller }) => {
    const target = dealTarget({
      ...(body.handoffId === undefined ? {} : { handoffId: body.handoffId }),
      ...(body.contactId === undefined ? {} : { contactId: body.contactId }),
    });
    if (target === null)
      throw new HttpProblem('invalid_field', 'handoffId or contactId: say whose deal it is.', { at: 'handoffId' });
    if (body.handoffId !== undefined) await expectSeen(pool, caller, 'handoff', body.handoffId);
    if (body.contactId !== undefined) await expectSeen(pool, caller, 'contact', body.contactId);
    if ((body.amountMinor === undefined) !== (body.currency === undefined))
      throw new HttpProblem('invalid_field', 'amountMinor and currency go together.', { at: 'currency' });
    const created = await deals.create(target, await actorOf(pool, caller, body.as), {
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.pipeline === undefined ? {} : { pipeline: body.pipeline }),
      ...(body.stage === undefined ? {} : { stage: body.stage }),
      amountMinor: body.amountMinor ?? null,
      currency: body.currency ?? null,
      closeAt: body.closeAt === undefined ? null : Date.parse(body.closeAt),
    });
    return { ...(await contactActed(pool, created)), dealId: created.dealId ?? 0 };
  });
  implement(app, deps, moveDeal, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body.as);
    return { ...(await contactActed(pool, await deals.move(params.id, by, body.stage))), dealId: params.id };
  });
  implement(app, deps, closeDeal, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body.as);
    const outcome = await deals.close(params.id, by, body.how, body.reason ?? null);
    return { ...(await contactActed(pool, outcome)), dealId: params.id };
  });
};
