import { HttpProblem } from '../httpProblem.ts';

/** A list's place as text, opaque to callers, so that what it holds may change. `list`: one letter for the list's order. */
export const writeCursor = (list: string, place: readonly number[]): string =>
  Buffer.from(`${list}${place.join('.')}`).toString('base64url');

/**
 * The `size` numbers of a place that `writeCursor` wrote for the same list.
 * @throws HttpProblem `invalid_cursor`.
 */
export const readCursor = (list: string, size: number, cursor: string): readonly number[] => {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const numbers = text.slice(list.length).split('.');
  if (!text.startsWith(list) || numbers.length !== size || !numbers.every((number) => NUMBER.test(number)))
    throw new HttpProblem('invalid_cursor', 'Send the nextCursor of the page before, unchanged.', { at: 'cursor' });
  return numbers.map(Number);
};

const NUMBER = /^\d{1,15}$/;
