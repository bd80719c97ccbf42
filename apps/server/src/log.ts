import type { Answered } from './http/createHttpServer.ts';
import { toHttpProblem } from './http/problemReply.ts';
import { makeMistakeLog } from './logMistake.ts';
import { scrub } from './scrub.ts';

/** What a server tells those who run it. */
export type Log = {
  /** Something that happens by itself: started, stopping. */
  readonly say: (event: string, facts?: Readonly<Record<string, string | number>>) => void;
  readonly answered: (answer: Answered) => void;
  /** What went wrong; `where` is a request id or the room it happened in. */
  readonly mistake: (error: unknown, where: string) => void;
};

/** Ids of requests, as the HTTP server makes them. */
const REQUEST_ID = /^[\w-]{8}-[0-9a-z]+$/;

/** For people: only what went wrong, as text. What is said besides is printed by who says it. */
export const textLog = (write: (line: string) => void): Log => ({
  say: () => {},
  answered: () => {},
  mistake: makeMistakeLog(write),
});

/** For machines: one JSON object a line, with `at`, `level` and `event`. No personal data: no address, no body, no value. */
export const jsonLog = (write: (line: string) => void, now: () => number = Date.now): Log => {
  const tell = (level: 'info' | 'warn' | 'error', event: string, facts: object): void =>
    write(JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...facts }));
  return {
    say: (event, facts = {}) => tell('info', event, facts),
    answered: (answer) => tell(answer.status >= 500 ? 'error' : 'info', 'answered', answer),
    mistake: (error, where) => {
      const place = REQUEST_ID.test(where) ? { requestId: where } : { where };
      const { code } = (error ?? {}) as { code?: string };
      const message = scrub(error instanceof Error ? error.message : String(error));
      const said = { ...place, ...(code === undefined ? {} : { code }), message };
      if (toHttpProblem(error).code === 'unavailable') tell('warn', 'database-unavailable', said);
      else tell('error', 'mistake', { ...said, stack: framesOf(error) });
    },
  };
};

/** Where it happened, without the message, which stands beside it. */
const framesOf = (error: unknown): readonly string[] =>
  error instanceof Error
    ? (error.stack ?? '')
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .map((line) => line.trim())
    : [];
