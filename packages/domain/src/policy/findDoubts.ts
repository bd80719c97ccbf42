/** Looks at the whole document for what no section can see alone: rules that can't act, names that nothing uses. */
import { assertNever } from '../kernel/assertNever.ts';
import type { Condition, Criterion, CriterionLeaf, Tree } from './condition.ts';
import { intentsOf, type PolicyDocument } from './document.ts';
import { findContradiction, type ScoreRange, type ScoreRanges } from './findContradiction.ts';
import type { FindingCode, Severity } from './finding.ts';
import { nearest } from './nearest.ts';
import { type At, into, report } from './reader.ts';
import { SECTIONS } from './sections/sections.ts';

/** Reports doubts about a document that could be read, at their places under `root`. Linear, but for intents. */
export const findDoubts = (document: PolicyDocument, root: At): void => {
  const scores = scoreRangesOf(document);
  const say = (
    steps: readonly (string | number)[],
    code: FindingCode,
    message: string,
    mend: string,
    severity: Severity,
  ) => report(locate(root, steps), code, message, mend, severity);

  const askedBy = new Map<string, string>();
  for (const [index, rule] of document.qualify.entries()) {
    const never = findContradiction(rule.when, scores);
    if (never !== undefined) say(['qualify', index], 'never-matches', never, 'loosen one of the bounds', 'error');
    const always = alwaysMet(rule.when, scores);
    if (always !== undefined)
      say(['qualify', index], 'always-matches', always, 'raise the threshold, or name another criterion', 'error');
    const asked = JSON.stringify(rule.when);
    const same = askedBy.get(asked);
    if (same !== undefined)
      say(['qualify', index], 'unreachable', `“${same}” asks the same and comes first`, 'remove one', 'warning');
    else askedBy.set(asked, rule.id);
  }
  for (const section of ['fit', 'except', 'route'] as const)
    for (const [index, rule] of document[section].entries()) {
      const never = rule.when === null ? undefined : findContradiction(rule.when, scores);
      const step = section === 'fit' ? rule.id : index;
      if (never !== undefined) say([section, step], 'never-matches', never, 'loosen one of the bounds', 'error');
    }
  for (const section of ['signals', 'actions'] as const)
    for (const { id, where } of document[section]) {
      const never = where === null ? undefined : findContradiction(where, scores);
      if (never !== undefined) say([section, id], 'never-matches', never, 'loosen one of the bounds', 'error');
    }
  // An owner's route leaves whom it has no owner for to the next; a team or a queue takes everyone.
  const everyone = document.route.findIndex(
    ({ when, to }) => when === null && (to.kind === 'team' || to.kind === 'queue'),
  );
  for (const [index, rule] of document.route.entries()) {
    const before = document.route[everyone];
    if (everyone >= 0 && index > everyone && before !== undefined)
      say(['route', index], 'unreachable', `“${before.id}” takes everyone before`, `move “${rule.id}” up`, 'warning');
  }
  findUnheard(document, say);
  findUnused(document, say);
  findIntentGaps(document, say);
  if (document.feedback.reject.length === 0)
    say(
      ['feedback'],
      'missing-key',
      'sales can’t say no: there are no reasons',
      'add feedback: { reject: ... }',
      'warning',
    );
};

type Say = (
  steps: readonly (string | number)[],
  code: FindingCode,
  message: string,
  mend: string,
  severity: Severity,
) => undefined;

/** The page says that they hear of it: then there must be a place where they do. */
const findUnheard = ({ fallback: { tell }, notify }: PolicyDocument, say: Say): void => {
  if (tell === null || notify.some(({ id, to }) => id === tell && to !== null)) return;
  const mend = `add ${tell}: { via: slack, to: "#${tell}" } to notify, or leave tell out`;
  say(['fallback', 'tell'], 'unknown-place', `no place in notify is called “${tell}”: nobody hears`, mend, 'warning');
};

