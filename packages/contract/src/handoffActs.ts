import { CONTACT_CHANNELS, CONTACT_OUTCOMES } from '@baton/domain/handoff/input.ts';
import { z } from 'zod/mini';
import { handoffAction } from './handoffs.ts';
import { type Operation, operation } from './operation.ts';

const Id = z.object({ id: z.coerce.number().check(z.int(), z.positive()) });
const note = z.optional(z.nullable(z.string().check(z.maxLength(4_000))));
const code = z.string().check(z.minLength(1), z.maxLength(64));
const instant = z.iso.datetime({ offset: true });

/** Who acts: the rep by id, where a key or a manager acts in their name; absent: the person signed in. */
const actor = { as: z.optional(z.int().check(z.positive())) };

/** The handoff as it stands after an act. */
export const HandoffActed = z.object({
  handoffId: z.int(),
  contactId: z.int(),
  outcome: z.string(),
  decisionId: z.int(),
});
export type HandoffActed = z.output<typeof HandoffActed>;

export const ACT_ERRORS = [
  'not_found',
  'forbidden',
  'conflict',
  'illegal_transition',
  'invalid_field',
  'idempotency_conflict',
] as const;

const act = <Body extends z.ZodMiniType>(
  name: string,
  say: string,
  body: Body,
  permission: Operation['permission'] = 'handoffs.work',
) =>
  operation({
    id: `handoff-${name}`,
    method: 'POST',
    path: `/api/v1/handoffs/:id/${name}`,
    say,
    access: 'handoffs:write',
    permission,
    about: 'handoff',
    params: Id,
    body,
    reply: HandoffActed,
    status: 200,
    errors: ACT_ERRORS,
  });

/** What one may do with a handoff now, and why not. `until`: of what can be undone, until when. */
export const readHandoffActions = operation({
  id: 'read-handoff-actions',
  method: 'GET',
  path: '/api/v1/handoffs/:id/actions',
  say: 'What the caller may do with a handoff now, each with the sentence why not',
  access: 'handoffs:read',
  permission: 'handoffs.read',
  about: 'handoff',
  params: Id,
  query: z.strictObject({ as: z.optional(z.coerce.number().check(z.int(), z.positive())) }),
  reply: z.object({ actions: z.array(handoffAction), serverNow: z.iso.datetime() }),
  status: 200,
  errors: ['not_found', 'invalid_parameter'],
});

/** What people do with a handoff over the API; one operation for each act of the core. */
export const HANDOFF_ACTS = {
  accept: act('accept', 'Accept the lead', z.optional(z.object(actor))),
  claim: act('claim', 'Claim the lead from its queue', z.optional(z.object(actor))),
  logContact: act(
    'log-contact',
    'Log that the contact was tried or reached',
    z.object({
      ...actor,
      channel: z.enum(CONTACT_CHANNELS),
      outcome: z.enum(CONTACT_OUTCOMES),
      note,
      at: z.optional(instant),
      /** What the rep will do next: it becomes a task of theirs. */
      next: z.optional(z.object({ type: code, title: note, dueAt: instant })),
    }),
  ),
  reject: act('reject', 'Give the lead back with a reason', z.object({ ...actor, reason: code, detail: note })),
  park: act('park', 'Bad timing: put it off until an instant', z.object({ ...actor, until: instant, note })),
  handBack: act('hand-back', 'Give it to somebody else', z.object({ ...actor, reason: code })),
  passOn: act(
    'pass-on',
    'Pass it on inside sales: to the policy’s next leg, or to somebody by name',
    z.optional(z.object({ ...actor, leg: z.optional(code), to: z.optional(z.int().check(z.positive())), note })),
  ),
  setStatus: act(
    'status',
    'Set the lead status by hand',
    z.object({ ...actor, status: code, reason: z.optional(code), until: z.optional(instant) }),
  ),
  assign: act(
    'assign',
    'Assign it to a rep, as a manager; with `charge` it counts as a turn of their team',
    z.object({ ...actor, to: z.int().check(z.positive()), charge: z.optional(z.literal('team')) }),
    'handoffs.assign',
  ),
  undo: act(
    'undo',
    'Take back what one did with it less than ten seconds ago',
    z.optional(z.object(actor)),
    'signed-in',
  ),
} as const;
