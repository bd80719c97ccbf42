import type { ObservedEvent } from '../handoff/input.ts';
import type { Fact, FactClaim, Facts, FactValue, Trust } from './fact.ts';

/** How much a source's word weighs. */
export const TRUST_RANK = { browser: 0, form: 1, server: 2, person: 3 } as const satisfies {
  readonly [T in Trust]: number;
};

/** What a claim takes from the event that makes it. */
export type ClaimOrigin = Pick<ObservedEvent, 'trust' | 'effectiveAt' | 'source' | 'key'>;

/**
 * Weighs claims against known facts: the greater (trust, at, key) wins, so the order of arrival has no say. Answers the
 * same object where nothing changed. Linear in claims, and in facts when one changes.
 */
export const foldFacts = (facts: Facts, claims: readonly FactClaim[], origin: ClaimOrigin): Facts => {
  let next: { [path: string]: Fact } | null = null;
  for (const { path, value } of claims) {
    if (path === '__proto__') continue; // names no fact, and assigning it would change the object's own prototype
    const known = (next ?? facts)[path];
    const fact: Fact = { value, trust: origin.trust, at: origin.effectiveAt, source: origin.source, key: origin.key };
    if (known !== undefined && compareFacts(fact, known) <= 0) continue;
    next ??= { ...facts };
    next[path] = fact;
  }
  return next ?? facts;
};

/** The same for a company: `claims` about `company.*`, whichever of its people's events made them. */
export const foldCompanyFacts = (facts: Facts, claims: readonly FactClaim[], event: ClaimOrigin): Facts =>
  foldFacts(facts, claims, event);

/** All that either knows; where both do, the greater (trust, at, key). Linear. */
export const mergeFacts = (one: Facts, other: Facts): Facts => {
  let next: { [path: string]: Fact } | null = null;
  for (const path of Object.keys(other)) {
    const fact = other[path] as Fact;
    const known = one[path];
    if (known !== undefined && compareFacts(fact, known) <= 0) continue;
    next ??= { ...one };
    next[path] = fact;
  }
  return next ?? one;
};

/** Total order of facts about one path. The value comes last: one event that says two things must not depend on which came first. */
export const compareFacts = (one: Fact, other: Fact): number =>
  TRUST_RANK[one.trust] - TRUST_RANK[other.trust] ||
  one.at - other.at ||
  compareTexts(one.key, other.key) ||
  compareTexts(one.source, other.source) ||
  compareTexts(textOf(one.value), textOf(other.value));

/** By UTF-16 code units: the same in every engine and every locale. */
export const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const textOf = (value: FactValue): string => JSON.stringify(value);
