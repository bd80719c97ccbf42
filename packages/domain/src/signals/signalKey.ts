import type { Trust } from '../facts/fact.ts';
import { compareTexts } from '../facts/foldFacts.ts';
import { textHash } from '../kernel/textHash.ts';
import type { Condition } from '../policy/condition.ts';
import type { Ignorable, PolicyLists } from '../policy/document.ts';
import type { SignalKey } from './signal.ts';

/** The most pairs that a signal may keep. */
export const KEEP_MAX = 32;

/** How many latest events fill a signal's cap, which is how many are kept. Both have one sign and neither is 0. */
export const timesToCap = (rule: { readonly points: number; readonly cap: number }): number =>
  Math.ceil(rule.cap / rule.points);

/** All that decides which events a signal collects. Points, caps, half-lives and spans are not among it. */
export type Collects = {
  readonly on: string;
  readonly where: Condition | null;
  readonly trust: Trust;
  readonly keep: number;
  /** Marks whose events are left out. */
  readonly ignored: readonly Ignorable[];
};

/**
 * The name under which pairs are kept: `<K>.<hash>`, so that a set can be merged by whoever knows only its key. Two
 * signals that collect the same share it. The values of lists that `where` names are part of it. Linear.
 */
export const signalKey = (collects: Collects, lists: PolicyLists): SignalKey => {
  const { on, where, trust, keep, ignored } = collects;
  const text = canonical([on, where, trust, [...ignored].sort(compareTexts), listsIn(where, lists)]);
  return `${keep}.${textHash(text)}`;
};

/** K of a key; at most 32 whatever the key says. */
export const keepOf = (key: SignalKey): number => {
  let keep = 0;
  for (let index = 0; index < key.length; index += 1) {
    const digit = key.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) break;
    keep = Math.min(keep * 10 + digit, KEEP_MAX);
  }
  return keep === 0 ? KEEP_MAX : keep;
};

const listsIn = (condition: Condition | null, lists: PolicyLists): readonly (readonly string[])[] => {
  if (condition === null) return [];
  switch (condition.kind) {
    case 'fact':
      return condition.op === 'in-list' ? [[...(lists.get(condition.operand) ?? [])].sort(compareTexts)] : [];
    case 'not':
      return listsIn(condition.of, lists);
    default:
      return condition.of.flatMap((child) => listsIn(child, lists));
  }
};

/** JSON with sorted keys, so that the order in which an object was built has no say. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const object = value as { readonly [key: string]: unknown };
  const fields = Object.keys(object).sort(compareTexts);
  return `{${fields.map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`).join(',')}}`;
};
