import type { FactPath } from '../facts/fact.ts';
import type { DurationMs, Instant } from '../kernel/time.ts';

/** A single value as the document writes it. */
export type Scalar = string | number | boolean;

/** What gt, gte, lt, lte and between compare with: a number, or a date (written `2026-11-23` or as an ISO instant with zone). */
export type Bound = number | { readonly at: Instant };

/**
 * Every operator and the shape of its operand after parsing. The text operators take one word or several and are met
 * by any of them, so they are always lists here.
 */
export type Operands = {
  readonly is: Scalar;
  readonly 'is-not': Scalar;
  readonly in: readonly Scalar[];
  readonly 'not-in': readonly Scalar[];
  /** The id of a list of the document's `lists` section. */
  readonly 'in-list': string;
  readonly gt: Bound;
  readonly gte: Bound;
  readonly lt: Bound;
  readonly lte: Bound;
  /** Both ends count. */
  readonly between: readonly [low: Bound, high: Bound];
  readonly exists: boolean;
  readonly contains: readonly string[];
  readonly 'has-word': readonly string[];
  readonly 'starts-with': readonly string[];
  readonly 'ends-with': readonly string[];
  /** The fact is a date at most this long before now, and not after now. */
  readonly within: DurationMs;
  /** Owner facts only: the owner is an active colleague who sells (true), or there is none such (false). */
  readonly selling: boolean;
};

export const OPERATORS = [
  'is',
  'is-not',
  'in',
  'not-in',
  'in-list',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'exists',
  'contains',
  'has-word',
  'starts-with',
  'ends-with',
  'within',
  'selling',
] as const satisfies readonly (keyof Operands)[];
export type Operator = (typeof OPERATORS)[number];

/**
 * One test of one fact. In a `where` the path names a property of the event itself, as the sender calls it
 * (`path`, `utm.source`); everywhere else it is a fact path (`contact.country`).
 */
export type FactCondition = {
  [Op in Operator]: { readonly kind: 'fact'; readonly path: FactPath; readonly op: Op; readonly operand: Operands[Op] };
}[Operator];

/** A tree over tests of kind `Leaf`. A map of several facts is an `all`; `of` is never empty. */
export type Tree<Leaf> =
  | Leaf
  | { readonly kind: 'all'; readonly of: readonly Tree<Leaf>[] }
  | { readonly kind: 'any'; readonly of: readonly Tree<Leaf>[] }
  | { readonly kind: 'not'; readonly of: Tree<Leaf> };

/** What `where` and `when` say: facts only. */
export type Condition = Tree<FactCondition>;

/** A score's threshold, in whole points. */
export type ThresholdOperator = 'gt' | 'gte' | 'lt' | 'lte';

/** What `qualify` may ask beyond facts. */
export type CriterionLeaf =
  | FactCondition
  | { readonly kind: 'action'; readonly action: string }
  | { readonly kind: 'fit'; readonly op: ThresholdOperator; readonly points: number }
  | { readonly kind: 'engagement'; readonly op: ThresholdOperator; readonly points: number };

/** The tree of one `qualify` rule. */
export type Criterion = Tree<CriterionLeaf>;
