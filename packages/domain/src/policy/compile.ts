import type { FactPath } from '../facts/fact.ts';
import type { Collects } from '../signals/signalKey.ts';
import { signalKey, timesToCap } from '../signals/signalKey.ts';
import { compileCriterionLeaf, sayAction } from './compileCriterion.ts';
import type {
  Collector,
  CompiledAction,
  CompiledCriterion,
  CompiledFit,
  CompiledPolicy,
  CompiledRule,
  CompiledSignal,
} from './compiled.ts';
import { compileFact, compileFactCriterion } from './compileFact.ts';
import { compileTree } from './compileTree.ts';
import { compileWhere } from './compileWhere.ts';
import type { Condition, FactCondition } from './condition.ts';
import type { ActionRule, FitRule, PolicyDocument, PolicyLists, SignalRule } from './document.ts';
import type { CriterionTrace } from './evaluation.ts';

/** Changes whenever an evaluation could come out as other bytes; a decision names it, so that a replay knows. */
export const EVALUATOR_VERSION = 3;

/**
 * Prepares a parsed policy for evaluation. `hash` names its canonical bytes, `lists` its values, lower-cased and trimmed.
 * Throws where the document names what it lacks (a list, an action): `parse` refuses such documents. Linear.
 */
export const compilePolicy = (document: PolicyDocument, hash: string, lists: PolicyLists): CompiledPolicy => {
  const collectors = new Map<string, Collector[]>();
  const collect = (rule: SignalRule | ActionRule, keep: number): string => {
    const collects: Collects = {
      on: rule.on,
      where: rule.where,
      trust: rule.trust,
      keep,
      ignored: document.gate.ignore,
    };
    const key = signalKey(collects, lists);
    const asked = collectors.get(rule.on) ?? [];
    if (!asked.some((collector) => collector.key === key)) {
      const where = rule.where === null ? null : compileWhere(rule.where, lists);
      asked.push({ key, on: rule.on, where, trust: rule.trust, keep, ignored: new Set(document.gate.ignore) });
    }
    collectors.set(rule.on, asked);
    return key;
  };

  const signals = document.signals.map((rule): CompiledSignal => {
    const keep = timesToCap(rule);
    return {
      id: rule.id,
      say: rule.say,
      key: collect(rule, keep),
      keep,
      milliPoints: rule.points * 1000,
      milliCap: rule.cap * 1000,
      halfLifeMs: rule.halfLifeMs,
    };
  });
  const actions = new Map<string, CompiledAction>();
  for (const rule of document.actions) {
    const { id, times, withinMs } = rule;
    actions.set(id, { id, say: sayAction(rule), key: collect(rule, times), times, withinMs });
  }
  const fit = document.fit.map((rule) => compileFitRule(rule, lists));
  const leaf = compileCriterionLeaf({ lists, actions, fitPaths: fit.flatMap((rule) => rule.paths) });
  const rules = document.qualify.map((rule): CompiledRule => {
    const criterion = compileTree(rule.when, leaf);
    const { id, intent, say } = rule;
    return { id, intent, say: say ?? criterion.say, criterion, named: say === null ? null : { id, intent, say } };
  });

  const conditions = new Map<Condition, CompiledCriterion>();
  const conditioned = [...document.except, ...document.route, ...document.experiments];
  for (const { when } of conditioned) if (when !== null) conditions.set(when, compileCondition(when, lists));

  return {
    hash,
    document,
    lists,
    collectors,
    signals,
    fit,
    actions,
    rules,
    conditions,
    criteriaByEvent: indexByEvent(document, rules),
    criteriaByFact: indexByFact(document, fit, rules, conditions),
  };
};

/** Prepares a condition of facts. Linear. */
export const compileCondition = (condition: Condition, lists: PolicyLists): CompiledCriterion =>
  compileTree<FactCondition>(condition, (leaf, rising) => compileFactCriterion(leaf, lists, rising));

const compileFitRule = (rule: FitRule, lists: PolicyLists): CompiledFit => {
  const { id, say, points, when } = rule;
  // Points that take away count the other way round, but both directions may tip some threshold: `rising` matters only
  // for the instant at which to look again, and looking once too often is free of effect.
  if (when.kind === 'fact') {
    const { lookUp, judge } = compileFact(when, lists, points > 0);
    return {
      id,
      say,
      points,
      paths: [when.path],
      verdict: (frame) => judge(lookUp(frame), frame),
      part: (frame) => {
        const found = lookUp(frame);
        return { id, say, verdict: judge(found, frame), points, value: found === undefined ? undefined : found.value };
      },
      unknown: () => [when.path],
    };
  }
  const criterion = compileTree<FactCondition>(
    when,
    (leaf, rising) => compileFactCriterion(leaf, lists, rising),
    points > 0,
  );
  return {
    id,
    say,
    points,
    paths: [...new Set(criterion.paths)],
    verdict: criterion.verdict,
    part: (frame) => ({ id, say, verdict: criterion.verdict(frame), points, value: undefined }),
    unknown: (frame) => unknownFacts(criterion.trace(frame)),
  };
};

const unknownFacts = (trace: CriterionTrace): readonly FactPath[] =>
  trace.verdict !== 'unknown'
    ? []
    : trace.kind === 'fact' && trace.id !== null
      ? [trace.id]
      : trace.of.flatMap(unknownFacts);

const indexByEvent = (document: PolicyDocument, rules: readonly CompiledRule[]): CompiledPolicy['criteriaByEvent'] => {
  const index = new Map<string, string[]>();
  for (const signal of document.signals) add(index, signal.on, `signal:${signal.id}`);
  for (const action of document.actions) {
    add(index, action.on, `action:${action.id}`);
    for (const rule of rules) if (rule.criterion.actions.includes(action.id)) add(index, action.on, `rule:${rule.id}`);
  }
  return index;
};

const indexByFact = (
  document: PolicyDocument,
  fit: readonly CompiledFit[],
  rules: readonly CompiledRule[],
  conditions: ReadonlyMap<Condition, CompiledCriterion>,
): CompiledPolicy['criteriaByFact'] => {
  const index = new Map<FactPath, string[]>();
  for (const rule of fit) for (const path of rule.paths) add(index, path, `fit:${rule.id}`);
  for (const rule of rules) for (const path of rule.criterion.paths) add(index, path, `rule:${rule.id}`);
  const sections = { except: document.except, route: document.route, experiments: document.experiments };
  for (const [section, entries] of Object.entries(sections))
    for (const { id, when } of entries)
      if (when !== null) for (const path of conditions.get(when)?.paths ?? []) add(index, path, `${section}:${id}`);
  return index;
};

const add = (index: Map<string, string[]>, key: string, id: string): void => {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, [id]);
  else if (!ids.includes(id)) ids.push(id);
};
