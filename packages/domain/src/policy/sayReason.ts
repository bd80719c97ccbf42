import type { PolicyDocument } from './document.ts';
import type { CriterionTrace, RuleTrace } from './evaluation.ts';

/**
 * Why somebody qualified, in words: the rule's own where the document gives it some, else the parts of its criterion
 * that were met. Of “asked for a demo or started a trial” a rep reads the one that happened. Linear in the trace.
 */
export const sayReason = (document: Pick<PolicyDocument, 'qualify'>, rule: RuleTrace): string =>
  document.qualify.find(({ id }) => id === rule.id)?.say ?? sayMet(rule.criterion);

/** The parts of a criterion that were met, in words. Linear. */
export const sayMet = (trace: CriterionTrace): string => {
  if (trace.kind !== 'all' && trace.kind !== 'any') return trace.say;
  const met = trace.of.filter((part) => part.verdict === 'met').map(sayMet);
  return met.length === 0 ? trace.say : [...new Set(met)].join(' and ');
};
