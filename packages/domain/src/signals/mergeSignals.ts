import { compareTexts } from '../facts/foldFacts.ts';
import type { SignalPair, SignalSet, Signals } from './signal.ts';
import { keepOf } from './signalKey.ts';

/** Latest first; equal instants by key, descending. */
const comparePairs = (one: SignalPair, other: SignalPair): number =>
  other[0] - one[0] || compareTexts(other[1], one[1]);

/**
 * Adds one pair and keeps the `keep` latest. Answers the same set where nothing changed: the pair is known already, or
 * too early to be kept. Linear in `keep`.
 */
export const addPair = (set: SignalSet, pair: SignalPair, keep: number): SignalSet => {
  let place = 0;
  while (place < set.length) {
    const order = comparePairs(set[place] as SignalPair, pair);
    if (order === 0) return set;
    if (order > 0) break;
    place += 1;
  }
  if (place >= keep) return set;
  const next = [...set.slice(0, place), pair, ...set.slice(place)];
  return next.length > keep ? next.slice(0, keep) : next;
};

/** Top-K union of two sets: commutative, associative, idempotent. Linear in both. */
export const mergeSets = (one: SignalSet, other: SignalSet, keep: number): SignalSet => {
  const merged: SignalPair[] = [];
  let left = 0;
  let right = 0;
  while (merged.length < keep && (left < one.length || right < other.length)) {
    const mine = one[left];
    const theirs = other[right];
    const order = mine === undefined ? 1 : theirs === undefined ? -1 : comparePairs(mine, theirs);
    merged.push((order <= 0 ? mine : theirs) as SignalPair);
    if (order <= 0) left += 1;
    if (order >= 0) right += 1;
  }
  return merged;
};

/** Top-K union per signal; K stands in the key. Linear. */
export const mergeSignals = (one: Signals, other: Signals): Signals => {
  const merged: { [key: string]: SignalSet } = { ...one };
  for (const key of Object.keys(other)) {
    const theirs = other[key] as SignalSet;
    const mine = merged[key];
    merged[key] = mine === undefined ? theirs : mergeSets(mine, theirs, keepOf(key));
  }
  return merged;
};
