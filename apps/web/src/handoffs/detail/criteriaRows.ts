import type { CriterionTrace, EvaluationTrace, FactValue } from '@baton/contract/trace.ts';

/** One line of "why qualified": a criterion of the rule that was met, or of one that would have done as well. */
export type CriterionRow = {
  readonly key: string;
  readonly say: string;
  readonly verdict: CriterionTrace['verdict'];
  /** Part of the rule that was met; the others were not needed. */
  readonly counted: boolean;
  readonly value: string;
  readonly needs: string;
  /** Value and threshold as numbers on one scale, where both are; `possible` is what missing facts could still bring. */
  readonly scale: {
    readonly value: number;
    readonly possible: number;
    readonly needs: number;
    readonly max: number;
  } | null;
  /** What it is made of, in words: the parts of a score. */
  readonly parts: string;
  readonly evidence: CriterionTrace['evidence'];
};

export const valueText = (value: FactValue | undefined): string => {
  if (value === undefined) return '';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : String(value);
};

const leaves = (criterion: CriterionTrace): readonly CriterionTrace[] =>
  criterion.of.length === 0 || criterion.kind === 'not' ? [criterion] : criterion.of.flatMap(leaves);

const partsOf = (criterion: CriterionTrace, evaluation: EvaluationTrace): string => {
  if (criterion.kind === 'fit') {
    const { parts } = evaluation.fit;
    return parts
      .filter((part) => part.verdict === 'met' && part.points !== 0)
      .map((part) => `${part.say} ${part.points}`)
      .join(', ');
  }
  if (criterion.kind === 'engagement') {
    const { parts } = evaluation.engagement;
    return parts
      .filter((part) => part.points !== 0)
      .map((part) => `${part.say} ${part.points}`)
      .join(', ');
  }
  return '';
};

const rowOf = (criterion: CriterionTrace, counted: boolean, evaluation: EvaluationTrace): CriterionRow => {
  const { value, needs } = criterion;
  const numeric = typeof value === 'number' && typeof needs === 'number';
  const possible = criterion.kind === 'fit' ? evaluation.fit.possible : Number(value);
  return {
    key: `${criterion.kind}:${criterion.id ?? criterion.say}`,
    say: criterion.say,
    verdict: criterion.verdict,
    counted,
    value: valueText(value),
    needs: valueText(needs),
    scale:
      numeric && needs > 1
        ? { value, possible: Math.max(value, possible), needs, max: Math.max(value, possible, needs * 1.25) }
        : null,
    parts: partsOf(criterion, evaluation),
    evidence: criterion.evidence,
  };
};

/**
 * The criteria of the rule that was met first, then those of the others, each once. `any` and `all` are told by the rule's
 * own sentence; the whole tree is in the raw trace.
 */
export const criteriaRows = (evaluation: EvaluationTrace): readonly CriterionRow[] => {
  const met = evaluation.rule?.id ?? null;
  const ordered = [...evaluation.rules].sort((a, b) => Number(b.id === met) - Number(a.id === met));
  const rows = new Map<string, CriterionRow>();
  for (const rule of ordered) {
    for (const criterion of leaves(rule.criterion)) {
      const row = rowOf(criterion, rule.id === met && criterion.verdict === 'met', evaluation);
      const key = `${row.key}:${row.needs}`;
      if (!rows.has(key)) rows.set(key, { ...row, key });
    }
  }
  return [...rows.values()].sort((a, b) => Number(b.counted) - Number(a.counted));
};
