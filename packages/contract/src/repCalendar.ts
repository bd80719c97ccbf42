import { z } from 'zod/mini';
import { CALENDAR_CHARS_MAX, DOCUMENT_BYTES_MAX } from './limits.ts';
import { operation } from './operation.ts';

const Id = z.object({ id: z.coerce.number().check(z.int(), z.positive()) });
const instant = z.iso.datetime();

/** `host` of the address that is asked every hour, since the whole of it may hold a secret; null: a file, read once. */
const Shown = z.object({
  host: z.nullable(z.string()),
  readAt: z.nullable(instant),
  nextAt: z.nullable(instant),
  failures: z.int(),
  problem: z.nullable(z.string()),
  absences: z.int(),
});

export const readRepCalendar = operation({
  id: 'read-rep-calendar',
  method: 'GET',
  path: '/api/v1/reps/:id/calendar',
  say: "A rep's out-of-office calendar: where it is read, when next, what went wrong, how many absences are ahead",
  access: 'handoffs:read',
  permission: 'team.read',
  params: Id,
  reply: Shown,
  status: 200,
  errors: ['not_found'],
});

export const setRepCalendar = operation({
  id: 'set-rep-calendar',
  method: 'POST',
  path: '/api/v1/reps/:id/calendar',
  say: "Read a rep's out-of-office calendar (ICS): a file's text, or an address that is asked every hour; the absences replace those of the calendar before",
  access: 'people:write',
  permission: 'availability.edit',
  about: 'rep',
  bodyBytesMax: DOCUMENT_BYTES_MAX,
  params: Id,
  body: z.strictObject({
    ics: z.optional(z.string().check(z.maxLength(CALENDAR_CHARS_MAX))),
    url: z.optional(z.string().check(z.minLength(1), z.maxLength(2_000))),
  }),
  reply: z.object({ absences: z.int() }),
  status: 200,
  errors: ['not_found', 'invalid_field', 'payload_too_large'],
});

export const removeRepCalendar = operation({
  id: 'remove-rep-calendar',
  method: 'DELETE',
  path: '/api/v1/reps/:id/calendar',
  say: "Forget a rep's out-of-office calendar, and what it said of days to come",
  access: 'people:write',
  permission: 'availability.edit',
  about: 'rep',
  params: Id,
  status: 204,
  errors: ['not_found'],
});
