import { evaluate, judge } from '../../policy/evaluate.ts';
import type { Evaluation } from '../../policy/evaluation.ts';
import type { Context } from '../context.ts';
import type { Change, Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, needCompany, unchanged } from '../draft.ts';
import { type Edge, findEdge, keepMet, type Prompt } from '../findEdge.ts';
import { withFreshActs } from '../freshActs.ts';
import { checkPassage, checkReachable } from '../gate.ts';
import type { ContactState } from '../state.ts';
import { placeLead } from '../steps/placeLead.ts';
import type { Qualified } from '../steps/qualified.ts';
import { subjectOf } from '../subject.ts';
import { beginHold } from './hold.ts';
import { canJoin, join } from './join.ts';

/** The qualifying edge: gate, exceptions, group, owner, clocks; or the reason why there is none. */
export const qualify = (state: ContactState, context: Context, prompt: Prompt): Decided => {
  const loaded = state.companyId === null ? null : (context.companies.get(state.companyId) ?? null);
  const known = subjectOf(state, context, loaded);
  const view = state.last === null ? known : withFreshActs(context.policy, known, state.last.evidenceAfter);
  // Nearly everybody who is looked at comes nowhere near a rule: told without a trace, that costs half.
  const judged = judge(context.policy, view, context.now);
  if (judged.verdict === 'not-met') return notMet(state, judged.reevaluateAt, context);
  const evaluation = evaluate(context.policy, view, context.now);
  const draft = beginDraft(state, { kind: 'policy' }, context);
  draft.state = { ...state, metBefore: keepMet(state.metBefore, evaluation) };
  // What only the company's record tells is unknown until it is loaded, and must not keep anybody waiting.
  if (evaluation.verdict === 'unknown' && evaluation.missing.some((path) => COMPANY_RECORD.has(path))) {
    const missing = needCompany(state, context);
    if (missing !== null) return missing;
  }
  const edge = findEdge(draft.state, context, view, evaluation, prompt);
  if (edge.kind === 'none') return nothing(draft, evaluation, edge);
  const reachable = checkReachable(context.policy, state.facts);
  if (reachable.kind === 'blocked') return nothing(draft, evaluation, null);
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  return handOff(draft, {
    kind: 'inbound',
    intent: edge.rule.intent,
    ruleId: edge.rule.id,
    reason: edge.say,
    evaluation,
  });
};

const COMPANY_RECORD: ReadonlySet<string> = new Set(['company.lifecycle', 'company.owner']);

/** Past the gate's doorstep: held, joined, or handed off. The company is loaded. */
export const handOff = (draft: Draft, qualified: Qualified): Decided => {
  const { context, state, company } = draft;
  const passage =
    qualified.kind === 'fast-track'
      ? ({ kind: 'free' } as const)
      : checkPassage(context.policy, subjectOf(state, context, company));
  if (passage.kind === 'hold') return beginHold(draft, qualified, passage);
  if (canJoin(draft)) return join(draft, qualified);
  return placeLead(draft, qualified, passage.kind === 'expansion' ? passage : null);
};

/** No rule is met and none could be: nothing to tell but when to look again. Rules that were met before count anew. */
const notMet = (state: ContactState, reevaluateAt: number | null, context: Context): Decided => {
  const next = state.metBefore.length === 0 ? state : { ...state, metBefore: [] };
  return unchanged(next, context, lookAgain(reevaluateAt, 'time', context));
};

const NO_CHANGES: readonly Change[] = [];

const lookAgain = (at: number | null, cause: 'again' | 'time', context: Context): readonly Change[] =>
  at !== null && at > context.now ? [{ kind: 'reevaluate', at, cause }] : NO_CHANGES;

/** No edge. A trace is kept only where the policy asks for what is missing; everything else can be computed again. */
const nothing = (draft: Draft, evaluation: Evaluation, edge: Extract<Edge, { kind: 'none' }> | null): Decided => {
  const { context } = draft;
  const again = edge?.lookAgainAt ?? null;
  const at = earliest(again, evaluation.reevaluateAt);
  draft.changes.push(...lookAgain(at, at === again ? 'again' : 'time', context));
  const asks = evaluation.verdict === 'unknown' && context.policy.document.unknown !== null;
  if (!asks) return finish(draft, 'observed', null);
  return finish(draft, 'observed', {
    evaluation,
    assignment: null,
    transition: 'qualify',
    say: `could qualify, but is not known: ${evaluation.missing.join(', ')}`,
    otherwise: evaluation.missing.map((path) => ({ if: `${path} were known`, then: 'it could be told' })),
  });
};

const earliest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.min(one, other);
