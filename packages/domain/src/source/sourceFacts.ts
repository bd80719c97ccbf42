import type { FactPath, FactValue } from '../facts/fact.ts';
import type { Touch, Touches } from './touch.ts';

/** Which touch a source fact reads, and what of it. */
type SourceFact = { readonly of: keyof Touches; readonly value: (touch: Touch) => FactValue | undefined };

const ofFirst = (value: SourceFact['value']): SourceFact => ({ of: 'first', value });
const ofLatest = (value: SourceFact['value']): SourceFact => ({ of: 'latest', value });
const utm = (field: string) => ofFirst((touch) => touch.utm?.[field]);

/**
 * The facts that touches tell. Where someone came from is told by their first touch; only `latest` ones read the last.
 * What a touch does not say is unknown: an import without a campaign column does not mean that there was none.
 */
export const SOURCE_FACTS: { readonly [path: FactPath]: SourceFact } = {
  'source.first': ofFirst((touch) => touch.source),
  'source.latest': ofLatest((touch) => touch.source),
  'source.detail': ofFirst((touch) => touch.detail),
  'source.campaign': ofFirst((touch) => touch.campaign),
  'source.form': ofFirst((touch) => touch.form),
  'source.landing-page': ofFirst((touch) => touch.landingPage),
  'source.referrer': ofFirst((touch) => touch.referrer),
  'source.utm-source': utm('source'),
  'source.utm-medium': utm('medium'),
  'source.utm-campaign': utm('campaign'),
  'source.utm-term': utm('term'),
  'source.utm-content': utm('content'),
  'source.latest-detail': ofLatest((touch) => touch.detail),
  'source.latest-campaign': ofLatest((touch) => touch.campaign),
  'source.latest-form': ofLatest((touch) => touch.form),
  'source.latest-landing-page': ofLatest((touch) => touch.landingPage),
  'source.latest-referrer': ofLatest((touch) => touch.referrer),
};
