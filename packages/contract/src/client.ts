import { z } from 'zod/mini';
import type { Answer, Call, Operation } from './operation.ts';
import { Problem } from './problem.ts';

/** A refusal of the server, or an answer that the contract does not know. */
export class ApiError extends Error {
  readonly status: number;
  /** Null where something other than Baton answered (a proxy, a broken network). */
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{
  readonly status: number;
  readonly ok: boolean;
  text(): Promise<string>;
}>;

/** What a call may carry beside what the operation names. */
export type CallOptions = { readonly idempotencyKey?: string; readonly headers?: Readonly<Record<string, string>> };

/**
 * Makes the typed client: `call(operation, { params, query, body })` answers what the operation's reply says, checked by
 * its schema. Throws ApiError for a refusal. `base` is the server's address without a path, '' for the page's own.
 */
export const makeClient =
  (fetch: Fetch, base = '', standing: Readonly<Record<string, string>> = {}) =>
  async <O extends Operation>(operation: O, given: Call<O>, options: CallOptions = {}): Promise<Answer<O>> => {
    const { params, query, body } = given as { params?: object; query?: object; body?: unknown };
    const response = await fetch(`${base}${pathOf(operation.path, params ?? {})}${queryOf(query ?? {})}`, {
      method: operation.method,
      headers: {
        accept: 'application/json',
        ...standing,
        ...options.headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw refusalOf(response.status, text);
    if (operation.reply === undefined) return undefined as Answer<O>;
    return z.parse(operation.reply, JSON.parse(text)) as Answer<O>;
  };

const pathOf = (path: string, params: object): string =>
  path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String((params as Record<string, unknown>)[name])));

const queryOf = (query: object): string => {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  if (pairs.length === 0) return '';
  return `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&')}`;
};

const refusalOf = (status: number, text: string): ApiError => {
  try {
    const problem = z.parse(Problem, JSON.parse(text));
    return new ApiError(status, problem, problem.detail ?? problem.title);
  } catch {
    return new ApiError(status, null, `The server answered ${status}.`);
  }
};
