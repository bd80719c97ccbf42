import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from './parse.ts';
import { sourceOf } from './sourceOf.ts';
import { renderTemplate, TEMPLATE_TOKENS, type Template, type TemplateToken } from './template.ts';
import { smallestPolicy } from './testPolicy.ts';

const templateOf = (title: string): Template => {
  const parsed = parsePolicy(sourceOf({ ...smallestPolicy, 'first-task': { high: { type: 'call', title } } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.document.firstTask[0]?.title ?? [];
};
const render = (title: string, values: { readonly [Token in TemplateToken]?: string }): string =>
  renderTemplate(templateOf(title), (token) => values[token]);

/** Any UTF-16 code units, half of them from the range where control characters live; fast-check's `binary` takes seconds to build. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0xffff })), { maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes));

describe('a text with tokens', () => {
  it.each([
    ['Call {{ contact.name }}', { 'contact.name': 'Ada' }, 'Call Ada'],
    ['Call {{contact.name}}!', {}, 'Call !'],
    ['{{ company.name | default: contact.name }}', { 'contact.name': 'Ada' }, 'Ada'],
    ['{{ company.name | default: contact.name }}', { 'contact.name': 'Ada', 'company.name': 'Acme' }, 'Acme'],
    ['{{ company.name | default: "a company" }}', {}, 'a company'],
    ["{{ company.name | default: 'nobody' }} & co", { 'company.name': '' }, 'nobody & co'],
    ['No tokens, 100 % { plain }', {}, 'No tokens, 100 % { plain }'],
  ])('%s with %j', (title, values, expected) => {
    expect(render(title, values)).toBe(expected);
  });

  it('is never read again: a value that looks like a token stays as it is', () => {
    expect(render('Call {{ contact.name }}', { 'contact.name': '{{ contact.email }}', 'contact.email': 'x' })).toBe(
      'Call {{ contact.email }}',
    );
  });

  it('lets no value break the line it stands in', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...Object.keys(TEMPLATE_TOKENS)), (value, token) => {
        const text = renderTemplate([{ kind: 'token', token: token as TemplateToken, fallback: null }], () => value);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});
