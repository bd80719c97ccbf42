/**
 * Says an evaluation in sentences that marketing, sales and the rep read. It only tells what the trace holds: it decides
 * nothing, and a sentence never knows more than the decision did.
 */

import type { FactValue } from '../facts/fact.ts';
import { assertNever } from '../kernel/assertNever.ts';
import { formatInstant, formatNumber } from '../kernel/formatInstant.ts';
import type { Instant } from '../kernel/time.ts';
import type { CriterionTrace, EngagementTrace, Evaluation, FitTrace, RuleTrace } from './evaluation.ts';
import { factName } from './factName.ts';

/**
 * What the evaluation came to: for a contact who qualifies the evidence of the rule that was met, else what each rule
 * still lacks, in the policy's order, and which facts nobody knows. Linear in the trace.
 */
export const explainEvaluation = (evaluation: Evaluation, now: Instant): readonly string[] => {
  const met = evaluation.rules.find((rule) => rule.verdict === 'met');
  if (met !== undefined) return sentencesOf(met.criterion, evaluation, now);
  const sentences = evaluation.rules.map((rule) => sayUnmetRule(rule, evaluation, now));
  if (evaluation.missing.length > 0)
    sentences.push(sentence(`nobody knows ${evaluation.missing.map(factName).join(', ')}`));
  return sentences;
};

/** The leaves that made a criterion met, each as a sentence; of an `any` only those that are met. */
const sentencesOf = (trace: CriterionTrace, evaluation: Evaluation, now: Instant): readonly string[] => {
  switch (trace.kind) {
    case 'all':
      return trace.of.flatMap((child) => sentencesOf(child, evaluation, now));
    case 'any':
      return trace.of
        .filter((child) => child.verdict === 'met')
        .flatMap((child) => sentencesOf(child, evaluation, now));
    default:
      return [sentence(sayTrace(trace, evaluation, now))];
  }
};

const sayUnmetRule = (rule: RuleTrace, evaluation: Evaluation, now: Instant): string => {
  const lacks = lackingOf(rule.criterion).map((trace) => sayTrace(trace, evaluation, now));
  const word = rule.criterion.kind === 'any' ? ', ' : '; ';
  return sentence(`“${rule.id}” ${rule.verdict === 'unknown' ? 'can’t be told' : 'is not met'}: ${lacks.join(word)}`);
};

/** The leaves for want of which a criterion is not met. */
const lackingOf = (trace: CriterionTrace): readonly CriterionTrace[] => {
  if (trace.verdict === 'met') return [];
  return trace.kind === 'all' || trace.kind === 'any' ? trace.of.flatMap(lackingOf) : [trace];
};

/** One criterion as it stood, without a full stop: `asked for a demo on 14 Nov, 10:20 UTC`, `fit 75, needs at least 60`. */
export const sayTrace = (trace: CriterionTrace, evaluation: Evaluation, now: Instant): string => {
  switch (trace.kind) {
    case 'action':
      return sayAction(trace, now);
    case 'fit':
      return sayFit(trace, evaluation.fit);
    case 'engagement':
      return sayEngagement(trace, evaluation.engagement);
    case 'fact':
      return sayFactTrace(trace);
    case 'not':
      return trace.verdict === 'met' ? trace.say : `${trace.say} does not hold`;
    case 'all':
    case 'any':
      return trace.of.map((child) => sayTrace(child, evaluation, now)).join(trace.kind === 'all' ? '; ' : ' or ');
    default:
      return assertNever(trace.kind);
  }
};

const sayAction = (trace: CriterionTrace, now: Instant): string => {
  const latest = trace.evidence[0];
  const needs = Number(trace.needs);
  if (trace.verdict !== 'met') return `no “${trace.say}”${needs > 1 ? `, ${trace.value} of ${needs} so far` : ''}`;
  if (latest === undefined) return trace.say;
  return `${trace.say}${needs > 1 ? ', last' : ''} on ${formatInstant(latest.at, now)}`;
};

const sayFit = (trace: CriterionTrace, fit: FitTrace): string => {
  const { known, possible } = fit;
  const score = known === possible ? `${known}` : `between ${known} and ${possible}`;
  return `fit ${score}, needs ${thresholdOf(trace)}${listed(fit.parts.filter((part) => part.verdict === 'met'))}`;
};

const sayEngagement = (trace: CriterionTrace, engagement: EngagementTrace): string =>
  `engagement ${engagement.points}, needs ${thresholdOf(trace)}${listed(engagement.parts.filter((part) => part.points !== 0))}`;

/** `fit of at least 60` asks for `at least 60`. */
const thresholdOf = (trace: CriterionTrace): string => trace.say.slice(trace.say.indexOf(' of ') + 4);

const listed = (parts: readonly { readonly say: string; readonly points: number }[]): string =>
  parts.length === 0
    ? ''
    : `: ${parts.map(({ say, points }) => `${say} (${points > 0 ? '+' : ''}${points})`).join(', ')}`;

const sayFactTrace = (trace: CriterionTrace): string => {
  const told = trace.value === undefined ? 'not known' : sayValue(trace.value);
  return trace.verdict === 'met' && isSame(trace) ? trace.say : `${trace.say} (${told})`;
};

/** A value that the criterion's own words already say need not be said again. */
const isSame = (trace: CriterionTrace): boolean => trace.value === trace.needs;

/** A fact's value for people. */
export const sayValue = (value: FactValue): string => {
  if (value === null) return 'removed';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : value.join(', ');
};

/** First letter in upper case, a full stop at the end. */
const sentence = (text: string): string => {
  const [first = ''] = text;
  return `${first.toUpperCase()}${text.slice(first.length)}${/[.!?]$/.test(text) ? '' : '.'}`;
};
