import type { JsonValue } from '../kernel/json.ts';
import type { Position, SourceNode } from './source.ts';

/** A tree of plain values, all at one place: for documents that come as JSON, where there is no text to point at. Linear. */
export const sourceOf = (value: JsonValue, at: Position = { line: 1, col: 1 }): SourceNode => {
  if (isList(value)) return { kind: 'list', items: value.map((item) => sourceOf(item, at)), ...at };
  if (typeof value === 'object' && value !== null)
    return {
      kind: 'map',
      entries: Object.entries(value).map(([key, child]) => ({ key, at, value: sourceOf(child, at) })),
      ...at,
    };
  return { kind: 'scalar', value, text: value === null ? '' : String(value), ...at };
};

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
