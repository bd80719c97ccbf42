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
  body: z.object({ survivorId: id, loserId: id }),
  reply: z.object({ contactId: z.int(), merged: z.boolean() }),
  status: 200,
  errors: ['not_found', 'invalid_field', 'idempotency_conflict'],
});
