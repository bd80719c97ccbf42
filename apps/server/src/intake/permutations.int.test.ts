import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { readState } from '../handoff/storedState.ts';
import { startCompany } from './companyFixture.ts';
import type { IncomingEvent } from './incomingEvent.ts';
import { makeEvent, type Node, starterPolicy } from './intakeFixture.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('product-led')));
});

afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const DAY = 86_400_000;
const NOW = Date.now();
const trusted = { sourceId: 3, sourceName: 'app', trust: 'server' } as const;
const anonymous = { anonymousId: 'perm-visitor' };
const named = { anonymousId: 'perm-visitor', email: 'pia@permute.example' };

/** One person's story: anonymous first, later named, over three sources. */
const STORY: readonly IncomingEvent[] = [
  makeEvent({
    type: 'page',
    name: 'page',
    identity: anonymous,
    properties: { path: '/pricing' },
    touch: { source: 'organic' },
  }),
  makeEvent({
    type: 'page',
    name: 'page',
    identity: anonymous,
    properties: { path: '/docs' },
    touch: { source: 'paid', campaign: 'a' },
  }),
  makeEvent({ type: 'identify', name: 'identify', identity: named, claims: [{ path: 'contact.title', value: 'VP' }] }),
  makeEvent({
    ...trusted,
    type: 'identify',
    name: 'identify',
    identity: named,
    claims: [{ path: 'contact.title', value: 'Head' }],
  }),
  makeEvent({
    ...trusted,
    type: 'identify',
    name: 'identify',
    identity: named,
    claims: [{ path: 'contact.country', value: 'FR' }],
  }),
  makeEvent({ ...trusted, name: 'Trial Started', identity: named }),
  makeEvent({ ...trusted, name: 'Feature Used', identity: named, properties: { feature: 'export' } }),
  makeEvent({ ...trusted, name: 'Feature Used', identity: named, properties: { feature: 'share' } }),
].map((event, n) => ({ ...event, timestamp: NOW - (20 - n * 2) * DAY, sentAt: NOW, receivedAt: NOW, mode: 'history' }));

/** What is known of the one contact of the story, in a form that compares. */
const known = async (): Promise<unknown> => {
  const { rows } = await database.pool.query<{ state: string }>(
    'select state from contact where redirected_to is null',
  );
  expect(rows).toHaveLength(1);
  const { facts, touches, signals } = readState(rows[0]?.state ?? '{}');
  return { facts, touches, signals };
};

const forget = () =>
  database.pool.query(`truncate contact, contact_redirect, identity_key, weak_key, company, company_key, event, fact,
    message_seen, reevaluation, quarantine`);

test('any order, any splitting and any repetition of the same events give the same contact', async () => {
  await forget();
  for (const event of STORY) await node.intake.submit([event]);
  const expected = await known();
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...STORY.keys()], { minLength: STORY.length }),
      fc.array(fc.nat({ max: STORY.length - 1 }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      async (order, repeated, size) => {
        await forget();
        const events = [...order, ...repeated].map((index) => STORY[index] as IncomingEvent);
        for (let at = 0; at < events.length; at += size) await node.intake.submit(events.slice(at, at + size));
        expect(await known()).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});
