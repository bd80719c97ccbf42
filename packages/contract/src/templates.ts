import { z } from 'zod/mini';
import { operation } from './operation.ts';

/** What a company may word by itself. `mail`: what an e-mail to a rep about their new lead says. */
export const TEMPLATE_NAMES = ['mail'] as const;
const name = z.object({ name: z.enum(TEMPLATE_NAMES) });
const line = z.string().check(z.maxLength(2_000));
const long = z.string().check(z.maxLength(50_000));

/** What texts become, and what is odd about them. */
export const TemplatePreview = z.object({
  subject: z.nullable(z.string()),
  html: z.nullable(z.string()),
  text: z.nullable(z.string()),
  /** Whose facts filled it; null: nobody's, tokens say what would stand there. */
  contactId: z.nullable(z.int()),
  notes: z.array(z.string()),
});
export type TemplatePreview = z.output<typeof TemplatePreview>;

export const previewTemplate = operation({
  id: 'preview-template',
  method: 'POST',
  path: '/api/v1/templates/preview',
  say: 'Fill texts with tokens for a contact, and keep nothing',
  access: 'contacts:read',
  permission: 'integrations.read',
  body: z.strictObject({
    subject: z.optional(line),
    html: z.optional(long),
    text: z.optional(long),
    contactId: z.optional(z.int().check(z.positive())),
  }),
  reply: TemplatePreview,
  status: 200,
  errors: ['invalid_field', 'unknown_token', 'invalid_template', 'not_found'],
});

/** A text as it stands; `own` false: Baton's. */
export const TemplateRow = z.object({
  name: z.enum(TEMPLATE_NAMES),
  own: z.boolean(),
  subject: z.nullable(z.string()),
  html: z.nullable(z.string()),
  updatedAt: z.nullable(z.iso.datetime()),
  updatedBy: z.nullable(z.string()),
});
export type TemplateRow = z.output<typeof TemplateRow>;

export const listTemplates = operation({
  id: 'list-templates',
  method: 'GET',
  path: '/api/v1/templates',
  say: 'List the texts that a company may word by itself',
  access: 'contacts:read',
  permission: 'integrations.read',
  reply: z.object({ rows: z.array(TemplateRow), tokens: z.array(z.string()) }),
  status: 200,
  errors: [],
});

export const saveTemplate = operation({
  id: 'save-template',
  method: 'POST',
  path: '/api/v1/templates/:name',
  say: 'Word a text by yourself; a name that is no token is refused',
  access: 'keys:write',
  permission: 'integrations.edit',
  params: name,
  body: z.strictObject({ subject: line, html: long }),
  reply: TemplateRow,
  status: 200,
  errors: ['invalid_field', 'unknown_token', 'invalid_template', 'not_found'],
});

export const removeTemplate = operation({
  id: 'remove-template',
  method: 'DELETE',
  path: '/api/v1/templates/:name',
  say: 'Go back to the text that Baton has',
  access: 'keys:write',
  permission: 'integrations.edit',
  params: name,
  status: 204,
  errors: ['not_found'],
});
