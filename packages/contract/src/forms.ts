import { z } from 'zod/mini';
import { operation } from './operation.ts';

/** What a form's id looks like: it stands in the address that pages post to. */
export const FORM_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Where a submission may be sent on to: an origin, without a path. */
const origin = z.string().check(z.regex(/^https?:\/\/[^/\s?#]{1,253}$/));

/** What is known of a form. A form works before it is described, with the defaults named here. */
export const FormSettings = z.object({
  /** The event that a submission is: `Form Submitted`. What a policy's `on` matches. */
  event: z.string().check(z.minLength(1), z.maxLength(200)),
  /** The fields that are kept; null keeps the well-known ones (e-mail, name, company, message, UTM ...) and no others. */
  fields: z.nullable(z.array(z.string().check(z.minLength(1), z.maxLength(100))).check(z.maxLength(200))),
  redirects: z.array(origin).check(z.maxLength(50)),
  /** What a submission without a token is worth: that of a browser, as much as with one, or a look by a person first. */
  withoutToken: z.enum(['browser-trust', 'trusted', 'quarantine']),
  /** The words beside the consent box; their hash is kept with each answer. */
  consentWording: z.string().check(z.maxLength(4_000)),
});
export type FormSettings = z.output<typeof FormSettings>;

export const FormRow = z.object({ id: z.string(), name: z.string(), settings: FormSettings });

export const listForms = operation({
  id: 'list-forms',
  method: 'GET',
  path: '/api/v1/forms',
  say: 'List forms: those that were described, and those that were sent before anybody did',
  access: 'keys:write',
  permission: 'integrations.read',
  reply: z.object({ rows: z.array(FormRow) }),
  status: 200,
  errors: [],
});

export const describeForm = operation({
  id: 'describe-form',
  method: 'POST',
  path: '/api/v1/forms',
  say: 'Describe a form: what is given changes, the rest stays',
  access: 'keys:write',
  permission: 'integrations.edit',
  body: z.object({
    id: z.string().check(z.regex(FORM_ID)),
    name: z.string().check(z.minLength(1), z.maxLength(200)),
    settings: z.optional(z.partial(FormSettings)),
  }),
  reply: FormRow,
  status: 200,
  errors: ['invalid_field', 'idempotency_conflict'],
});
