import type { FactValue } from '../facts/fact.ts';
import type { CompiledCriterion, Frame } from './compiled.ts';
import { NONE } from './compileTree.ts';
import type { FactCondition, Operator } from './condition.ts';
import { dateOf, OPERATOR_KINDS, type OperatorKind, type ValueTest } from './criteria.ts';
import type { PolicyLists } from './document.ts';
import type { CriterionTrace, Verdict } from './evaluation.ts';
import { factName } from './factName.ts';
import { compileLookUp, compileOwnerLookUp, type FoundFact, type LookUp } from './lookUpFact.ts';

/** One fact's test, prepared: where it is found and how it is judged. */
export type CompiledFact = {
  readonly say: string;
  readonly needs: FactValue;
  readonly lookUp: LookUp;
  readonly judge: (found: FoundFact | undefined, frame: Frame) => Verdict;
};

/** A test with its operand; the table ties each operator to its own operand, which a looked-up key loses. */
export const kindOf = (condition: FactCondition) => OPERATOR_KINDS[condition.op] as OperatorKind<Operator>;

/** Says one condition: `the country is DE or AT`. */
export const sayFact = (condition: FactCondition, name = factName): string =>
  `${name(condition.path)} ${kindOf(condition).say(condition.operand as never)}`;

/** Prepares a fact's test. Linear in the operand. */
export const compileFact = (condition: FactCondition, lists: PolicyLists, rising: boolean): CompiledFact => {
  const kind = kindOf(condition);
  const operand = condition.operand as never;
  const test: ValueTest = kind.compile(operand, lists);
  const whenUnknown = kind.unknown(operand);
  const whenRemoved = kind.removed(operand);
  const plain = (found: FoundFact | undefined, frame: Frame): Verdict =>
    found === undefined ? whenUnknown : found.value === null ? whenRemoved : test(found.value, frame.now);
  return {
    say: sayFact(condition),
    needs: kind.needs(operand),
    lookUp: condition.op === 'selling' ? compileOwnerLookUp(condition.path) : compileLookUp(condition.path),
    judge: condition.op === 'within' ? timed(plain, condition.operand, rising) : plain,
  };
};

/** `within` turns by time alone: met when its date comes, not met when the span is over. */
const timed =
  (judge: CompiledFact['judge'], spanMs: number, rising: boolean): CompiledFact['judge'] =>
  (found, frame) => {
    const at = found === undefined ? undefined : dateOf(found.value);
    if (at !== undefined) {
      const turnsAt = rising ? at : at + spanMs + 1;
      if (turnsAt > frame.now && turnsAt < frame.nextAt) frame.nextAt = turnsAt;
    }
    return judge(found, frame);
  };

/** A fact's test as a criterion. */
export const compileFactCriterion = (
  condition: FactCondition,
  lists: PolicyLists,
  rising: boolean,
): CompiledCriterion => {
  const { say, needs, lookUp, judge } = compileFact(condition, lists, rising);
  const id = condition.path;
  return {
    say,
    paths: [id],
    actions: NONE,
    verdict: (frame) => judge(lookUp(frame), frame),
    trace: (frame): CriterionTrace => {
      const found = lookUp(frame);
      return {
        id,
        kind: 'fact',
        say,
        verdict: judge(found, frame),
        value: found === undefined ? undefined : found.value,
        needs,
        evidence:
          found === undefined || found.key === '' ? NONE : [{ at: found.at, key: found.key, trust: found.trust }],
        of: NONE,
      };
    },
  };
};
