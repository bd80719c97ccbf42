import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { ignore } from '../draft.ts';
import type { ContactState } from '../state.ts';

/** Working time was edited: what is owed and not broken yet is told anew by it. */
export const calendarChanged = (state: ContactState, context: Context): Decided =>
  ignore(state, { kind: 'policy' }, context, 'calendar', 'every hour counts, whatever a calendar says');
