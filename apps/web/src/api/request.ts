import { ApiError, type CallOptions, makeClient } from '@baton/contract/client.ts';
import type { Answer, Call, Operation } from '@baton/contract/operation.ts';
import { setServerNow } from '../time/now.ts';

/** What no page of another site can send; the server asks for it where a session acts. */
const OWN_PAGE = { 'x-baton': '1' } as const;

/** No answer came at all: the server is down, or the network is. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('The server did not answer.', { cause });
    this.name = 'NoAnswer';
  }
}

/** The status of a refusal; 0 where no answer came; null for our own mistakes. */
export const statusOf = (error: unknown): number | null => {
  if (error instanceof ApiError) return error.status;
  return error instanceof NoAnswer ? 0 : null;
};

/**
 * Sends one operation of the contract and returns its answer, checked by it. Every answer that says what time it is sets
 * the page's clock. Throws ApiError for a refusal, NoAnswer where none came.
 */
export const request = async <O extends Operation>(
  operation: O,
  call: Call<O>,
  signal?: AbortSignal,
  options?: CallOptions,
): Promise<Answer<O>> => {
  const send = makeClient(
    async (url, init) => {
      try {
        return await fetch(url, signal === undefined ? init : { ...init, signal });
      } catch (cause) {
        if (signal?.aborted) throw cause;
        throw new NoAnswer(cause);
      }
    },
    '',
    OWN_PAGE,
  );
  const answer = await send(operation, call, options);
  const { serverNow } = (answer ?? {}) as { serverNow?: string };
  if (serverNow !== undefined) setServerNow(serverNow);
  return answer;
};
