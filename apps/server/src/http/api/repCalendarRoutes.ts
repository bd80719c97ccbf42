import * as contract from '@baton/contract/repCalendar.ts';
import type { FastifyInstance } from 'fastify';
import { type CalendarSource, type FetchCalendar, readCalendar, setOutOfOffice } from '../../people/outOfOffice.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { type ApiDeps, implement } from './implement.ts';
import { expect } from './peopleAnswers.ts';

/** Registers reps' out-of-office calendars. Addresses are asked by `fetchCalendar`, which judges them. */
export const registerRepCalendarRoutes = (
  app: FastifyInstance,
  deps: ApiDeps & { readonly fetchCalendar: FetchCalendar },
): void => {
  const { pool, fetchCalendar } = deps;
  implement(app, deps, contract.readRepCalendar, async ({ params }) => {
    const found = await readCalendar(pool, params.id);
    if (found === null) throw new HttpProblem('not_found', 'There is no such rep, or they have no calendar.');
    const { readAt, nextAt, ...rest } = found;
    return { ...rest, readAt: readAt === null ? null : iso(readAt), nextAt: nextAt === null ? null : iso(nextAt) };
  });
  implement(app, deps, contract.setRepCalendar, async ({ params, body }) => ({
    absences: expect(await setOutOfOffice(pool, String(params.id), sourceOf(body), fetchCalendar)),
  }));
  implement(app, deps, contract.removeRepCalendar, async ({ params }) => {
    expect(await setOutOfOffice(pool, String(params.id), null, fetchCalendar));
  });
};

const sourceOf = (body: { readonly ics?: string | undefined; readonly url?: string | undefined }): CalendarSource => {
  const { ics, url } = body;
  if (ics !== undefined && url === undefined) return { ics };
  if (url !== undefined && ics === undefined) return { url };
  throw new HttpProblem('invalid_field', "Send either ics, a calendar's text, or url, where it is read every hour.", {
    at: 'ics',
  });
};
