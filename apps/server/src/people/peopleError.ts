/** Why a change of reps, teams or territories can't be. */
export const PEOPLE_ERROR_CODES = [
  'rep-unknown',
  'rep-email-taken',
  'rep-email-invalid',
  'rep-inactive',
  'team-unknown',
  'team-id-invalid',
  'not-a-member',
  'time-zone-invalid',
  'time-zone-needed',
  'hours-invalid',
  'holidays-invalid',
  'calendar-always-closed',
  'cover-invalid',
  'manager-invalid',
  'skills-invalid',
  'weight-invalid',
  'ramp-invalid',
  'time-off-invalid',
  'time-off-unknown',
  'not-away',
  'calendar-unreadable',
  'territories-invalid',
  'territories-moved',
] as const;
export type PeopleErrorCode = (typeof PEOPLE_ERROR_CODES)[number];

export type PeopleError = {
  readonly code: PeopleErrorCode;
  /** What is wrong, where, and how to mend it. */
  readonly say: string;
};
