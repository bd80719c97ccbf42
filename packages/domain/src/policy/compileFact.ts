import type { FactValue } from '../facts/fact.ts';
import type { CompiledCriterion, Frame } from './compiled.ts';
import { NONE } from './compileTree.ts';
import type { FactCondition, Operator } from './condition.ts';
import { dateOf, OPERATOR_KINDS, type OperatorKind, type ValueTest } from './criteria.ts';
import type { PolicyLists } from './document.ts';
import type { CriterionTrace, Verdict } from './evaluation.ts';
import { factName } from './factName.ts';
import { compileLookUp, compileOwnerLookUp, type FoundFact, isClaimed, type LookUp } from './lookUpFact.ts';

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
  const { test, whenUnknown, whenRemoved } = compileOperator(condition, lists);
  const plain = (found: FoundFact | undefined, frame: Frame): Verdict =>
    found === undefined ? whenUnknown : found.value === null ? whenRemoved : test(found.value, frame.now);
  return {
    say: sayFact(condition),
    needs: kindOf(condition).needs(condition.operand as never),
    lookUp: condition.op === 'selling' ? compileOwnerLookUp(condition.path) : compileLookUp(condition.path),
    judge: condition.op === 'within' ? timed(plain, condition.operand, rising) : plain,
  };
};

/** An operator with its operand: the test of a known value, and what the others come to. */
export const compileOperator = (condition: FactCondition, lists: PolicyLists) => {
  const kind = kindOf(condition);
  const operand = condition.operand as never;
  const test: ValueTest = kind.compile(operand, lists);
  return { test, whenUnknown: kind.unknown(operand), whenRemoved: kind.removed(operand) };
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
  const isClaim = condition.op !== 'selling' && condition.op !== 'within' && isClaimed(id);
  const verdict = (frame: Frame): Verdict => judge(lookUp(frame), frame);
  return {
    say,
    paths: [id],
    actions: NONE,
    verdict,
    settle: verdict,
    trace: isClaim
      ? traceClaim(condition, lists)
      : (frame) => {
          const found = lookUp(frame);
          const verdict = judge(found, frame);
          return found === undefined
            ? traceOf(id, say, needs, verdict, undefined, NONE)
            : traceOf(id, say, needs, verdict, found.value, found.key === '' ? NONE : [proofOf(found)]);
        },
  };
};

const proofOf = (found: FoundFact): CriterionTrace['evidence'][number] => ({
  at: found.at,
  key: found.key,
  trust: found.trust,
});

/** The same for what somebody claimed, which is nearly every criterion: one closure, one access, one call. */
const traceClaim = (condition: FactCondition, lists: PolicyLists): CompiledCriterion['trace'] => {
  const { path: id } = condition;
  const { say, needs } = compileFact(condition, lists, true);
  const { test, whenUnknown, whenRemoved } = compileOperator(condition, lists);
  const isCompany = id.startsWith('company.');
  return (frame) => {
    const fact = (isCompany ? frame.companyFacts : frame.facts)[id];
    if (fact === undefined) return traceOf(id, say, needs, whenUnknown, undefined, NONE);
    const { value } = fact;
    const verdict = value === null ? whenRemoved : test(value, frame.now);
    return traceOf(id, say, needs, verdict, value, [{ at: fact.at, key: fact.key, trust: fact.trust }]);
  };
};

const traceOf = (
  id: string,
  say: string,
  needs: FactValue,
  verdict: Verdict,
  value: FactValue | undefined,
  evidence: CriterionTrace['evidence'],
): CriterionTrace => ({ id, kind: 'fact', say, verdict, value, needs, evidence, of: NONE });
