import type { FactClaim, Trust } from '@baton/domain/facts/fact.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Touch } from '@baton/domain/source/touch.ts';
import type { IncomingEvent, IntakeMode } from '../intake/incomingEvent.ts';
import { payloadHash } from '../intake/payloadHash.ts';
import type { DemoAct } from './journey.ts';
import type { DemoPerson } from './world.ts';

/** Where the demo's events come from; each is a source of kind `demo`, by which all of it is found again. */
export const DEMO_SOURCES: { readonly [via in DemoAct['via']]: { readonly name: string; readonly trust: Trust } } = {
  website: { name: 'Demo website', trust: 'browser' },
  forms: { name: 'Demo forms', trust: 'form' },
  app: { name: 'Demo app', trust: 'server' },
  mail: { name: 'Demo mail', trust: 'server' },
};
export type DemoSourceIds = { readonly [via in DemoAct['via']]: number };

/**
 * One person's acts as events. Who only looks stays an anonymous visitor; the first act that gives an address makes them
 * known, and their past counts. `story` tells runs of the same person apart (the four weeks, or a live visit).
 */
export const demoEvents = (
  person: DemoPerson,
  acts: readonly DemoAct[],
  touch: Omit<Touch, 'at' | 'key'>,
  sources: DemoSourceIds,
  story: string,
  receivedAt: Instant,
  mode: IntakeMode,
): IncomingEvent[] => {
  const events: IncomingEvent[] = [];
  const anonymousId = `${person.id}-visitor`;
  let known = false;
  const push = (
    at: Instant,
    via: DemoAct['via'],
    part: Pick<IncomingEvent, 'type' | 'name' | 'properties' | 'identity'> & {
      readonly claims?: readonly FactClaim[];
      readonly companyClaims?: readonly FactClaim[];
    },
  ): void => {
    const { name: sourceName, trust } = DEMO_SOURCES[via];
    const messageKey = `${story}/${person.id}/${events.length}`;
    events.push({
      sourceId: sources[via],
      sourceName,
      trust,
      messageKey,
      payloadHash: payloadHash(messageKey),
      receivedAt: Math.max(receivedAt, at),
      timestamp: at,
      sentAt: null,
      claims: [],
      companyClaims: [],
      touch: events.length === 0 ? touch : null,
      marks: [],
      mode,
      ...part,
    });
  };
  for (const { at, name, via, properties } of acts) {
    const named = via !== 'website';
    if (named && !known) {
      known = true;
      push(at - 1, 'app', {
        type: 'identify',
        name: 'identify',
        properties: {},
        identity: { email: person.email, anonymousId },
        claims: contactClaims(person),
        companyClaims: companyClaims(person),
      });
    }
    push(at, via, {
      type: name === 'page' ? 'page' : 'track',
      name,
      properties,
      identity: named ? { email: person.email } : { anonymousId },
    });
  }
  return events;
};

/** Whose event of the demo it is. */
export const personOf = ({ messageKey }: IncomingEvent): string => messageKey?.split('/', 2)[1] ?? '';

const contactClaims = (person: DemoPerson): FactClaim[] => [
  { path: 'contact.email', value: person.email },
  { path: 'contact.name', value: `${person.firstName} ${person.lastName}` },
  { path: 'contact.first-name', value: person.firstName },
  { path: 'contact.last-name', value: person.lastName },
  { path: 'contact.title', value: person.title },
  { path: 'contact.country', value: person.country },
  ...(person.phone === null ? [] : [{ path: 'contact.phone', value: person.phone }]),
];

const companyClaims = ({ company }: DemoPerson): FactClaim[] =>
  company === null
    ? []
    : [
        { path: 'company.domain', value: company.domain },
        { path: 'company.name', value: company.name },
        { path: 'company.industry', value: company.industry },
        { path: 'company.employees', value: company.employees },
        { path: 'company.country', value: company.country },
      ];
