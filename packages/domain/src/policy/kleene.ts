import type { Verdict } from './evaluation.ts';

/** The opposite; what nobody knows stays unknown. */
export const negate = (verdict: Verdict): Verdict =>
  verdict === 'met' ? 'not-met' : verdict === 'not-met' ? 'met' : 'unknown';

/** A plain answer as a verdict. */
export const verdictOf = (answer: boolean): Verdict => (answer ? 'met' : 'not-met');

/** `all` of two: one that is not met decides, else one that is unknown. */
export const both = (one: Verdict, other: Verdict): Verdict =>
  one === 'not-met' || other === 'not-met' ? 'not-met' : one === 'unknown' || other === 'unknown' ? 'unknown' : 'met';

/** `any` of two: one that is met decides, else one that is unknown. */
export const either = (one: Verdict, other: Verdict): Verdict =>
  one === 'met' || other === 'met' ? 'met' : one === 'unknown' || other === 'unknown' ? 'unknown' : 'not-met';
