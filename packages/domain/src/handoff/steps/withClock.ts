import type { Clock, OpenHandoff } from '../state.ts';
import type { Fired } from './fireSteps.ts';

const FIELDS = {
  accept: 'accept',
  response: 'response',
  'next-step': 'nextStep',
  outcome: 'outcome',
  close: 'close',
} as const satisfies { readonly [kind in Fired]: string };

/** The handoff with one of the clocks of its status as it stands now. */
export const withClock = (handoff: OpenHandoff, kind: Fired, clock: Clock): OpenHandoff =>
  ({ ...handoff, [FIELDS[kind]]: clock }) as OpenHandoff;
