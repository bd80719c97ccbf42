import { nearest } from '@baton/domain/policy/nearest.ts';
import { TEMPLATE_TOKENS, type TemplateToken } from '@baton/domain/policy/template.ts';
import { Liquid, type Template } from 'liquidjs';

/** Where a template is wrong, in words: `unknown-token` names something that is no token, `template-syntax` all else. */
export type TemplateFinding = { readonly code: 'unknown-token' | 'template-syntax'; readonly say: string };

/** `html` is escaped as it is filled, `text` stays as it is, `line` is one line: what would break it becomes a space. */
export type TemplateKind = 'html' | 'text' | 'line';

const CHARACTERS_MAX = 20_000;
const FILLED_MAX = 100_000;
const RENDER_MS_MAX = 200;
const MEMORY_MAX = 500_000;
const PARTS_MAX = 5_000;

/** Nothing here reads a file, calls a program or repeats: what a sentence about a lead needs, and no more. */
const TAGS = ['if', 'unless', 'case', 'assign', 'capture', 'comment', '#'] as const;
const FILTERS = [
  'default',
  'escape',
  'escape_once',
  'upcase',
  'downcase',
  'capitalize',
  'strip',
  'truncate',
  'truncatewords',
  'append',
  'prepend',
] as const;

const TOKENS = Object.keys(TEMPLATE_TOKENS) as readonly TemplateToken[];

/** Names that people write for a token out of habit: `contact.firstName` for `contact.first_name`. */
const camel = (token: string): string => token.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const MEANT: ReadonlyMap<string, TemplateToken> = new Map(
  TOKENS.flatMap((token) => [[token, token] as const, [camel(token), token] as const]),
);

/** What stands where a value is not known, so that no greeting ends in nothing. Tokens that are not here say nothing. */
const UNKNOWN: { readonly [token in TemplateToken]?: string } = {
  'contact.name': 'this contact',
  'contact.first_name': 'there',
  'company.name': 'their company',
  'owner.name': 'nobody yet',
  'first_task.type': 'contact',
};

const makeEngine = (kind: TemplateKind): Liquid => {
  const engine = new Liquid({
    ...(kind === 'html' ? { outputEscape: 'escape' as const } : {}),
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: CHARACTERS_MAX,
    renderLimit: RENDER_MS_MAX,
    memoryLimit: MEMORY_MAX,
    // nothing can be looked up: there are no files, and no other templates
    templates: {},
  });
  for (const tag of Object.keys(engine.tags)) if (!TAGS.some((known) => known === tag)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters))
    if (!FILTERS.some((known) => known === filter)) delete engine.filters[filter];
  // `raw` of the library turns escaping off; ours is known and changes nothing
  engine.registerFilter('raw', (value: unknown) => value);
  // what is escaped as it leaves is not escaped twice
  if (kind === 'html') engine.registerFilter('escape', (value: unknown) => value);
  return engine;
};

const ENGINES: { readonly [kind in TemplateKind]: Liquid } = {
  html: makeEngine('html'),
  text: makeEngine('text'),
  line: makeEngine('line'),
};

/** A template that was read and found good. */
export type ReadyTemplate = {
  readonly kind: TemplateKind;
  readonly parts: readonly Template[];
  /** What is odd about it and does no harm, in words. */
  readonly notes: readonly string[];
};

/** Reads a template; every name in it must be a token. Linear in its length. Nothing is rendered. */
export const readLiquid = (
  kind: TemplateKind,
  text: string,
): { readonly ok: true; readonly value: ReadyTemplate } | { readonly ok: false; readonly error: TemplateFinding[] } => {
  const engine = ENGINES[kind];
  let parts: Template[];
  try {
    parts = engine.parse(text);
  } catch (error) {
    return { ok: false, error: [{ code: 'template-syntax', say: sayMistake(error) }] };
  }
  const unknown = namesIn(engine, parts).filter((name) => !MEANT.has(name));
  if (unknown.length > 0)
    return {
      ok: false,
      error: [...new Set(unknown)].map((name) => ({ code: 'unknown-token', say: sayUnknown(name) })),
    };
  const usesRaw = /\|\s*raw\b/.test(text);
  const notes = usesRaw ? ['raw has no effect: what is known of people is always escaped in HTML.'] : [];
  return { ok: true, value: { kind, parts, notes } };
};

/** What a token says, or undefined. */
export type TokenValues = (token: TemplateToken) => string | undefined;

/**
 * Fills a template. Bounded in time (200 ms), memory and length.
 * @throws Error saying which bound it hit; a template that was read cannot fail otherwise.
 */
export const fillLiquid = (template: ReadyTemplate, values: TokenValues): string => {
  const engine = ENGINES[template.kind];
  const filled = String(
    engine.renderSync([...template.parts], scopeOf(values), { templateLimit: PARTS_MAX, ownPropertyOnly: true }),
  ).slice(0, FILLED_MAX);
  return template.kind === 'line' ? oneLine(filled) : filled;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** A text as one line: what a header or a title may hold. Line breaks, controls and direction marks become spaces. */
export const oneLine = (text: string): string => text.replace(CONTROL, ' ').trim();

type Scope = { [name: string]: string | null | Scope };

/** Plain objects without a prototype that hold texts alone: there is nothing else to walk to. */
const scopeOf = (values: TokenValues): Scope => {
  const scope: Scope = Object.create(null);
  for (const [name, token] of MEANT) {
    const path = name.split('.');
    const last = path.pop() as string;
    let at = scope;
    for (const step of path) {
      at[step] ??= Object.create(null) as Scope;
      at = at[step] as Scope;
    }
    at[last] = values(token) || UNKNOWN[token] || null;
  }
  return scope;
};

/** Every name that a template reads from outside. A name that is computed (`contact[x]`) is none that we know. */
const namesIn = (engine: Liquid, parts: Template[]): string[] =>
  engine
    .globalVariableSegmentsSync(parts, { partials: false })
    .map((segments) => segments.map((segment) => (Array.isArray(segment) ? '[...]' : String(segment))).join('.'));

const sayUnknown = (name: string): string => {
  const meant = nearest(name, TOKENS);
  const mend = meant === undefined ? `Tokens: ${TOKENS.join(', ')}` : `Did you mean {{ ${meant} }}?`;
  return `{{ ${name.slice(0, 60)} }} is not a token. ${mend}`;
};

const sayMistake = (error: unknown): string => {
  const message = error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
  if (/tag ".*" not found/.test(message))
    return `${message.slice(0, 200)}. Tags: ${TAGS.filter((tag) => tag !== '#').join(', ')}.`;
  if (/undefined filter/.test(message)) return `${message.slice(0, 200)}. Filters: ${FILTERS.join(', ')}.`;
  return message.slice(0, 300);
};
