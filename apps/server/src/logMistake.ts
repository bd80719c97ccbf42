import { toHttpProblem } from './http/problemReply.ts';
import { scrub } from './scrub.ts';

/** The same trouble of the same place is told once in so long: a database that restarts must not fill the log. */
const QUIET_MS = 10_000;

/**
 * Makes a log of what went wrong where. A database that cannot be reached is one calm line, and not the same line again
 * within ten seconds; a mistake of ours shows where it happened. The rows that a database error carries beside its
 * message are about people and stay out.
 */
export const makeMistakeLog = (
  write: (line: string) => void,
  now: () => number = Date.now,
): ((error: unknown, where: string) => void) => {
  const told = new Map<string, number>();
  return (error, where) => {
    if (toHttpProblem(error).code !== 'unavailable') {
      write(`${where}: ${scrub((error instanceof Error ? error.stack : undefined) ?? String(error))}`);
      return;
    }
    const last = told.get(where);
    if (last !== undefined && now() - last < QUIET_MS) return;
    told.set(where, now());
    write(`${where}: the database cannot be reached now (${reasonOf(error)}); it is tried again.`);
  };
};

/** The first line of the message; a failed connection to several addresses has only a code. */
const reasonOf = (error: unknown): string => {
  const { message = '', code = 'no reason given' } = (error ?? {}) as { message?: string; code?: string };
  return message.split('\n')[0]?.trim() || code;
};
