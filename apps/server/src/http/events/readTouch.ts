import type { JsonObject, JsonValue } from '@baton/domain/kernel/json.ts';
import { attributeTouch } from '@baton/domain/source/attributeTouch.ts';
import type { Touch } from '@baton/domain/source/touch.ts';

/** The pieces of an event that tell how its contact came, as they arrived. */
export type TouchHints = {
  /** Segment's `context.campaign`: `name` stands for utm_campaign. */
  readonly campaign?: JsonValue | undefined;
  readonly url?: JsonValue | undefined;
  readonly referrer?: JsonValue | undefined;
  readonly form?: string;
  /** True for a page view: without a referrer it is a direct visit. For other acts no referrer tells nothing. */
  readonly isPage: boolean;
};

/** How a contact came, as far as an event tells (see `attributeTouch`); null where it tells nothing new. Pure. */
export const readTouch = (hints: TouchHints): Omit<Touch, 'at' | 'key'> | null =>
  attributeTouch({
    utm: readCampaign(hints.campaign),
    url: text(hints.url),
    referrer: text(hints.referrer),
    form: hints.form,
    isPage: hints.isPage,
  });

const UTM_NAMES = { source: 'source', medium: 'medium', campaign: 'name', term: 'term', content: 'content' } as const;

const readCampaign = (campaign: JsonValue | undefined): Record<string, string> | undefined => {
  if (typeof campaign !== 'object' || campaign === null || Array.isArray(campaign)) return undefined;
  const given = campaign as JsonObject;
  const utm: Record<string, string> = {};
  for (const [field, name] of Object.entries(UTM_NAMES)) {
    const value = text(given[name]) ?? text(given[field]);
    if (value !== undefined) utm[field] = value;
  }
  return utm;
};

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
