import { assertNever } from '../kernel/assertNever.ts';

/** Every token that a text field may use, and what stands there for a reader who has no lead at hand. */
export const TEMPLATE_TOKENS = {
  'contact.name': 'the contact’s name',
  'contact.first_name': 'the contact’s first name',
  'contact.last_name': 'the contact’s last name',
  'contact.email': 'the contact’s e-mail address',
  'contact.phone': 'the contact’s phone number',
  'contact.title': 'the contact’s job title',
  'contact.country': 'the contact’s country',
  'company.name': 'the company’s name',
  'company.domain': 'the company’s domain',
  'owner.name': 'the owner’s name',
  intent: 'the intent',
  reason: 'the reason',
  evidence: 'the evidence',
  'source.first': 'the first source',
  'source.latest': 'the latest source',
  'first_task.type': 'the first task’s kind',
  'promise.due': 'the due time',
} as const;
export type TemplateToken = keyof typeof TEMPLATE_TOKENS;

/** What a token says when it has no value. */
export type TemplateFallback =
  | { readonly kind: 'token'; readonly token: TemplateToken }
  | { readonly kind: 'text'; readonly text: string };

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'token'; readonly token: TemplateToken; readonly fallback: TemplateFallback | null };

/** A text with tokens, already cut into its parts; there is nothing left to interpret. */
export type Template = readonly TemplatePart[];

/**
 * Fills a template. `values` answers a token with its text, or undefined where nothing is known: then the fallback
 * speaks, and without one the token leaves nothing. Control characters of values become spaces, so that a name can't
 * break a subject line. The caller escapes for its own medium. Linear in the length of the text.
 */
export const renderTemplate = (template: Template, values: (token: TemplateToken) => string | undefined): string => {
  let text = '';
  for (const part of template) {
    switch (part.kind) {
      case 'text':
        text += part.text;
        break;
      case 'token': {
        const known = values(part.token);
        text += known ? plain(known) : part.fallback === null ? '' : fallbackText(part.fallback, values);
        break;
      }
      default:
        assertNever(part);
    }
  }
  return text;
};

const fallbackText = (fallback: TemplateFallback, values: (token: TemplateToken) => string | undefined): string =>
  fallback.kind === 'text' ? fallback.text : plain(values(fallback.token) ?? '');

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;
const plain = (value: string): string => value.replace(CONTROL, ' ').trim();
