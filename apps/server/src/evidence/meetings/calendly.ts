/**
 * Calendly: `Calendly-Webhook-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of `t.body`. What is more than three
 * minutes off is not believed. A meeting that is moved comes as one called off and one made: the first of them is no news.
 */
import type { Activity } from '../activity.ts';
import { instantAt, isSignedBy, listAt, type MeetingHook, objectAt, textAt } from './meetingHook.ts';

const WINDOW_MS = 180_000;

export const calendly: MeetingHook = {
  doubt({ header, body }, secret, now) {
    const parts = (header('calendly-webhook-signature') ?? '').split(',').map((part) => part.trim().split('=', 2));
    const t = parts.find(([name]) => name === 't')?.[1] ?? '';
    const given = parts.filter(([name]) => name === 'v1').map(([, value]) => value ?? '');
    if (!/^\d{1,12}$/.test(t) || !given.some((one) => isSignedBy(one, secret, [t, '.', body]))) return 'forged';
    return Math.abs(Number(t) * 1_000 - now) > WINDOW_MS ? 'stale' : null;
  },
  read(body) {
    const said: unknown = JSON.parse(body.toString('utf8'));
    const event = textAt(said, 'event');
    const invitee = objectAt(said, 'payload');
    const outcome = outcomeOf(event, invitee);
    const email = textAt(invitee, 'email');
    const uri = textAt(invitee, 'uri');
    if (outcome === null || email === null || uri === null) return [];
    const meeting = objectAt(invitee, 'scheduled_event');
    return [
      {
        source: 'Calendly',
        externalId: `${uri}:${event ?? ''}`.slice(-255),
        at: instantAt(said, 'created_at') ?? 0,
        channel: 'meeting',
        outcome,
        automated: false,
        who: { userId: null, email, phone: textAt(invitee, 'text_reminder_number') },
        agent: textAt(listAt(meeting, 'event_memberships')[0], 'user_email'),
        note: textAt(meeting, 'name'),
      },
    ];
  },
};

const outcomeOf = (event: string | null, invitee: { readonly [key: string]: unknown }): Activity['outcome'] | null => {
  if (event === 'invitee.created') return textAt(invitee, 'old_invitee') === null ? 'booked' : 'rescheduled';
  if (event === 'invitee_no_show.created') return 'no-show';
  if (event === 'invitee.canceled') return invitee['rescheduled'] === true ? null : 'cancelled';
  return null;
};
