import type { ErrorCode } from '@baton/contract/errorCodes.ts';
import type { Result } from '@baton/domain/kernel/result.ts';
import type { PeopleError, PeopleErrorCode } from '../../people/peopleError.ts';
import { HttpProblem } from '../httpProblem.ts';

const NOT_FOUND: ReadonlySet<PeopleErrorCode> = new Set([
  'rep-unknown',
  'team-unknown',
  'not-a-member',
  'time-off-unknown',
]);
const CONFLICT: ReadonlySet<PeopleErrorCode> = new Set(['rep-email-taken', 'not-away', 'territories-moved']);

/** What a change of people came to. @throws HttpProblem with what is said of why it can't be. */
export const expect = <T>(result: Result<T, PeopleError>): T => {
  if (result.ok) return result.value;
  const { code, say } = result.error;
  const http: ErrorCode = NOT_FOUND.has(code) ? 'not_found' : CONFLICT.has(code) ? 'conflict' : 'invalid_field';
  throw new HttpProblem(http, say);
};
