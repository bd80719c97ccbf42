/**
 * Cal.com: `X-Cal-Signature-256` is the HMAC-SHA256 of the body in hex. It signs no timestamp of its own, but the body says
 * when it was made; what is older than a day was kept by somebody and is not believed. Sent twice, a booking counts once.
 */
import type { Activity } from '../activity.ts';
import { instantAt, isSignedBy, listAt, type MeetingHook, objectAt, textAt } from './meetingHook.ts';

const WINDOW_MS = 86_400_000;
const AHEAD_MS = 300_000;

const OUTCOMES: { readonly [trigger: string]: Activity['outcome'] } = {
  BOOKING_CREATED: 'booked',
  BOOKING_RESCHEDULED: 'rescheduled',
  BOOKING_CANCELLED: 'cancelled',
  MEETING_ENDED: 'met',
};

export const calCom: MeetingHook = {
  doubt({ header, body }, secret, now) {
    const given = header('x-cal-signature-256');
    if (given === undefined || !isSignedBy(given, secret, [body])) return 'forged';
    const made = instantAt(parse(body), 'createdAt');
    // a body that is signed and has no date at all is a ping: it says nothing that could be replayed
    if (made === null) return readPayload(body).length === 0 ? null : 'stale';
    return made < now - WINDOW_MS || made > now + AHEAD_MS ? 'stale' : null;
  },
  read: (body) => readPayload(body),
};

const readPayload = (body: Buffer): readonly Activity[] => {
  const said = parse(body);
  const trigger = textAt(said, 'triggerEvent') ?? '';
  const outcome = OUTCOMES[trigger];
  const payload = objectAt(said, 'payload');
  const uid = textAt(payload, 'uid') ?? textAt(said, 'uid');
  if (outcome === undefined || uid === null) return [];
  const at = instantAt(said, 'createdAt') ?? 0;
  const attendees = listAt(payload, 'attendees');
  return attendees.flatMap((attendee, n): Activity[] => {
    const email = textAt(attendee, 'email');
    if (email === null) return [];
    return [
      {
        source: 'Cal.com',
        externalId: `${uid}:${trigger}:${textAt(payload, 'startTime') ?? ''}${n === 0 ? '' : `:${email.toLowerCase()}`}`,
        at,
        channel: 'meeting',
        outcome,
        automated: false,
        who: { userId: null, email, phone: textAt(attendee, 'phoneNumber') },
        agent: textAt(objectAt(payload, 'organizer'), 'email'),
        note: textAt(payload, 'title'),
      },
    ];
  });
};

const parse = (body: Buffer): unknown => JSON.parse(body.toString('utf8'));
