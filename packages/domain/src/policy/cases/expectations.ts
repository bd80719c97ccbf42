import type { Decision } from '../../handoff/decision.ts';
import type { ContactState } from '../../handoff/state.ts';
import type { RepId } from '../../kernel/ids.ts';
import type { JsonValue } from '../../kernel/json.ts';
import type { Evaluation } from '../evaluation.ts';

/** What became of a case's contact. */
export type CaseOutcome = {
  readonly state: ContactState;
  readonly decisions: readonly Decision[];
  /** At the case's `now`. */
  readonly evaluation: Evaluation;
  /** Codes of acts that were refused. */
  readonly refused: readonly string[];
  readonly nameOf: (rep: RepId) => string;
};

type Change = Decision['changes'][number];

const last = <Kind extends Change['kind']>(
  { decisions }: CaseOutcome,
  kind: Kind,
): Extract<Change, { kind: Kind }> | undefined =>
  decisions
    .flatMap((decision) => decision.changes)
    .findLast((change): change is Extract<Change, { kind: Kind }> => change.kind === kind);

const ownerOf = ({ state, nameOf }: CaseOutcome): string | null => {
  const { handoff } = state;
  return handoff === null || handoff.status === 'queued' ? null : nameOf(handoff.ownerId);
};

/** Everything that a case can expect, by its word. Null: there is none. */
export const EXPECTATIONS: { readonly [what: string]: (outcome: CaseOutcome) => JsonValue } = {
  /** met, not-met or unknown, at the end. */
  verdict: ({ evaluation }) => evaluation.verdict,
  /** Whether any step led to a qualifying edge. */
  qualified: (outcome) => last(outcome, 'qualified') !== undefined,
  /** The rule of the latest qualifying edge. */
  rule: (outcome) => last(outcome, 'qualified')?.ruleId ?? null,
  intent: (outcome) => outcome.state.handoff?.intent ?? last(outcome, 'qualified')?.intent ?? null,
  /** Every rule that is met at the end. */
  met: ({ evaluation }) => evaluation.rules.filter((rule) => rule.verdict === 'met').map((rule) => rule.id),
  /** The facts whose absence keeps a rule open. */
  missing: ({ evaluation }) => evaluation.missing.toSorted(),
  /** Points; [known, possible] while facts are missing. */
  fit: ({ evaluation: { fit } }) => (fit.known === fit.possible ? fit.known : [fit.known, fit.possible]),
  engagement: ({ evaluation }) => evaluation.engagement.points,
  /** The open handoff's status. */
  handoff: ({ state }) => state.handoff?.status ?? null,
  route: ({ state }) => state.handoff?.routeId ?? null,
  team: ({ state }) => state.handoff?.teamId ?? null,
  owner: ownerOf,
  queue: ({ state }) => (state.handoff?.status === 'queued' ? state.handoff.queueId : (state.hold?.queueId ?? null)),
  /** The exception or suspicion that holds it. */
  held: ({ state }) => state.hold?.exceptionId ?? null,
  stage: ({ state }) => state.stage,
  status: ({ state }) => state.leadStatus,
  'task-type': (outcome) => last(outcome, 'task-created')?.type ?? null,
  task: (outcome) => last(outcome, 'task-created')?.title ?? null,
  deal: (outcome) => last(outcome, 'deal-created')?.name ?? null,
  /** Who was told last. */
  told: (outcome) => {
    const effects = outcome.decisions.flatMap((decision) => decision.effects);
    const told = effects.findLast((effect) => effect.kind === 'notify-rep');
    return told?.kind === 'notify-rep' ? outcome.nameOf(told.repId) : null;
  },
  /** What the latest decision came to. */
  outcome: ({ decisions }) => decisions.at(-1)?.outcome ?? null,
  refused: ({ refused }) => refused,
};
