import { z } from 'zod/mini';
import { ACT_ERRORS } from './handoffActs.ts';
import { operation } from './operation.ts';

/** Marketing names a lead by hand, or a rep brings their own (`as`). How many a week or day marketing may, the policy says. */
export const fastTrackContact = operation({
  id: 'fast-track-contact',
  method: 'POST',
  path: '/api/v1/contacts/:id/fast-track',
  say: 'Hand a contact to sales by hand, with a note and an intent; a rep named by `as` brings their own lead',
  access: 'handoffs:write',
  permission: 'handoffs.fast-track',
  about: 'contact',
  params: z.object({ id: z.coerce.number().check(z.int(), z.positive()) }),
  body: z.object({
    as: z.optional(z.int().check(z.positive())),
    intent: z.string().check(z.minLength(1), z.maxLength(64)),
    note: z._default(z.string().check(z.maxLength(4_000)), ''),
  }),
  reply: z.object({
    contactId: z.int(),
    /** The contact's open handoff, or the one of a colleague that it joined. */
    handoffId: z.nullable(z.int()),
    outcome: z.string(),
    decisionId: z.int(),
  }),
  status: 200,
  errors: [...ACT_ERRORS, 'fast_track_limit'],
});
