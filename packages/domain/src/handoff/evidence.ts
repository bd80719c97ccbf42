import type { Instant } from '../kernel/time.ts';
import type { CriterionTrace, Evaluation } from '../policy/evaluation.ts';
import { sayTrace } from '../policy/explain.ts';

/** What shows that a rule is met, for the rep: each met part of its criterion with its value and when. Empty for no rule. */
export const evidenceOf = (evaluation: Evaluation | null, ruleId: string, now: Instant): string => {
  const rule = evaluation?.rules.find((one) => one.id === ruleId);
  if (evaluation === null || rule === undefined) return '';
  const leaves: string[] = [];
  const gather = (trace: CriterionTrace): void => {
    if (trace.verdict !== 'met') return;
    if (trace.of.length > 0 && trace.kind !== 'not') for (const part of trace.of) gather(part);
    else leaves.push(sayTrace(trace, evaluation, now));
  };
  gather(rule.criterion);
  return [...new Set(leaves)].join('; ');
};

/** True where this very event is part of what meets the rule: a new act, not old news. */
export const isEvidence = (criterion: CriterionTrace, eventKey: string): boolean =>
  criterion.verdict === 'met' &&
  ((criterion.kind === 'action' && criterion.evidence.some(({ key }) => key === eventKey)) ||
    criterion.of.some((part) => isEvidence(part, eventKey)));
