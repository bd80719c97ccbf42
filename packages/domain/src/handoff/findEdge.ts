/**
 * Qualified is an edge, not a level: finds the rule by which a contact qualifies now and had not before, or says why there
 * is none. Looks only; the transition that follows writes.
 */
import type { Instant } from '../kernel/time.ts';
import type { View } from '../policy/compiled.ts';
import type { Criterion } from '../policy/condition.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Evaluation, RuleTrace } from '../policy/evaluation.ts';
import { sayReason } from '../policy/sayReason.ts';
import { judgeAgain } from './again.ts';
import type { Context } from './context.ts';
import { isEvidence } from './evidence.ts';
import type { ContactState } from './state.ts';

/** What made the policy look: an event with its key, time alone, or something else that is new. */
export type Prompt = { readonly eventKey: string | null; readonly timeOnly: boolean };

export type Edge =
  | { readonly kind: 'edge'; readonly rule: RuleTrace; readonly say: string }
  | { readonly kind: 'none'; readonly say: string; readonly lookAgainAt: Instant | null };

/** The first rule that is met, is new, and may qualify again. */
export const findEdge = (
  state: ContactState,
  context: Context,
  view: View,
  evaluation: Evaluation,
  prompt: Prompt,
): Edge => {
  let say = evaluation.verdict === 'unknown' ? `not known yet: ${evaluation.missing.join(', ')}` : 'no rule is met';
  let lookAgainAt: Instant | null = null;
  for (const rule of evaluation.rules) {
    if (rule.verdict !== 'met') continue;
    if (isOldNews(state, rule, prompt)) {
      say = `${rule.id} was met before`;
      continue;
    }
    if (isMetByDecay(state, context, view, rule)) {
      say = `${rule.id} is met by fading points alone`;
      continue;
    }
    if (state.last !== null) {
      const again = judgeAgain(context.policy, view, rule.id, evaluation, state.last);
      if (!again.may) {
        say = again.say;
        if (again.at !== null) lookAgainAt = Math.min(again.at, lookAgainAt ?? again.at);
        continue;
      }
    }
    return { kind: 'edge', rule, say: sayReason(context.policy.document, rule) };
  }
  return { kind: 'none', say, lookAgainAt };
};

/** Rules that were met when the policy began count only with a new act of their own, or once they were unmet. */
export const isOldNews = (state: ContactState, rule: RuleTrace, prompt: Prompt): boolean =>
  state.metBefore.includes(rule.id) && (prompt.eventKey === null || !isEvidence(rule.criterion, prompt.eventKey));

/**
 * True where the rule would not have been met at the last decision's instant with all that is known now, and it asks for
 * few points: then points faded, and nothing else happened.
 */
const isMetByDecay = (state: ContactState, context: Context, view: View, rule: RuleTrace): boolean => {
  const asked = context.policy.document.qualify.find(({ id }) => id === rule.id);
  if (asked === undefined || state.decidedAt === 0 || !asksForFewPoints(asked.when, false)) return false;
  const before = evaluate(context.policy, view, Math.min(state.decidedAt, view.now));
  return before.rules.find(({ id }) => id === rule.id)?.verdict === 'not-met';
};

/** True where a criterion can be met by less engagement. */
const asksForFewPoints = (criterion: Criterion, negated: boolean): boolean => {
  switch (criterion.kind) {
    case 'all':
    case 'any':
      return criterion.of.some((part) => asksForFewPoints(part, negated));
    case 'not':
      return asksForFewPoints(criterion.of, !negated);
    case 'engagement':
      return (criterion.op === 'lt' || criterion.op === 'lte') !== negated;
    default:
      return false;
  }
};

/** Rules of `metBefore` that still have not been unmet. Answers the same array where nothing changed. */
export const keepMet = (metBefore: readonly string[], evaluation: Evaluation): readonly string[] => {
  if (metBefore.length === 0) return metBefore;
  const kept = metBefore.filter((id) => evaluation.rules.some((rule) => rule.id === id && rule.verdict !== 'not-met'));
  return kept.length === metBefore.length ? metBefore : kept;
};

/** The rules that are met. */
export const metRules = (evaluation: Evaluation): readonly string[] =>
  evaluation.rules.filter((rule) => rule.verdict === 'met').map((rule) => rule.id);
