import type { FactValue } from '../facts/fact.ts';
import { assertNever } from '../kernel/assertNever.ts';
import type { Instant } from '../kernel/time.ts';
import type { CompiledPolicy, View } from '../policy/compiled.ts';
import type { AgainRule, AgainWay } from '../policy/document.ts';
import type { CriterionTrace, Evaluation } from '../policy/evaluation.ts';
import { freshEvidence } from '../policy/freshEvidence.ts';
import type { ClosedHandoff } from './state.ts';

/** Whether a contact may qualify once more by one rule; `at`: time alone will allow it then. */
export type AgainVerdict =
  | { readonly may: true }
  | { readonly may: false; readonly say: string; readonly at: Instant | null };

/** After a handoff that ended otherwise (won, withdrawn, merged): anything new counts. */
const ANYTHING_NEW: AgainRule = { handRaise: { kind: 'at-once' }, score: { kind: 'at-once' }, byReason: [] };

/**
 * Judges the policy's `again` for a rule that is met, against the last closed handoff. `evaluation` is of the contact with
 * fresh acts alone (`withFreshActs`), so a rule met by an act is a raised hand, else it is a score. Only events and facts
 * later than the handoff's `evidenceAfter` count as new.
 */
export const judgeAgain = (
  policy: CompiledPolicy,
  view: View,
  ruleId: string,
  evaluation: Evaluation,
  last: ClosedHandoff,
): AgainVerdict => {
  const met = evaluation.rules.find((rule) => rule.id === ruleId);
  const raisedHand = met !== undefined && hasMetAction(met.criterion);
  const rule = againRuleFor(policy, last);
  const own = rule.byReason.find(({ reason }) => reason === last.reason);
  const way: AgainWay = own?.way ?? (raisedHand ? rule.handRaise : rule.score);
  switch (way.kind) {
    case 'never':
      return no(`closed as ${last.reason ?? last.status}, which has no way back`);
    case 'fit-changed':
      return last.fitFacts !== null && isChanged(fitFactsOf(policy, view), last.fitFacts)
        ? { may: true }
        : no('no fact of fit has changed since');
    case 'after': {
      const { points } = freshEvidence(policy, view, view.now, last.evidenceAfter);
      if (points < way.newPoints) return no(`${points} new points since, ${way.newPoints} are needed`);
      const opensAt = last.closedAt + way.waitMs;
      return view.now >= opensAt ? { may: true } : no('the waiting time is not over', opensAt);
    }
    case 'at-once':
      return raisedHand || hasNews(policy, view, last) ? { may: true } : no('nothing new since');
    default:
      return assertNever(way);
  }
};

/** The values that `fit` looks at, for a contact that may come back only when one of them changed. */
export const fitFactsOf = (policy: CompiledPolicy, view: View): { readonly [path: string]: FactValue } => {
  const values: { [path: string]: FactValue } = {};
  for (const path of new Set(policy.fit.flatMap((part) => part.paths))) {
    const fact = path.startsWith('company.') ? view.companyFacts?.[path] : view.facts[path];
    if (fact !== undefined) values[path] = fact.value;
  }
  return values;
};

/** True where the way back after this reason needs to know what fit saw at the end. */
export const asksForFit = (policy: CompiledPolicy, status: ClosedHandoff['status'], reason: string | null): boolean => {
  const rule = againRuleFor(policy, { status });
  const ways = [
    rule.handRaise,
    rule.score,
    ...rule.byReason.filter((one) => one.reason === reason).map((one) => one.way),
  ];
  return ways.some((way) => way.kind === 'fit-changed');
};

const againRuleFor = (policy: CompiledPolicy, last: Pick<ClosedHandoff, 'status'>): AgainRule => {
  const { again } = policy.document;
  const rules = { rejected: again.afterReject, lost: again.afterLost, won: null, withdrawn: null, merged: null };
  return rules[last.status] ?? ANYTHING_NEW;
};

const hasNews = (policy: CompiledPolicy, view: View, last: ClosedHandoff): boolean => {
  const news = freshEvidence(policy, view, view.now, last.evidenceAfter);
  return news.points > 0 || news.actions.length > 0 || news.ruleFacts.length > 0;
};

const hasMetAction = (trace: CriterionTrace): boolean =>
  (trace.kind === 'action' && trace.verdict === 'met') || trace.of.some(hasMetAction);

const isChanged = (
  now: { readonly [path: string]: FactValue },
  then: { readonly [path: string]: FactValue },
): boolean => Object.keys({ ...now, ...then }).some((path) => JSON.stringify(now[path]) !== JSON.stringify(then[path]));

const no = (say: string, at: Instant | null = null): AgainVerdict => ({ may: false, say, at });
