import type { Instant } from '../../kernel/time.ts';
import { evaluate } from '../../policy/evaluate.ts';
import type { Evaluation, RuleTrace } from '../../policy/evaluation.ts';
import { sayReason } from '../../policy/sayReason.ts';
import { dueOn } from '../../promise/clock.ts';
import { promiseFor } from '../../promise/promises.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, needCompany, note, putHandoff, unchanged } from '../draft.ts';
import { evidenceOf, isEvidence } from '../evidence.ts';
import { isOldNews, type Prompt } from '../findEdge.ts';
import { withFreshActs } from '../freshActs.ts';
import { ownerOf } from '../ownerOf.ts';
import type { Clock, ContactState, OpenHandoff } from '../state.ts';
import { membersFollow } from '../steps/accepted.ts';
import { calendarOf, planClock, replaceClock } from '../steps/clocks.ts';
import { addDeal } from '../steps/deal.ts';
import { moveTask } from '../steps/moveTask.ts';
import { tellOwner, tellQueue, watchersOf } from '../steps/notify.ts';
import { wake } from '../steps/wake.ts';
import { subjectOf } from '../subject.ts';

/** The intent that counts also while a handoff is open. */
export const HIGH = 'high';

/** While a handoff is open only more high intent counts: it is raised, and whoever has it is told. */
export const raise = (state: ContactState, context: Context, prompt: Prompt): Decided => {
  const { handoff } = state;
  if (handoff === null || prompt.timeOnly) return unchanged(state, context);
  // A cheap look first: only rules of high intent can raise, and only by news.
  if (!context.policy.rules.some((rule) => rule.intent === HIGH)) return unchanged(state, context);
  const view = withFreshActs(context.policy, subjectOf(state, context, null), answeredUntil(state, handoff));
  const evaluation = evaluate(context.policy, view, context.now);
  const rule = evaluation.rules.find((one) => raises(one, state, handoff, prompt));
  if (rule === undefined) return unchanged(state, context);
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, { kind: 'policy' }, context);
  const say = sayReason(context.policy.document, rule);
  return raiseHandoff(draft, handoff, { intent: rule.intent, ruleId: rule.id, reason: say, evaluation });
};

/**
 * Acts until then are no news. Of a handoff of high intent, all that led to it or raised it before: three more looks at
 * pricing raise it, the fourth look does not.
 */
const answeredUntil = (state: ContactState, handoff: OpenHandoff): Instant =>
  handoff.intent === HIGH ? (handoff.raisedAt ?? handoff.qualifiedAt) : (state.last?.evidenceAfter ?? -Infinity);

/** A higher intent that is no old news, or a new act of the same. */
const raises = (rule: RuleTrace, state: ContactState, handoff: OpenHandoff, prompt: Prompt): boolean =>
  rule.verdict === 'met' &&
  rule.intent === HIGH &&
  (handoff.intent === HIGH
    ? prompt.eventKey !== null && isEvidence(rule.criterion, prompt.eventKey)
    : !isOldNews(state, rule, prompt));

/** The same handoff with more intent: tighter due, deal, new notice; a parked one wakes. The company is loaded. */
export const raiseHandoff = (
  draft: Draft,
  handoff: OpenHandoff,
  more: {
    readonly intent: string;
    readonly ruleId: string;
    readonly reason: string;
    readonly evaluation: Evaluation | null;
  },
): Decided => {
  const awake = handoff.status === 'parked' ? wake(draft, handoff, 'more high intent') : handoff;
  const raised = tighten(draft, { ...awake, intent: more.intent, reason: more.reason, raisedAt: draft.context.now });
  const isAccepted = raised.status !== 'offered' && raised.status !== 'queued';
  const next: OpenHandoff = isAccepted ? ({ ...raised, ...addDeal(draft, raised) } as OpenHandoff) : raised;
  putHandoff(draft, next);
  note(draft, 'raised', `more intent: ${more.reason}`);
  const evidence = evidenceOf(more.evaluation, more.ruleId, draft.context.now);
  if (next.status === 'queued')
    tellQueue(draft, next, next.queueId, watchersOf(draft, next.queueId), `more intent: ${more.reason}`);
  else tellOwner(draft, next, 'raised', { evidence });
  membersFollow(draft, next);
  return finish(draft, 'raised', {
    evaluation: more.evaluation,
    assignment: null,
    transition: 'raise',
    say: `more intent: ${more.reason}`,
    otherwise: [],
  });
};

/** Brings what is due forward to what the higher intent promises; nothing is ever put off. */
const tighten = (draft: Draft, handoff: OpenHandoff): OpenHandoff => {
  switch (handoff.status) {
    case 'offered':
    case 'queued':
    case 'open': {
      const response = sooner(draft, 'response', handoff, handoff.response);
      if (response === null) return handoff;
      replaceClock(draft, handoff.id, 'response', response, ownerOf(handoff));
      const raised = { ...handoff, response };
      moveTask(draft, raised);
      return raised;
    }
    case 'working': {
      const nextStep = sooner(draft, 'next-step', handoff, handoff.nextStep);
      if (nextStep === null) return handoff;
      replaceClock(draft, handoff.id, 'next-step', nextStep, handoff.ownerId);
      return { ...handoff, nextStep };
    }
    default:
      return handoff;
  }
};

/** The clock with what is promised from now on, where that is owed sooner; else null. */
const sooner = (draft: Draft, kind: 'response' | 'next-step', handoff: OpenHandoff, clock: Clock): Clock | null => {
  const { now, people, policy } = draft.context;
  const within = promiseFor(policy.document, handoff.intent).contactWithin;
  const on = within.kind === 'elapsed' ? undefined : clock.on;
  const dueAt = dueOn(calendarOf(people, on), now, within);
  if (dueAt >= clock.dueAt) return null;
  const { on: _, ...rest } = clock;
  const anew: Clock = { ...rest, dueAt, within, since: now, ...(on === undefined ? {} : { on }) };
  return planClock(draft, kind, handoff, anew);
};
