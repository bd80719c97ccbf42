import { LIFECYCLE_STAGES } from '@baton/domain/lifecycle/stage.ts';
import { z } from 'zod/mini';
import { ACT_ERRORS } from './handoffActs.ts';
import { type Operation, operation } from './operation.ts';

const id = z.int().check(z.positive());
const Id = z.object({ id: z.coerce.number().check(z.int(), z.positive()) });
/** Who acts: the rep by id, where a key or a manager acts in their name; absent: the person signed in. */
const actor = { as: z.optional(id) };

export const WITHDRAW_CAUSES = ['unsubscribed', 'objection', 'became-customer', 'competitor', 'by-hand'] as const;

/** The contact as it stands after an act. `handoffId`: its open handoff, or the one of a colleague that it joined. */
export const ContactActed = z.object({
  contactId: z.int(),
  handoffId: z.nullable(z.int()),
  outcome: z.string(),
  decisionId: z.int(),
});
export type ContactActed = z.output<typeof ContactActed>;

const act = <Body extends z.ZodMiniType>(
  name: string,
  say: string,
  body: Body,
  permission: Operation['permission'],
  about: 'contact' | 'free-contact' = 'contact',
) =>
  operation({
    id: `contact-${name}`,
    method: 'POST',
    path: `/api/v1/contacts/:id/${name}`,
    say,
    access: 'handoffs:write',
    permission,
    about,
    params: Id,
    body,
    reply: ContactActed,
    status: 200,
    errors: ACT_ERRORS,
  });

/** What people do with a contact, whether or not a handoff of it is open. */
export const CONTACT_ACTS = {
  ownLead: act(
    'own-lead',
    'A rep brings their own lead: theirs at once, without rotation',
    z.object({
      ...actor,
      intent: z._default(z.string().check(z.minLength(1), z.maxLength(64)), 'standard'),
      note: z._default(z.string().check(z.maxLength(4_000)), ''),
    }),
    'handoffs.work',
    'free-contact',
  ),
  withdraw: act(
    'withdraw',
    'Take it back from sales, for a cause',
    z.object({ ...actor, cause: z.enum(WITHDRAW_CAUSES) }),
    'records.edit',
  ),
  setStage: act(
    'stage',
    'Set the lifecycle stage by hand; sql means an accepted handoff of `ownerId`, or of whoever the routes say',
    z.object({ ...actor, stage: z.enum(LIFECYCLE_STAGES), ownerId: z.optional(id) }),
    'records.edit',
  ),
  undo: act(
    'undo',
    'Take back what one did with the contact less than ten seconds ago',
    z.optional(z.object(actor)),
    'signed-in',
  ),
} as const;
