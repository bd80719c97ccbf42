import type { Result } from '@baton/domain/kernel/result.ts';
import type { PeopleError } from '../../people/peopleError.ts';
import { CommandFailure } from '../command.ts';

/** The value, or the end of the command with the reason and its code. */
export const peopleValue = <T>(result: Result<T, PeopleError>): T => {
  if (!result.ok) throw new CommandFailure(result.error.code, result.error.say);
  return result.value;
};
