/**
 * The canonical form: the text whose SHA-256 is signed. Comments, layout, the order of keys and the order of maps don't
 * reach it, for they have no meaning; the order of qualify, except, route, legs, ladders and every other list does.
 * Hashing is the shell's: Node and browsers both bring SHA-256, so the core needs none of its own.
 */
import { assertNever } from '../kernel/assertNever.ts';
import type { JsonValue } from '../kernel/json.ts';
import type { Feedback, PolicyDocument } from './document.ts';

/** A document with the hashes of its lists' contents, by list id. */
export type CanonicalPolicy = {
  readonly document: PolicyDocument;
  readonly lists: { readonly [listId: string]: string };
};

/** The document with its maps in the order of their ids. What is signed, compiled and replayed is this one. */
export const canonicalise = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  signals: byId(document.signals),
  fit: byId(document.fit),
  actions: byId(document.actions),
  lists: byId(document.lists),
  gate: { ...document.gate, hold: byId(document.gate.hold) },
  promise: byIntent(document.promise),
  firstTask: byIntent(document.firstTask),
  deal: byIntent(document.deal),
  notify: byId(document.notify),
  statuses: byId(document.statuses),
  feedback: canonicalFeedback(document.feedback),
  again: {
    afterReject: { ...document.again.afterReject, byReason: byReason(document.again.afterReject.byReason) },
    afterLost: { ...document.again.afterLost, byReason: byReason(document.again.afterLost.byReason) },
  },
  guards: byId(document.guards),
  experiments: byId(document.experiments),
});

const sorted = <T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] =>
  items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
const byId = <T extends { readonly id: string }>(items: readonly T[]) => sorted(items, (item) => item.id);
const byIntent = <T extends { readonly intent: string }>(items: readonly T[]) => sorted(items, (item) => item.intent);
const byReason = <T extends { readonly reason: string }>(items: readonly T[]) => sorted(items, (item) => item.reason);
const canonicalFeedback = (feedback: Feedback): Feedback => ({
  reject: byId(feedback.reject),
  closedLost: byId(feedback.closedLost),
});

/**
 * The canonical text of a document with the hashes of its lists: JSON without white space, keys in code-unit order.
 * `listHashes` must name every list of the document; others are left out. O(n log n).
 */
export const canonicalText = (document: PolicyDocument, listHashes: ReadonlyMap<string, string>): string => {
  const lists = document.lists.map(({ id }): [string, string] => {
    const hash = listHashes.get(id);
    if (hash === undefined) throw new Error(`the list ${id} has no hash`);
    return [id, hash];
  });
  return stableJson({ document: canonicalise(document), lists: Object.fromEntries(lists) } as unknown as JsonValue);
};

/** What a canonical text holds. The text must be one that `canonicalText` wrote. */
export const readCanonical = (text: string): CanonicalPolicy => JSON.parse(text) as CanonicalPolicy;

const stableJson = (value: JsonValue): string => {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return JSON.stringify(value);
    case 'object': {
      if (isList(value)) return `[${value.map(stableJson).join(',')}]`;
      const object = value;
      const parts = Object.keys(object)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${stableJson(object[key] ?? null)}`);
      return `{${parts.join(',')}}`;
    }
    default:
      return assertNever(value);
  }
};

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
