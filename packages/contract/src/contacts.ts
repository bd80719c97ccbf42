import { TRUST } from '@baton/domain/facts/fact.ts';
import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { pageOf, pageQuery } from './paging.ts';

const instant = z.iso.datetime();

/** One known fact of a contact with where it came from. */
export const ContactFact = z.object({
  path: z.string(),
  value: z.json(),
  trust: z.enum(TRUST),
  source: z.string(),
  at: instant,
});

export const ContactRow = z.object({
  id: z.int(),
  name: z.nullable(z.string()),
  email: z.nullable(z.string()),
  companyId: z.nullable(z.int()),
  stage: z.nullable(z.string()),
  leadStatus: z.nullable(z.string()),
  ownerId: z.nullable(z.int()),
  createdAt: instant,
});

export const ContactDetail = z.extend(ContactRow, {
  facts: z.array(ContactFact),
  openHandoffId: z.nullable(z.int()),
});

export const CONTACT_SORTS = ['created', '-created'] as const;

export const listContacts = operation({
  id: 'list-contacts',
  method: 'GET',
  path: '/api/v1/contacts',
  say: 'List contacts',
  access: 'contacts:read',
  permission: 'records.read',
  query: z.strictObject({ ...pageQuery, sort: z._default(z.enum(CONTACT_SORTS), '-created') }),
  reply: pageOf(ContactRow),
  status: 200,
  errors: ['invalid_parameter', 'invalid_sort', 'invalid_cursor'],
});

export const readContact = operation({
  id: 'read-contact',
  method: 'GET',
  path: '/api/v1/contacts/:id',
  say: 'Read one contact with its facts and where each came from',
  access: 'contacts:read',
  permission: 'records.read',
  about: 'contact',
  params: z.object({ id: z.coerce.number().check(z.int(), z.positive()) }),
  reply: ContactDetail,
  status: 200,
  errors: ['not_found'],
});
