import type { RepRow } from '@baton/contract/people.ts';
import type { z } from 'zod/mini';
import { whenText } from '../time/dateText.ts';

export type Rep = z.infer<typeof RepRow>;

/** How a rep stands to the next lead; each has a shape of its own beside its word. */
export type Presence = 'here' | 'closed' | 'full' | 'away' | 'off';
export type Availability = { readonly presence: Presence; readonly say: string; readonly more: string | null };

const ABSENCE_SAY = { away: 'Away', 'time-off': 'Time off', 'out-of-office': 'Out of office' } as const;

/** `Away until Mon 09:00`, or `Away until further notice`. */
export const absenceText = (absence: NonNullable<Rep['absence']>, now: number): string =>
  `${ABSENCE_SAY[absence.why]} until ${absence.to === null ? 'further notice' : whenText(Date.parse(absence.to), now)}`;

const hoursText = ({ hours, timeZone }: Rep): string | null =>
  hours === null ? null : `${hours}${timeZone === null ? '' : `, ${timeZone.split('/').at(-1)?.replaceAll('_', ' ')}`}`;

/** `Kept out` is why the next lead passes them by, as the server's code says; undefined: it does not. */
type Turn = { readonly atWork: boolean; readonly keptOut: { readonly code: string; readonly say: string } | undefined };

/** Whether a rep can have a lead now, in words, with the reason or what follows from it. */
export const availabilityOf = (rep: Rep, { atWork, keptOut }: Turn, now: number): Availability => {
  if (!rep.active) return { presence: 'off', say: 'Switched off', more: null };
  if (!rep.selling) return { presence: 'off', say: 'Takes no leads', more: null };
  if (rep.absence !== null) {
    const more = rep.cover === null ? 'Nobody covers' : `${rep.cover.name} covers`;
    return { presence: 'away', say: absenceText(rep.absence, now), more };
  }
  if (keptOut?.code === 'no-weight') return { presence: 'off', say: 'No share here', more: 'Weight 0' };
  if (keptOut !== undefined)
    return { presence: 'full', say: keptOut.code.startsWith('cap-') ? 'Full' : 'Passed over', more: keptOut.say };
  if (!atWork) return { presence: 'closed', say: 'Outside hours', more: hoursText(rep) };
  return { presence: 'here', say: 'Available', more: hoursText(rep) };
};
