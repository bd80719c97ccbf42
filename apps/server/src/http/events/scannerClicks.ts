import type { EventMark } from '@baton/domain/handoff/input.ts';
import type { IncomingEvent } from '../../intake/incomingEvent.ts';

/** So many different links of one mail within this time: nobody reads that fast. */
const LINKS = 3;
const WINDOW_MS = 10_000;
const MAILS_MAX = 20_000;
const CLICKED = /^email (?:link )?clicked$/i;

type Clicks = { readonly links: Map<string, number> };

/**
 * Marks clicks on many links of one mail within seconds as a scanner's. It remembers the last clicks of each mail and
 * person, in memory and for seconds only: a rule of thumb per node, for what no list of user agents knows. Mutates nothing
 * that it is given.
 */
export const makeScannerClicks = () => {
  const mails = new Map<string, Clicks>();
  return (event: IncomingEvent): IncomingEvent => {
    if (event.type !== 'track' || !CLICKED.test(event.name)) return event;
    const link = event.properties['link_url'] ?? event.properties['url'] ?? event.properties['href'];
    const mail =
      event.properties['email_id'] ?? event.properties['message_id'] ?? event.properties['campaign_id'] ?? '';
    if (typeof link !== 'string') return event;
    const who = event.identity.email ?? event.identity.userId ?? event.identity.anonymousId ?? '';
    const key = `${event.sourceId} ${who} ${String(mail)}`;
    const at = event.timestamp ?? event.receivedAt;
    const clicks = mails.get(key) ?? { links: new Map<string, number>() };
    mails.delete(key);
    mails.set(key, clicks);
    if (mails.size > MAILS_MAX) mails.delete(mails.keys().next().value as string);
    for (const [other, when] of clicks.links) if (Math.abs(at - when) > WINDOW_MS) clicks.links.delete(other);
    if (clicks.links.size < 50) clicks.links.set(link, at);
    if (clicks.links.size < LINKS || event.marks.includes('scanner-click')) return event;
    const marks: EventMark[] = [...event.marks, 'scanner-click'];
    return { ...event, marks };
  };
};
