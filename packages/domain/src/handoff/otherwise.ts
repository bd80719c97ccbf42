import { assignLead } from '../assignment/ledger.ts';
import type { Evaluation } from '../policy/evaluation.ts';
import { type Draft, nameOf } from './draft.ts';
import type { AssignmentTrace, Trace } from './trace.ts';

/**
 * What would have changed a decision, as far as it costs next to nothing: the rule that would have named the reason
 * instead, and who would have had the turn. `whatWouldChange` computes the rest on demand.
 */
export const otherwiseOf = (
  draft: Draft,
  evaluation: Evaluation | null,
  assignment: AssignmentTrace | null,
): Trace['otherwise'] => {
  const differences: { if: string; then: string }[] = [];
  const met = evaluation?.rules.filter((rule) => rule.verdict === 'met') ?? [];
  const [first, second] = met;
  if (first !== undefined)
    differences.push({
      if: `not: ${first.criterion.say}`,
      then: second === undefined ? 'no rule would have been met' : `they would qualify by ${second.id}`,
    });
  const step = assignment?.step;
  if (step?.kind === 'assigned' && step.winner !== null) {
    const others = step.lines.filter(({ repId }) => repId !== step.winner);
    const standings = step.lines.map(({ repId, before }) => ({
      repId,
      balance: before,
      lastWon: lastWonOf(draft, step.key, repId),
    }));
    const next = assignLead({ key: step.key, seq: step.seq - 1, standings }, others, [], step.at);
    const then =
      next?.winner == null ? 'it would have gone to the fallback queue' : `${nameOf(draft, next.winner)} would have it`;
    differences.push({ if: `${nameOf(draft, step.winner)} could not have taken it`, then });
  }
  return differences;
};

const lastWonOf = (draft: Draft, key: NonNullable<AssignmentTrace['step']>['key'], repId: number): number =>
  draft.context.ledgers.get(key)?.standings.find((one) => one.repId === repId)?.lastWon ?? 0;
