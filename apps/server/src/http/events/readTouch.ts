import type { JsonObject, JsonValue } from '@baton/domain/kernel/json.ts';
import type { Touch, TouchSource } from '@baton/domain/source/touch.ts';

type Told = Omit<Touch, 'at' | 'key'>;

/** `utm_medium` as senders write it, folded, to our word. */
const MEDIUMS: ReadonlyMap<string, TouchSource> = new Map([
  ['cpc', 'paid'],
  ['ppc', 'paid'],
  ['paid', 'paid'],
  ['paidsearch', 'paid'],
  ['paid-search', 'paid'],
  ['paid_search', 'paid'],
  ['paid-social', 'paid'],
  ['paid_social', 'paid'],
  ['paidsocial', 'paid'],
  ['display', 'paid'],
  ['banner', 'paid'],
  ['cpm', 'paid'],
  ['cpv', 'paid'],
  ['retargeting', 'paid'],
  ['email', 'email'],
  ['e-mail', 'email'],
  ['newsletter', 'email'],
  ['social', 'social'],
  ['social-media', 'social'],
  ['social_media', 'social'],
  ['organic-social', 'social'],
  ['sm', 'social'],
  ['organic', 'organic'],
  ['referral', 'referral'],
  ['affiliate', 'partner'],
  ['partner', 'partner'],
  ['event', 'event'],
  ['webinar', 'event'],
  ['tradeshow', 'event'],
  ['outbound', 'outbound'],
  ['sales', 'sales'],
  ['direct', 'direct'],
  ['(none)', 'direct'],
]);

/** Words in a referrer's host that tell a search engine or a network; matched as a whole label. */
const REFERRERS: ReadonlyMap<string, TouchSource> = new Map([
  ['google', 'organic'],
  ['bing', 'organic'],
  ['duckduckgo', 'organic'],
  ['yahoo', 'organic'],
  ['ecosia', 'organic'],
  ['baidu', 'organic'],
  ['yandex', 'organic'],
  ['startpage', 'organic'],
  ['qwant', 'organic'],
  ['brave', 'organic'],
  ['facebook', 'social'],
  ['instagram', 'social'],
  ['linkedin', 'social'],
  ['lnkd', 'social'],
  ['twitter', 'social'],
  ['x', 'social'],
  ['t', 'social'],
  ['youtube', 'social'],
  ['reddit', 'social'],
  ['xing', 'social'],
  ['tiktok', 'social'],
  ['pinterest', 'social'],
]);

/** Query parameters that ad platforms add to paid clicks. */
const PAID_CLICK = /[?&](?:gclid|gbraid|wbraid|msclkid|fbclid_paid|li_fat_id|dclid)=/;
const TEXT_CHARS_MAX = 500;

/** The pieces of an event that tell how its contact came. */
export type TouchHints = {
  readonly campaign?: JsonValue | undefined;
  readonly url?: JsonValue | undefined;
  readonly referrer?: JsonValue | undefined;
  readonly form?: string;
  /** True for a page view: without a referrer it is a direct visit. For other acts no referrer tells nothing. */
  readonly isPage: boolean;
};

/**
 * How a contact came, as far as an event tells: campaign (Segment's `context.campaign`), paid-click parameters, a
 * referrer from another host, or a page view from nowhere. Null where it tells nothing new. Pure.
 */
export const readTouch = (hints: TouchHints): Told | null => {
  const utm = readUtm(hints.campaign);
  const said = text(hints.url);
  // anything but a web address (`javascript:` ...) is no page that somebody came to
  const url = said !== undefined && hostOf(said) !== undefined ? said : undefined;
  const referrer = text(hints.referrer);
  const host = referrer === undefined ? undefined : hostOf(referrer);
  const outside = host !== undefined && host !== (url === undefined ? undefined : hostOf(url));
  const source =
    sourceOfMedium(utm) ??
    (url !== undefined && PAID_CLICK.test(url) ? 'paid' : undefined) ??
    (outside ? sourceOfHost(host) : undefined) ??
    (utm === undefined ? undefined : 'referral') ??
    (hints.isPage && referrer === undefined && url !== undefined ? 'direct' : undefined) ??
    (hints.form === undefined ? undefined : 'direct');
  if (source === undefined) return null;
  return {
    source,
    ...(utm === undefined ? {} : { utm }),
    ...(utm?.['campaign'] === undefined ? {} : { campaign: utm['campaign'] }),
    ...(hints.form === undefined ? {} : { form: hints.form }),
    ...(url === undefined ? {} : { landingPage: withoutQuery(url) }),
    ...(outside ? { referrer: host } : {}),
  };
};

const readUtm = (campaign: JsonValue | undefined): Record<string, string> | undefined => {
  if (typeof campaign !== 'object' || campaign === null || Array.isArray(campaign)) return undefined;
  const given = campaign as JsonObject;
  const utm: Record<string, string> = {};
  const fields = { source: 'source', medium: 'medium', campaign: 'name', term: 'term', content: 'content' } as const;
  let any = false;
  for (const [field, name] of Object.entries(fields)) {
    const value = text(given[name]) ?? text(given[field]);
    if (value === undefined) continue;
    utm[field] = value;
    any = true;
  }
  return any ? utm : undefined;
};

const sourceOfMedium = (utm: Record<string, string> | undefined): TouchSource | undefined =>
  MEDIUMS.get(utm?.['medium']?.toLowerCase() ?? '') ?? MEDIUMS.get(utm?.['source']?.toLowerCase() ?? '');

const sourceOfHost = (host: string): TouchSource => {
  const labels = host.split('.');
  for (const label of labels.slice(Math.max(0, labels.length - 3), -1)) {
    const source = REFERRERS.get(label);
    if (source !== undefined) return source;
  }
  return 'referral';
};

/** The host of an http(s) address in lower case, without `www.`; undefined for anything else. Cheaper than `new URL`. */
export const hostOf = (url: string): string | undefined => {
  const match = /^https?:\/\/(?:[^/?#@]*@)?(?:www\.)?([^/?#:@\s]{1,253})/i.exec(url);
  return match?.[1]?.toLowerCase();
};

const withoutQuery = (url: string): string => url.split(/[?#]/, 1)[0] as string;

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, TEXT_CHARS_MAX) : undefined;
