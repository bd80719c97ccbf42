import { APIError } from 'better-auth/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../httpProblem.ts';

/** The headers of a request that the sign-in library reads: its cookies, and what browser it is. */
export const headersOf = (request: FastifyRequest): Headers => {
  const headers = new Headers();
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value.slice(0, 8_000));
  }
  return headers;
};

/** Hands on the cookies that the sign-in library sets. */
export const passCookies = (reply: FastifyReply, headers: Headers): void => {
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie);
};

/** One answer for each way in which signing in fails: nothing tells a wrong password from an account that is none. */
export const wrongCredentials = (): HttpProblem =>
  new HttpProblem('invalid_credentials', 'Nobody can sign in by this. Check what you typed, or ask an admin.');

/** Runs a call of the sign-in library; its refusals become ours. @throws HttpProblem what `refused` says, for a refusal. */
export const asking = async <T>(call: () => Promise<T>, refused: () => HttpProblem = wrongCredentials): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (error instanceof APIError && Number(error.statusCode) < 500) throw refused();
    throw error;
  }
};
