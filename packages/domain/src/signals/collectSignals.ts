import { TRUST_RANK } from '../facts/foldFacts.ts';
import type { ObservedEvent } from '../handoff/input.ts';
import type { Collector, Collectors } from '../policy/compiled.ts';
import { addPair } from './mergeSignals.ts';
import type { SignalPair, SignalSet, Signals } from './signal.ts';

/** What of an event decides whether it counts. */
export type CollectedEvent = Pick<ObservedEvent, 'key' | 'name' | 'effectiveAt' | 'trust' | 'properties' | 'marks'>;

/** True if this event is one that the collector counts: trusted enough, bearing no ignored mark, and met by `where`. */
export const counts = (collector: Collector, event: CollectedEvent): boolean => {
  if (TRUST_RANK[event.trust] < TRUST_RANK[collector.trust]) return false;
  for (const mark of event.marks) if (collector.ignored.has(mark)) return false;
  return collector.where === null || collector.where(event.properties, event.effectiveAt) === 'met';
};

/**
 * Adds an event's pair to every signal that collects it. Answers the same object where nothing changed. Linear in the
 * collectors of the event's name.
 */
export const collectSignals = (signals: Signals, event: CollectedEvent, collectors: Collectors): Signals => {
  const asked = collectors.get(event.name);
  if (asked === undefined) return signals;
  let next: { [key: string]: SignalSet } | null = null;
  for (const collector of asked) {
    if (!counts(collector, event)) continue;
    const set = (next ?? signals)[collector.key] ?? NOTHING;
    const pair: SignalPair = [event.effectiveAt, event.key];
    const added = addPair(set, pair, collector.keep);
    if (added === set) continue;
    next ??= { ...signals };
    next[collector.key] = added;
  }
  return next ?? signals;
};

const NOTHING: SignalSet = [];

/** Collectors of several policies, e.g. the active one and one about to be published; equal keys are one. Linear. */
export const joinCollectors = (...all: readonly Collectors[]): Collectors => {
  const joined = new Map<string, Collector[]>();
  for (const collectors of all)
    for (const [name, asked] of collectors) {
      const list = joined.get(name) ?? [];
      for (const collector of asked) if (!list.some((known) => known.key === collector.key)) list.push(collector);
      joined.set(name, list);
    }
  return joined;
};
