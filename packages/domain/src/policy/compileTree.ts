import type { CompiledCriterion } from './compiled.ts';
import type { Tree } from './condition.ts';
import type { CriterionTrace, Verdict } from './evaluation.ts';
import { negate } from './kleene.ts';

/**
 * Compiles one leaf. `rising`: the leaf counts towards the whole being met, so an instant at which it becomes met
 * matters; below an odd number of `not`s it is the other way round.
 */
export type CompileLeaf<Leaf> = (leaf: Leaf, rising: boolean) => CompiledCriterion;

type Branch = Exclude<Tree<never>, never>;
type Inner<Leaf> = Exclude<Tree<Leaf>, Leaf>;

/** Shared, so that a trace allocates no empty arrays. */
export const NONE: readonly never[] = [];

/** Compiles a tree over leaves: Kleene's connectives, every part traced, none skipped. Linear in the tree. */
export const compileTree = <Leaf extends { readonly kind: string }>(
  tree: Tree<Leaf>,
  leaf: CompileLeaf<Leaf>,
  rising = true,
): CompiledCriterion => {
  if (!isBranch(tree)) return leaf(tree as Leaf, rising);
  switch (tree.kind) {
    case 'not':
      return compileNot(compileTree(tree.of as Tree<Leaf>, leaf, !rising));
    case 'all':
    case 'any':
      return compileSeveral(
        tree.kind,
        (tree.of as readonly Tree<Leaf>[]).map((child) => compileTree(child, leaf, rising)),
      );
  }
};

const isBranch = <Leaf extends { readonly kind: string }>(tree: Tree<Leaf>): tree is Inner<Leaf> & Branch =>
  tree.kind === 'all' || tree.kind === 'any' || tree.kind === 'not';

const compileNot = (child: CompiledCriterion): CompiledCriterion => {
  const say = `not (${child.say})`;
  return {
    say,
    paths: child.paths,
    actions: child.actions,
    verdict: (frame) => negate(child.verdict(frame)),
    settle: (frame) => negate(child.settle(frame)),
    trace: (frame) => {
      const inner = child.trace(frame);
      return {
        id: null,
        kind: 'not',
        say,
        verdict: negate(inner.verdict),
        value: undefined,
        needs: undefined,
        evidence: NONE,
        of: [inner],
      };
    },
  };
};

/** What decides a connective at once, and what it comes to where nothing decides and nothing is unknown. */
const CONNECTIVES: { readonly [Kind in 'all' | 'any']: { decides: Verdict; otherwise: Verdict; word: string } } = {
  all: { decides: 'not-met', otherwise: 'met', word: ' and ' },
  any: { decides: 'met', otherwise: 'not-met', word: ' or ' },
};

const compileSeveral = (kind: 'all' | 'any', children: readonly CompiledCriterion[]): CompiledCriterion => {
  const { decides, otherwise, word } = CONNECTIVES[kind];
  const say = children
    .map((child) => (child.say.includes(' or ') || child.say.includes(' and ') ? `(${child.say})` : child.say))
    .join(word);
  const traces = children.map((child) => child.trace);
  const came = (decided: boolean, unknown: boolean): Verdict => (decided ? decides : unknown ? 'unknown' : otherwise);
  return {
    say,
    paths: children.flatMap((child) => child.paths),
    actions: children.flatMap((child) => child.actions),
    verdict: (frame) => {
      let unknown = false;
      for (const child of children) {
        const verdict = child.verdict(frame);
        if (verdict === decides) return decides;
        if (verdict === 'unknown') unknown = true;
      }
      return came(false, unknown);
    },
    settle: (frame) => {
      let decided = false;
      let unknown = false;
      for (let index = 0; index < children.length; index += 1) {
        const verdict = (children[index] as CompiledCriterion).settle(frame);
        if (verdict === decides) decided = true;
        else if (verdict === 'unknown') unknown = true;
      }
      return came(decided, unknown);
    },
    trace: (frame) => {
      const of: CriterionTrace[] = [];
      let decided = false;
      let unknown = false;
      for (let index = 0; index < traces.length; index += 1) {
        const trace = (traces[index] as CompiledCriterion['trace'])(frame);
        of.push(trace);
        if (trace.verdict === decides) decided = true;
        else if (trace.verdict === 'unknown') unknown = true;
      }
      return {
        id: null,
        kind,
        say,
        verdict: came(decided, unknown),
        value: undefined,
        needs: undefined,
        evidence: NONE,
        of,
      };
    },
  };
};
