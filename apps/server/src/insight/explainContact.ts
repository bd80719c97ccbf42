/**
 * Why, on demand: a contact judged now by the policy in force, with the same evaluation as live decisions. For who
 * qualifies: the reason and its evidence; for who does not: what each rule still lacks; for both: what would change it.
 */
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { CompiledPolicy, Subject } from '@baton/domain/policy/compiled.ts';
import { evaluate } from '@baton/domain/policy/evaluate.ts';
import type { Evaluation } from '@baton/domain/policy/evaluation.ts';
import { explainEvaluation } from '@baton/domain/policy/explain.ts';
import { whatWouldChange } from '@baton/domain/policy/whatWouldChange.ts';
import type { ContactFile } from '../records/contactFile.ts';

export type ContactExplained = {
  readonly verdict: Evaluation['verdict'];
  readonly rule: Evaluation['rule'];
  readonly sentences: readonly string[];
  readonly otherwise: readonly { readonly if: string; readonly then: string }[];
  /** Facts that nobody knows and a rule asks for. */
  readonly missing: readonly string[];
  readonly evaluation: Evaluation;
};

/** Judges a contact at `now`. Pure; one evaluation and one for each difference that is tried. */
export const explainContact = (file: ContactFile, policy: CompiledPolicy, now: Instant): ContactExplained => {
  const { state } = file;
  const subject: Subject = {
    facts: state.facts,
    companyFacts: file.companyFacts,
    touches: state.touches,
    signals: state.signals,
    stage: state.stage,
    leadStatus: state.leadStatus,
    ownerId: state.ownerId,
  };
  const evaluation = evaluate(policy, subject, now);
  return {
    verdict: evaluation.verdict,
    rule: evaluation.rule,
    sentences: explainEvaluation(evaluation, now),
    otherwise: whatWouldChange(policy, subject, now),
    missing: evaluation.missing,
    evaluation,
  };
};
