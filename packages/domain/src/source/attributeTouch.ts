/**
 * How a contact came, in our small vocabulary, from what senders say: their own word, UTM fields, paid-click parameters,
 * the referrer, a form. The most deliberate wins: what somebody tagged beats what a browser happened to send. Pure text
 * work: it knows no clock and asks nobody.
 */
import { PAID_CLICK_PARAMETERS, REFERRER_HOSTS, REFERRER_WHOLE_HOSTS, SOURCE_WORDS } from './sourceWords.ts';
import { TOUCH_SOURCES, type Touch, type TouchSource } from './touch.ts';

/** What an event tells about how its contact came; everything may be missing. Nothing of it is trusted. */
export type TouchHints = {
  /** The sender's own word for the source, e.g. an import's origin column. */
  readonly word?: string | undefined;
  /** `source`, `medium`, `campaign`, `term`, `content`; read from the address where absent. */
  readonly utm?: { readonly [field: string]: string } | undefined;
  readonly campaign?: string | undefined;
  readonly form?: string | undefined;
  /** The page that was seen, with its query. */
  readonly url?: string | undefined;
  readonly referrer?: string | undefined;
  /** A page view from nowhere is a direct visit; any other act without hints tells nothing. */
  readonly isPage?: boolean | undefined;
  /** What it is where none of these tell: `import` for an imported row. */
  readonly otherwise?: TouchSource | undefined;
};

const TEXT_CHARS_MAX = 500;
const UTM_FIELDS = ['source', 'medium', 'campaign', 'term', 'content'] as const;

/** The touch that these hints tell, or null where they tell nothing (a step from page to page is no touch). Linear. */
export const attributeTouch = (hints: TouchHints): Omit<Touch, 'at' | 'key'> | null => {
  const word = clipped(hints.word);
  // Only web addresses: a script or a file in its place is no page that anybody landed on.
  const url = hostOf(clipped(hints.url)) === undefined ? undefined : clipped(hints.url);
  const query = queryOf(url);
  const utm = readUtm(hints.utm, query);
  const host = hostOf(clipped(hints.referrer));
  const outside = host !== undefined && !isSameSite(host, hostOf(url)) ? host : undefined;
  const form = clipped(hints.form);
  const source =
    sourceOfWord(word) ??
    sourceOfWord(utm?.medium) ??
    (PAID_CLICK_PARAMETERS.some((name) => query.has(name)) ? 'paid' : undefined) ??
    sourceOfUtmSource(utm?.source) ??
    (outside === undefined ? undefined : sourceOfHost(outside)) ??
    (utm === undefined ? undefined : 'referral') ??
    (form !== undefined || (hints.isPage === true && host === undefined && url !== undefined) ? 'direct' : undefined) ??
    hints.otherwise;
  if (source === undefined) return null;
  const campaign = clipped(hints.campaign) ?? utm?.campaign;
  return {
    source,
    ...(word === undefined || foldWord(word) === source ? {} : { detail: word }),
    ...(utm === undefined ? {} : { utm }),
    ...(campaign === undefined ? {} : { campaign }),
    ...(form === undefined ? {} : { form }),
    ...(url === undefined ? {} : { landingPage: url.split(/[?#]/, 1)[0] as string }),
    ...(outside === undefined ? {} : { referrer: outside }),
  };
};

/** A sender's word for a source as ours; undefined where we don't know it. */
export const sourceOfWord = (word: string | undefined): TouchSource | undefined => {
  if (word === undefined) return undefined;
  const folded = foldWord(word);
  if (Object.hasOwn(SOURCE_WORDS, folded)) return SOURCE_WORDS[folded];
  return TOUCH_SOURCES.find((source) => source === folded);
};

const foldWord = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[\s_/()-]+/g, ' ')
    .trim();

/** `utm_source` names a place rather than a kind: a known word, a host, or a network's name. */
const sourceOfUtmSource = (source: string | undefined): TouchSource | undefined => {
  if (source === undefined) return undefined;
  const folded = source.trim().toLowerCase();
  if (Object.hasOwn(REFERRER_HOSTS, folded)) return REFERRER_HOSTS[folded];
  return sourceOfWord(source) ?? (folded.includes('.') ? knownHost(folded) : undefined);
};

const sourceOfHost = (host: string): TouchSource => knownHost(host) ?? 'referral';

/** The label before the suffix, one or two labels long: `www.google.co.uk` and `google.de` are both `google`. */
const knownHost = (host: string): TouchSource | undefined => {
  if (Object.hasOwn(REFERRER_WHOLE_HOSTS, host)) return REFERRER_WHOLE_HOSTS[host];
  for (const label of host.split('.').slice(-3, -1))
    if (Object.hasOwn(REFERRER_HOSTS, label)) return REFERRER_HOSTS[label];
  return undefined;
};

/** The host of an http(s) address in lower case, without `www.`; undefined for anything else. */
export const hostOf = (url: string | undefined): string | undefined =>
  url === undefined
    ? undefined
    : /^https?:\/\/(?:[^/?#@]*@)?(?:www\.)?([^/?#:@\s]{1,253})/i.exec(url)?.[1]?.toLowerCase();

/** One host below the other (`app.acme.com`, `acme.com`) is one site: walking inside it is no new touch. */
const isSameSite = (host: string, own: string | undefined): boolean =>
  own !== undefined && (host === own || host.endsWith(`.${own}`) || own.endsWith(`.${host}`));

const readUtm = (
  given: TouchHints['utm'],
  query: ReadonlyMap<string, string>,
): { readonly [field: string]: string } | undefined => {
  const utm: { [field: string]: string } = {};
  let any = false;
  for (const field of UTM_FIELDS) {
    const told = given !== undefined && Object.hasOwn(given, field) ? given[field] : undefined;
    const value = clipped(told) ?? clipped(query.get(`utm_${field}`));
    if (value === undefined) continue;
    utm[field] = value;
    any = true;
  }
  return any ? utm : undefined;
};

const NO_QUERY: ReadonlyMap<string, string> = new Map();

const queryOf = (url: string | undefined): ReadonlyMap<string, string> => {
  const start = url?.indexOf('?') ?? -1;
  if (url === undefined || start < 0) return NO_QUERY;
  const query = new Map<string, string>();
  for (const pair of (url.slice(start + 1).split('#', 1)[0] as string).split('&')) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (!query.has(name)) query.set(name, decode(value));
  }
  return query;
};

/** Percent escapes and `+` undone; a broken escape leaves the text as it came. */
const decode = (text: string): string => {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
};

const clipped = (text: string | undefined): string | undefined => {
  const trimmed = typeof text === 'string' ? text.trim().slice(0, TEXT_CHARS_MAX) : '';
  return trimmed === '' ? undefined : trimmed;
};
