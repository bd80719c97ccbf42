/** The events that the intake benchmarks send: a seeded mix in Segment's own form, of which one in fifty qualifies. */
import { randomUUID } from 'node:crypto';

export type Mix = {
  /** How many visitors there are; each event is one of theirs at random. */
  readonly visitors: number;
  /** Ids of messages in order of time, as clients make them, or random ones. */
  readonly ids: 'ordered' | 'random';
};

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const PATHS = ['/', '/pricing', '/docs/start', '/blog/handing-over-leads', '/about'] as const;

/** A stream of events. Equal mixes of one seed name equal people. */
export const makeEvents = ({ visitors, ids }: Mix, seed = 1) => {
  let state = seed;
  const whole = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  let serial = 0;
  const run = Date.now().toString(36);
  const messageId = (): string => {
    serial += 1;
    if (ids === 'random') return randomUUID();
    return `${Date.now().toString(36)}-${run}-${serial.toString(36).padStart(6, '0')}`;
  };
  const stamped = (event: object): object => {
    const now = new Date().toISOString();
    return { messageId: messageId(), timestamp: now, ...event };
  };

  /** Somebody new at a company of their own asks for a demo: every row of a handoff. */
  const lead = (): object => {
    const n = `${run}${(serial + 1).toString(36)}`;
    return stamped({
      type: 'track',
      event: 'Demo Requested',
      anonymousId: `lead-${n}`,
      properties: { form: 'demo', message: 'We would like to see it with data of our own' },
      context: {
        traits: {
          email: `ann.${n}@company-${n}.example`,
          firstName: 'Ann',
          lastName: `Lee ${n}`,
          title: 'VP Sales',
          country: 'FR',
          company: { name: `Company ${n}`, employees: 240, industry: 'software' },
        },
        campaign: { source: 'search', medium: 'cpc', name: 'autumn' },
        userAgent: AGENT,
      },
    });
  };
  const page = (): object => {
    const path = PATHS[whole(PATHS.length)] ?? '/';
    return stamped({
      type: 'page',
      anonymousId: `visitor-${whole(visitors)}`,
      properties: { path, url: `https://www.acme.example${path}`, title: 'Acme: robots that hand over', referrer: '' },
      context: { userAgent: AGENT, locale: 'en-GB' },
    });
  };
  const done = (event: string, properties: object): object =>
    stamped({
      type: 'track',
      event,
      anonymousId: `visitor-${whole(visitors)}`,
      properties,
      context: { userAgent: AGENT },
    });

  /** The n-th of a long stream: of each fifty one is a lead, 34 are page views, 10 mails opened, 4 downloads, 1 unknown. */
  const next = (n: number): object => {
    const place = n % 50;
    if (place === 0) return lead();
    if (place <= 34) return page();
    if (place <= 44) return done('Email Opened', { campaign: 'newsletter-11', subject: 'What is new in November' });
    if (place <= 48) return done('Content Downloaded', { title: 'The handoff handbook', format: 'pdf' });
    return done('Feature Looked At', { feature: 'routes', plan: 'trial' });
  };
  return { lead, page, next };
};
