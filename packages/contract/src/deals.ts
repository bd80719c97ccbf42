import { z } from 'zod/mini';
import { ContactActed } from './contactActs.ts';
import { ACT_ERRORS } from './handoffActs.ts';
import { operation } from './operation.ts';

const id = z.int().check(z.positive());
const Id = z.object({ id: z.coerce.number().check(z.int(), z.positive()) });
const code = z.string().check(z.minLength(1), z.maxLength(64));
const actor = { as: z.optional(id) };

export const DealActed = z.extend(ContactActed, { dealId: z.int() });
export type DealActed = z.output<typeof DealActed>;

/** What people do with deals. A deal of a handoff makes that handoff a deal: handoff-to-deal is taken then. */
export const createDeal = operation({
  id: 'deal-create',
  method: 'POST',
  path: '/api/v1/deals',
  say: 'Make a deal of a handoff or a contact',
  access: 'handoffs:write',
  permission: 'deals.edit',
  body: z.object({
    ...actor,
    handoffId: z.optional(id),
    contactId: z.optional(id),
    name: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
    pipeline: z.optional(code),
    stage: z.optional(code),
    /** In the smallest unit of the currency: 12345 EUR cents are 123.45 EUR. */
    amountMinor: z.optional(z.int().check(z.nonnegative())),
    currency: z.optional(z.string().check(z.regex(/^[A-Z]{3}$/))),
    closeAt: z.optional(z.iso.datetime({ offset: true })),
  }),
  reply: DealActed,
  status: 200,
  errors: ACT_ERRORS,
});

const dealAct = <Body extends z.ZodMiniType>(name: string, say: string, body: Body) =>
  operation({
    id: `deal-${name}`,
    method: 'POST',
    path: `/api/v1/deals/:id/${name}`,
    say,
    access: 'handoffs:write',
    permission: 'deals.edit',
    about: 'deal',
    params: Id,
    body,
    reply: DealActed,
    status: 200,
    errors: ACT_ERRORS,
  });

export const moveDeal = dealAct(
  'move',
  'Move a deal to another open stage of its pipeline',
  z.object({ ...actor, stage: code }),
);

export const closeDeal = dealAct(
  'close',
  'Close a deal as won, or as lost with a reason of the policy',
  z.object({ ...actor, how: z.enum(['won', 'lost']), reason: z.optional(code) }),
);
