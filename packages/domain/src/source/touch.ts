import type { Instant } from '../kernel/time.ts';

/** The small vocabulary of where a touch came from. */
export const TOUCH_SOURCES = [
  'organic',
  'paid',
  'email',
  'social',
  'referral',
  'partner',
  'event',
  'outbound',
  'direct',
  'import',
  'sales',
] as const;
export type TouchSource = (typeof TOUCH_SOURCES)[number];

/** One touch: how a contact came to us at one instant, as UTM fields, campaign, form, landing page and referrer tell. */
export type Touch = {
  readonly at: Instant;
  readonly key: string;
  readonly source: TouchSource;
  /** What the sender called it, when that is not our word, e.g. an import's own origin column. */
  readonly detail?: string;
  readonly utm?: { readonly [field: string]: string };
  readonly campaign?: string;
  readonly form?: string;
  readonly landingPage?: string;
  readonly referrer?: string;
};

/** First and latest touch: the least and the greatest by (at, key), so order of arrival has no say. */
export type Touches = { readonly first: Touch | null; readonly latest: Touch | null };
