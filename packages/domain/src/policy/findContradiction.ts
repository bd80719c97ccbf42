/** Finds conditions that no contact can ever meet: bounds that exclude each other, values that can't both hold. */
import type { Bound, Criterion, CriterionLeaf, FactCondition, ThresholdOperator } from './condition.ts';
import { isKnownFact } from './knownFacts.ts';

/** What the scores of a document can reach at all. */
export type ScoreRange = { readonly low: number; readonly high: number };
export type ScoreRanges = { readonly fit: ScoreRange; readonly engagement: ScoreRange };

type Interval = { low: number; lowOpen: boolean; high: number; highOpen: boolean };

/**
 * Why a criterion can never be met, in words; undefined if nothing speaks against it (which is no proof that it can).
 * Looks through all and any; what stands under `not` is left alone. Linear in the tree.
 */
export const findContradiction = (criterion: Criterion, scores: ScoreRanges): string | undefined => {
  if (criterion.kind === 'any') {
    const reasons = criterion.of.map((part) => findContradiction(part, scores));
    return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
  }
  const parts = conjunctionOf(criterion);
  for (const part of parts) {
    const reason = part.kind === 'any' ? findContradiction(part, scores) : undefined;
    if (reason !== undefined) return reason;
  }
  const leaves = parts.filter(isLeaf);
  return boundsContradict(leaves, scores) ?? valuesContradict(leaves);
};

const conjunctionOf = (criterion: Criterion): readonly Criterion[] =>
  criterion.kind === 'all' ? criterion.of.flatMap(conjunctionOf) : [criterion];

const isLeaf = (criterion: Criterion): criterion is CriterionLeaf =>
  criterion.kind !== 'all' && criterion.kind !== 'any' && criterion.kind !== 'not';

const boundsContradict = (leaves: readonly CriterionLeaf[], scores: ScoreRanges): string | undefined => {
  const intervals = new Map<string, Interval>();
  for (const leaf of leaves) {
    if (leaf.kind === 'action') continue;
    const start = leaf.kind === 'fact' ? { low: -Infinity, high: Infinity } : scores[leaf.kind];
    const name = leaf.kind === 'fact' ? `${leaf.path}${boundKind(leaf)}` : leaf.kind;
    const interval = intervals.get(name) ?? { ...start, lowOpen: false, highOpen: false };
    intervals.set(name, interval);
    if (leaf.kind !== 'fact') narrow(interval, leaf.op, leaf.points);
    else if (leaf.op === 'between') {
      narrow(interval, 'gte', orderOf(leaf.operand[0]));
      narrow(interval, 'lte', orderOf(leaf.operand[1]));
    } else if (isOneSided(leaf)) narrow(interval, leaf.op, orderOf(leaf.operand));
    if (!isEmpty(interval)) continue;
    if (leaf.kind === 'fact') return `no value of ${leaf.path} can satisfy all of its bounds`;
    const { low, high } = scores[leaf.kind];
    return `no ${leaf.kind} satisfies all of its bounds: it lies between ${low} and ${high}`;
  }
  return undefined;
};

const isOneSided = (leaf: FactCondition): leaf is Extract<FactCondition, { readonly op: ThresholdOperator }> =>
  leaf.op === 'gt' || leaf.op === 'gte' || leaf.op === 'lt' || leaf.op === 'lte';

const boundKind = (leaf: FactCondition): string => {
  const bound = leaf.op === 'between' ? leaf.operand[0] : isOneSided(leaf) ? leaf.operand : undefined;
  return typeof bound === 'object' ? ' (date)' : '';
};
const orderOf = (bound: Bound): number => (typeof bound === 'number' ? bound : bound.at);
const isEmpty = ({ low, high, lowOpen, highOpen }: Interval): boolean =>
  low > high || (low === high && (lowOpen || highOpen));

const narrow = (interval: Interval, op: ThresholdOperator, value: number): void => {
  const open = op === 'gt' || op === 'lt';
  if (op === 'gt' || op === 'gte') {
    if (value > interval.low || (value === interval.low && open))
      Object.assign(interval, { low: value, lowOpen: open });
  } else if (value < interval.high || (value === interval.high && open))
    Object.assign(interval, { high: value, highOpen: open });
};

/** Only facts that Baton fills itself are sure to have one value; a custom one may be a list. */
const valuesContradict = (leaves: readonly CriterionLeaf[]): string | undefined => {
  const allowed = new Map<string, ReadonlySet<string>>();
  const absent = new Set<string>();
  const tested = new Set<string>();
  for (const leaf of leaves) {
    if (leaf.kind !== 'fact' || !isKnownFact(leaf.path)) continue;
    if (leaf.op === 'exists' && !leaf.operand) absent.add(leaf.path);
    else if (leaf.op !== 'is-not' && leaf.op !== 'not-in') tested.add(leaf.path);
    if (leaf.op === 'is' || leaf.op === 'in') {
      const values = new Set(
        (leaf.op === 'is' ? [leaf.operand] : leaf.operand).map((value) => `${value}`.toLowerCase()),
      );
      const before = allowed.get(leaf.path);
      const both = before === undefined ? values : new Set([...before].filter((value) => values.has(value)));
      if (both.size === 0) return `${leaf.path} can’t have both values at once`;
      allowed.set(leaf.path, both);
    }
    if (absent.has(leaf.path) && tested.has(leaf.path)) return `${leaf.path} can’t be absent and have a value`;
  }
  return undefined;
};