const findUnused = (document: PolicyDocument, say: Say): void => {
  const leaves = document.qualify.flatMap((rule) => leavesOf<CriterionLeaf>(rule.when));
  const conditions: (Condition | null)[] = [
    ...document.fit.map((rule) => rule.when),
    ...document.except.map((rule) => rule.when),
    ...document.route.map((rule) => rule.when),
    ...document.signals.map((rule) => rule.where),
    ...document.actions.map((rule) => rule.where),
  ];
  const facts = [...leaves, ...conditions.flatMap((condition) => (condition === null ? [] : leavesOf(condition)))];
  const actions = new Set(leaves.flatMap((leaf) => (leaf.kind === 'action' ? [leaf.action] : [])));
  const lists = new Set(facts.flatMap((leaf) => (leaf.kind === 'fact' && leaf.op === 'in-list' ? [leaf.operand] : [])));
  const asks = (kind: 'fit' | 'engagement') => leaves.some((leaf) => leaf.kind === kind);
  for (const { id } of document.actions)
    if (!actions.has(id)) say(['actions', id], 'unused', `no rule asks for “${id}”`, 'name it in qualify', 'warning');
  for (const { id } of document.lists)
    if (!lists.has(id)) say(['lists', id], 'unused', `nothing looks into “${id}”`, 'use it with in-list', 'warning');
  if (document.fit.length > 0 && !asks('fit'))
    say(['fit'], 'unused', 'no rule asks for fit', 'use { fit: { gte: ... } } in qualify', 'warning');
  if (document.signals.length > 0 && !asks('engagement'))
    say(['signals'], 'unused', 'no rule asks for engagement', 'use { engagement: { gte: ... } } in qualify', 'warning');
};

const findIntentGaps = (document: PolicyDocument, say: Say): void => {
  const intents = intentsOf(document);
  const promised = new Set(document.promise.map((rule) => rule.intent));
  const tasked = new Set(document.firstTask.map((rule) => rule.intent));
  for (const intent of intents) {
    if (!promised.has(intent)) {
      const mend = `add ${intent}: { contact-within: 4h } to promise`;
      say(['promise'], 'unknown-intent', `sales promises nothing for intent “${intent}”`, mend, 'error');
    }
    if (!tasked.has(intent)) {
      const mend = `add ${intent}: { type: call, title: "...", due: promise } to first-task`;
      say(['first-task'], 'unknown-intent', `there is no first task for intent “${intent}”`, mend, 'warning');
    }
  }
  for (const name of ['promise', 'firstTask', 'deal'] as const)
    for (const { intent } of document[name]) {
      // what the promise names, the fast track may give: a list's own intent
      if (intents.includes(intent) || (document.manual !== null && promised.has(intent))) continue;
      const meant = nearest(intent, intents);
      const mend = meant === undefined ? `intents: ${intents.join(', ')}` : `did you mean ${meant}?`;
      say([SECTIONS[name].key, intent], 'unused', `no rule gives intent “${intent}”`, mend, 'warning');
    }
};

/** What fit and engagement can reach: all that adds up against all that takes away. */
export const scoreRangesOf = (document: Pick<PolicyDocument, 'fit' | 'signals'>): ScoreRanges => ({
  fit: rangeOf(document.fit.map((rule) => rule.points)),
  engagement: rangeOf(document.signals.map((rule) => rule.cap)),
});
const rangeOf = (points: readonly number[]): ScoreRange => ({
  low: points.reduce((sum, value) => sum + Math.min(0, value), 0),
  high: points.reduce((sum, value) => sum + Math.max(0, value), 0),
});

/** Why everybody would qualify: every part is a threshold at or below what a score can't fall under. */
const alwaysMet = (criterion: Criterion, scores: ScoreRanges): string | undefined => {
  switch (criterion.kind) {
    case 'fit':
    case 'engagement': {
      const { low, high } = scores[criterion.kind];
      const met = {
        gte: low >= criterion.points,
        gt: low > criterion.points,
        lte: high <= criterion.points,
        lt: high < criterion.points,
      };
      return met[criterion.op]
        ? `${criterion.kind} always lies between ${low} and ${high}: everybody qualifies`
        : undefined;
    }
    case 'all': {
      const reasons = criterion.of.map((part) => alwaysMet(part, scores));
      return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
    }
    case 'any':
      return criterion.of.map((part) => alwaysMet(part, scores)).find((reason) => reason !== undefined);
    case 'not':
    case 'fact':
    case 'action':
      return undefined;
    default:
      return assertNever(criterion);
  }
};

const leavesOf = <Leaf extends { readonly kind: string }>(tree: Tree<Leaf>): readonly Leaf[] => {
  const branch = tree as Tree<{ readonly kind: 'leaf' }>;
  if (branch.kind === 'all' || branch.kind === 'any') return branch.of.flatMap((part) => leavesOf(part as Tree<Leaf>));
  return branch.kind === 'not' ? leavesOf(branch.of as Tree<Leaf>) : [tree as Leaf];
};

/** The deepest place along the steps that exists. */
const locate = (root: At, steps: readonly (string | number)[]): At => {
  let at = root;
  for (const step of steps) {
    const { node } = at;
    const next =
      node.kind === 'list' && typeof step === 'number'
        ? node.items[step]
        : node.kind === 'map'
          ? node.entries.find((entry) => entry.key === step)?.value
          : undefined;
    if (next === undefined) return at;
    at = into(at, next, step);
  }
  return at;
};
