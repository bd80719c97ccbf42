import { ERROR_CODES, type ErrorCode } from '@baton/contract/errorCodes.ts';
import type { Problem } from '@baton/contract/problem.ts';
import { isPassing } from '../database/isPassing.ts';
import { IntakeOverloaded } from '../intake/intakeOverloaded.ts';
import { HttpProblem, type ProblemFacts } from './httpProblem.ts';

/** The content type of every refusal (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The body of a refusal. */
export const problemOf = (code: ErrorCode, requestId: string, detail: string, facts: ProblemFacts = {}): Problem => ({
  type: `urn:baton:problem:${code}`,
  title: ERROR_CODES[code].title,
  status: ERROR_CODES[code].status,
  code,
  requestId,
  detail,
  ...(facts.at === undefined ? {} : { at: facts.at }),
  ...(facts.by === undefined ? {} : { by: facts.by }),
  ...(facts.limit === undefined ? {} : { limit: facts.limit }),
});

/** What Fastify and Node call their own refusals, in our words. */
const FOREIGN: { readonly [code: string]: readonly [ErrorCode, string] } = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'The content-type is not one that is read here.'],
  FST_ERR_CTP_INVALID_TYPE: ['unsupported_media_type', 'The content-type is not one that is read here.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The body is larger than what is taken here.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_request', 'The content-length is not the length of the body.'],
  FST_ERR_BAD_URL: ['invalid_path', 'The path is not valid percent-encoding.'],
  FST_ERR_ASYNC_CONSTRAINT: ['invalid_path', 'The path is not valid.'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'A part of the path is too long.'],
};

/**
 * The refusal that an error stands for. A database that cannot be reached or cannot write is `unavailable`; whatever is
 * left is a mistake of ours, `internal`, and its message stays in the log.
 */
export const toHttpProblem = (error: unknown): HttpProblem => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof IntakeOverloaded) {
    return new HttpProblem('overloaded', 'Too many events wait; nothing of this request was taken. Send it again.', {
      retryAfterS: error.retryAfterSeconds,
    });
  }
  const { code = '', statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  const foreign = FOREIGN[code];
  if (foreign !== undefined) return new HttpProblem(foreign[0], foreign[1]);
  if (isPassing(error)) {
    return new HttpProblem('unavailable', 'The database cannot be reached or cannot write now. Send it again later.', {
      retryAfterS: 5,
    });
  }
  if (statusCode === 404) return new HttpProblem('not_found', 'Nothing is here.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new HttpProblem('malformed_request', 'The request could not be read.');
  }
  return new HttpProblem('internal', 'This is our mistake; the log names this request id.');
};
