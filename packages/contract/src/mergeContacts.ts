import { z } from 'zod/mini';
import { operation } from './operation.ts';

const id = z.int().check(z.positive());

/** Two contacts are one person: one survives with all events, at most one handoff stays open. */
export const mergeContacts = operation({
  id: 'merge-contacts',
  method: 'POST',
  path: '/api/v1/contacts/merge',
  say: 'Merge one contact into another; merging what is one already changes nothing',
  access: 'handoffs:write',
  permission: 'records.merge',
  body: z.object({ survivorId: id, loserId: id }),
  reply: z.object({ contactId: z.int(), merged: z.boolean() }),
  status: 200,
  errors: ['not_found', 'invalid_field', 'idempotency_conflict'],
});

/** A merge was wrong: both are contacts of their own again. */
export const unmergeContact = operation({
  id: 'unmerge-contact',
  method: 'POST',
  path: '/api/v1/contacts/:id/unmerge',
  say: 'Undo the merge of this contact into another: both stand for themselves again, with what each had',
  access: 'handoffs:write',
  permission: 'records.merge',
  about: 'contact',
  params: z.object({ id: z.coerce.number().check(z.int(), z.positive()) }),
  reply: z.object({
    contactId: z.int(),
    survivorId: z.int(),
    /** The open handoffs of the two, and what could not be put back, in sentences. */
    handoffId: z.nullable(z.int()),
    survivorHandoffId: z.nullable(z.int()),
    notes: z.array(z.string()),
  }),
  status: 200,
  errors: ['not_found', 'conflict', 'illegal_transition', 'idempotency_conflict'],
});
