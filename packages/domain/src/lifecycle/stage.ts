/** Which team owns the relation, in order; `other` stands outside the order. */
export const LIFECYCLE_STAGES = [
  'subscriber',
  'lead',
  'mql',
  'sql',
  'opportunity',
  'customer',
  'evangelist',
  'other',
] as const;
export type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];

/** What people call each stage. */
export const STAGE_LABELS: { readonly [stage in LifecycleStage]: string } = {
  subscriber: 'subscriber',
  lead: 'lead',
  mql: 'MQL',
  sql: 'SQL',
  opportunity: 'opportunity',
  customer: 'customer',
  evangelist: 'evangelist',
  other: 'other',
};

/** What sales is doing right now. A company's own statuses are each `like` one of these. */
export const LEAD_STATUSES = [
  'new',
  'open',
  'in-progress',
  'open-deal',
  'unqualified',
  'attempted-to-contact',
  'connected',
  'bad-timing',
] as const;
export type LeadStatusKind = (typeof LEAD_STATUSES)[number];

/** One of the eight, or a status that the policy's `statuses` section adds. */
export type LeadStatus = LeadStatusKind | (string & {});
