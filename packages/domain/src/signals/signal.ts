import type { Instant } from '../kernel/time.ts';

/** The hash of what a signal collects (on, where, trust, K); points, caps and half-lives apply when it is read. */
export type SignalKey = string;

/** When it counted, and the event that made it count. */
export type SignalPair = readonly [at: Instant, key: string];

/** The K latest pairs, latest first; equal instants by key, descending. Merging is top-K union: any order, any repetition. */
export type SignalSet = readonly SignalPair[];

/** All that a contact did that some policy asks about. */
export type Signals = { readonly [key: SignalKey]: SignalSet };
