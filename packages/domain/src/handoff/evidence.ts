import type { CriterionTrace, Evaluation } from '../policy/evaluation.ts';

/** What shows that a rule is met, as a sentence for the rep: the met parts of its criterion, and what was done how often. */
export const evidenceOf = (evaluation: Evaluation | null, ruleId: string): string => {
  const rule = evaluation?.rules.find((one) => one.id === ruleId);
  if (evaluation === null || rule === undefined) return '';
  const leaves: string[] = [];
  let usesScore = false;
  const gather = (trace: CriterionTrace): void => {
    if (trace.verdict !== 'met') return;
    if (trace.of.length > 0 && trace.kind !== 'not') for (const part of trace.of) gather(part);
    else leaves.push(trace.say);
    if (trace.kind === 'engagement') usesScore = true;
  };
  gather(rule.criterion);
  const acts = usesScore
    ? evaluation.engagement.parts
        .filter((part) => part.count > 0)
        .map((part) => `${part.say}${part.count > 1 ? ` ${part.count} times` : ''}`)
    : [];
  return [...new Set([...leaves, ...acts])].join('; ');
};

/** True where this very event is part of what meets the rule: a new act, not old news. */
export const isEvidence = (criterion: CriterionTrace, eventKey: string): boolean =>
  criterion.verdict === 'met' &&
  ((criterion.kind === 'action' && criterion.evidence.some(({ key }) => key === eventKey)) ||
    criterion.of.some((part) => isEvidence(part, eventKey)));
