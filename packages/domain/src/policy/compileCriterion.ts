import { assertNever } from '../kernel/assertNever.ts';
import { formatDuration } from '../kernel/formatInstant.ts';
import { endCounted, firstCounted } from '../signals/countPairs.ts';
import type { SignalPair, SignalSet } from '../signals/signal.ts';
import type { CompiledAction, CompiledCriterion, Frame } from './compiled.ts';
import { compileFactCriterion } from './compileFact.ts';
import { type CompileLeaf, NONE } from './compileTree.ts';
import type { CriterionLeaf, ThresholdOperator } from './condition.ts';
import { THRESHOLDS } from './criteria.ts';
import type { PolicyLists } from './document.ts';
import type { CriterionTrace, Verdict } from './evaluation.ts';

/** What a `qualify` leaf may name besides facts. */
export type Named = {
  readonly lists: PolicyLists;
  readonly actions: ReadonlyMap<string, CompiledAction>;
  /** The paths that fit reads; a fit threshold depends on all of them. */
  readonly fitPaths: readonly string[];
};

/** Compiles the leaves that `qualify` knows. Throws where an action is named that the document lacks: `parse` refuses that. */
export const compileCriterionLeaf =
  ({ lists, actions, fitPaths }: Named): CompileLeaf<CriterionLeaf> =>
  (leaf, rising) => {
    switch (leaf.kind) {
      case 'fact':
        return compileFactCriterion(leaf, lists, rising);
      case 'action': {
        const action = actions.get(leaf.action);
        if (action === undefined) throw new Error(`a rule names the action “${leaf.action}”, which the policy lacks`);
        return compileAction(action, rising);
      }
      case 'fit':
        return compileScore(
          leaf.kind,
          leaf.op,
          leaf.points,
          fitPaths,
          (frame) => frame.fitKnown,
          (frame) => frame.fitPossible,
        );
      case 'engagement':
        return compileScore(leaf.kind, leaf.op, leaf.points, NONE, engagement, engagement);
      default:
        return assertNever(leaf);
    }
  };

const engagement = (frame: Frame): number => frame.engagementPoints;

const compileScore = (
  kind: 'fit' | 'engagement',
  op: ThresholdOperator,
  points: number,
  paths: readonly string[],
  low: (frame: Frame) => number,
  high: (frame: Frame) => number,
): CompiledCriterion => {
  const { verdict, say: compared } = THRESHOLDS[op];
  const say = `${kind} of ${compared} ${points}`;
  const judge = (frame: Frame): Verdict => verdict(low(frame), high(frame), points);
  return {
    say,
    paths,
    actions: NONE,
    verdict: judge,
    settle: judge,
    trace: (frame): CriterionTrace => {
      const known = low(frame);
      return {
        id: kind,
        kind,
        say,
        verdict: verdict(known, high(frame), points),
        value: known,
        needs: points,
        evidence: NONE,
        of: NONE,
      };
    },
  };
};

const EMPTY_SET: SignalSet = [];

const compileAction = (action: CompiledAction, rising: boolean): CompiledCriterion => {
  const { id, say, key, times, withinMs } = action;
  /** The run of pairs that count now, as [start, end) packed into one number, so that nothing is allocated. */
  const counted = (frame: Frame, set: SignalSet): number => {
    const start = firstCounted(set, frame);
    const end = Math.min(endCounted(set, start, frame, withinMs), start + times);
    if (!rising && withinMs !== null && end - start >= times) {
      const turnsAt = (set[end - 1] as SignalPair)[0] + withinMs + 1;
      if (turnsAt < frame.nextAt) frame.nextAt = turnsAt;
    }
    return start * 64 + (end - start);
  };
  const verdictFor = (count: number): Verdict => (count >= times ? 'met' : 'not-met');
  const judge = (frame: Frame): Verdict => verdictFor(counted(frame, frame.subject.signals[key] ?? EMPTY_SET) % 64);
  return {
    say,
    paths: NONE,
    actions: [id],
    verdict: judge,
    settle: judge,
    trace: (frame): CriterionTrace => {
      const set = frame.subject.signals[key] ?? EMPTY_SET;
      const run = counted(frame, set);
      const count = run % 64;
      return {
        id,
        kind: 'action',
        say,
        verdict: verdictFor(count),
        value: count,
        needs: times,
        evidence: count === 0 ? NONE : evidenceOf(set, (run - count) / 64, count),
        of: NONE,
      };
    },
  };
};

const evidenceOf = (set: SignalSet, start: number, count: number): CriterionTrace['evidence'] => {
  const evidence: { at: number; key: string; trust: null }[] = [];
  for (let index = start; index < start + count; index += 1) {
    const [at, key] = set[index] as SignalPair;
    evidence.push({ at, key, trust: null });
  }
  return evidence;
};

/** An action with its count and span, where its own words don't say them: `asked for a demo`, `saw pricing (3 times within 7 days)`. */
export const sayAction = (action: Pick<CompiledAction, 'say' | 'times' | 'withinMs'>): string => {
  const { say, times, withinMs } = action;
  if (/\d|twice/.test(say) || (times === 1 && withinMs === null)) return say;
  const often = times === 1 ? '' : `${times} times`;
  const span = withinMs === null ? '' : `within ${formatDuration(withinMs)}`;
  return `${say} (${[often, span].filter((part) => part !== '').join(' ')})`;
};
