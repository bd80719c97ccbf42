import { type ContactState, newContact } from '@baton/domain/handoff/state.ts';
import type { SignalPair, SignalSet, Signals } from '@baton/domain/signals/signal.ts';

/** A state together with the texts of its signals as they were stored, so that what did not move is not written anew. */
export type StoredState = { readonly state: ContactState; readonly sets: { readonly [key: string]: StoredSet } };

/** The pairs of a signal in one text, `<instant><key> <instant><key>`; pairs that don't fit that form are plain JSON. */
type StoredSet = string | SignalSet;

/** Every instant from 2001 to 2286 has so many digits. */
const INSTANT_CHARS = 13;
const [INSTANT_MIN, INSTANT_MAX] = [10 ** (INSTANT_CHARS - 1), 10 ** INSTANT_CHARS - 1];
/** The first digits of an instant, and what they are worth: either part is a small integer, which is all that is quick. */
const [HIGH_CHARS, HIGH] = [7, 10 ** 6];
const ZERO = 48;
const KEY = /^[\w-]+$/;
const NO_SETS: StoredState['sets'] = {};

/**
 * A contact's state as it is stored: JSON without what is null, zero or empty, which is most of a visitor's, one touch
 * where the first is the latest, and a signal's pairs in one text. It is written and parsed at nearly every event, so each
 * byte costs on both sides (with pairs as JSON reading took 7 us against 4, writing 6 against 3). `was`: what was read
 * before; its texts are taken over as far as they still hold.
 */
export const storeState = (state: ContactState, was: StoredState | null = null): string => {
  let text = `{"id":${state.id}`;
  for (const key in state) {
    const value = state[key as keyof ContactState];
    if (value === null || value === 0 || key === 'id') continue;
    if (key === 'signals') text += signalsText(state.signals, was);
    else if (key === 'touches') text += touchesText(state.touches);
    else if (key === 'decidedAt') text += `,"decidedAt":${state.decidedAt}`;
    else if (!isEmpty(value)) text += `,"${key}":${JSON.stringify(value)}`;
  }
  return `${text}}`;
};

/** The state of a stored text; what was left out is as a contact begins. */
export const readState = (text: string): ContactState => readStored(text).state;

/** The same with the texts of its signals. */
export const readStored = (text: string): StoredState => {
  const stored = JSON.parse(text) as { readonly [key: string]: unknown } & Pick<ContactState, 'id'>;
  // filled in rather than spread, so that every state has one shape in memory
  const state = newContact(stored.id) as { -readonly [K in keyof ContactState]: ContactState[K] };
  let sets = NO_SETS;
  for (const key in stored) {
    if (key === 'signals') sets = stored[key] as StoredState['sets'];
    else if (key === 'touches') state.touches = readTouches(stored[key] as Partial<ContactState['touches']>);
    else state[key as 'id'] = stored[key] as ContactState['id'];
  }
  const signals: { [key: string]: SignalSet } = {};
  for (const key in sets) {
    const set = sets[key] as StoredSet;
    signals[key] = typeof set === 'string' ? readPairs(set) : set;
  }
  state.signals = signals;
  return { state, sets };
};

const readTouches = ({ first = null, latest = first }: Partial<ContactState['touches']>): ContactState['touches'] => ({
  first,
  latest,
});

const isEmpty = (value: unknown): boolean => {
  if (typeof value !== 'object') return false;
  for (const _ in value) return false;
  return true;
};

const touchesText = ({ first, latest }: ContactState['touches']): string => {
  if (first === null && latest === null) return '';
  const text = JSON.stringify(first);
  const other = latest === first ? text : JSON.stringify(latest);
  return other === text ? `,"touches":{"first":${text}}` : `,"touches":{"first":${text},"latest":${other}}`;
};

const signalsText = (signals: Signals, was: StoredState | null): string => {
  let text = '';
  for (const key in signals) {
    const before = was?.state.signals[key];
    const stored = was?.sets[key];
    const set = setText(signals[key] as SignalSet, before, typeof stored === 'string' ? stored : undefined);
    text += `${text === '' ? ',"signals":{' : ','}${JSON.stringify(key)}:${set}`;
  }
  return text === '' ? '' : `${text}}`;
};

/** New pairs come first, so what follows them is the beginning of what was stored. */
const setText = (set: SignalSet, before: SignalSet | undefined, stored: string | undefined): string => {
  if (stored !== undefined && set === before) return `"${stored}"`;
  let text = '';
  for (let index = 0; index < set.length; index += 1) {
    if (stored !== undefined && before !== undefined && endsLike(set, index, before))
      return `"${text}${index === 0 ? '' : ' '}${firstPairs(stored, set.length - index)}"`;
    const [at, key] = set[index] as SignalPair;
    if (!(at >= INSTANT_MIN && at <= INSTANT_MAX) || !KEY.test(key)) return JSON.stringify(set);
    text += index === 0 ? `${at}${key}` : ` ${at}${key}`;
  }
  return `"${text}"`;
};

/** True where what follows from `index` on is the beginning of `before`, pair by pair. */
const endsLike = (set: SignalSet, index: number, before: SignalSet): boolean => {
  if (set.length - index > before.length) return false;
  for (let at = index; at < set.length; at += 1) if (set[at] !== before[at - index]) return false;
  return true;
};

/** The texts of the first `count` pairs. */
const firstPairs = (stored: string, count: number): string => {
  let end = -1;
  for (let pair = 0; pair < count; pair += 1) {
    end = stored.indexOf(' ', end + 1);
    if (end < 0) return stored;
  }
  return stored.slice(0, end);
};

const readPairs = (stored: string): SignalSet => {
  const pairs: SignalPair[] = [];
  for (let at = 0; at < stored.length; ) {
    const space = stored.indexOf(' ', at);
    const end = space < 0 ? stored.length : space;
    const high = readDigits(stored, at, at + HIGH_CHARS);
    const low = readDigits(stored, at + HIGH_CHARS, at + INSTANT_CHARS);
    pairs.push([high * HIGH + low, stored.slice(at + INSTANT_CHARS, end)]);
    at = end + 1;
  }
  return pairs;
};

const readDigits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
};
