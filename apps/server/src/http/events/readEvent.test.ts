import { Event } from '@baton/contract/event.ts';
import type { WarningCode } from '@baton/contract/receiptCodes.ts';
import { DAY_MS, HOUR_MS } from '@baton/domain/kernel/time.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeParse } from 'zod/mini';
import { type Frame, readEvent } from './readEvent.ts';

const NOW = Date.UTC(2026, 10, 22, 10);
const frame: Frame = {
  sourceId: 1,
  sourceName: 'website',
  trust: 'browser',
  receivedAt: NOW,
  sentAt: null,
  userAgent: undefined,
  ownDomains: new Set(['own.example']),
};
const read = (raw: unknown, type?: string, over: Partial<Frame> = {}) =>
  readEvent(raw, type, { ...frame, ...over }, new Set<WarningCode>());
const track = { type: 'track', messageId: 'm1', userId: 'u1', event: 'Pricing Viewed' };

test('whatever the contract’s schema refuses, the hand-written check refuses, and the reverse', () => {
  const texts = fc.oneof(fc.constantFrom('', 'u1', 'x'.repeat(255), 'x'.repeat(256)), fc.string({ maxLength: 20 }));
  const odd = fc.oneof(
    texts,
    fc.constantFrom(null, undefined, 1, true),
    fc.constant([]),
    fc.constant({}),
    fc.constant({ a: 1 }),
  );
  const raws = fc.record({
    type: fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias', 'import', 7),
    messageId: fc.oneof(texts, fc.constant(undefined)),
    userId: fc.constantFrom('u1'),
    previousId: fc.constantFrom('p1'),
    groupId: fc.constantFrom('g1'),
    event: fc.oneof(odd, fc.constant('x'.repeat(513))),
    properties: odd,
    traits: odd,
    context: odd,
  });
  fc.assert(
    fc.property(raws, (raw) => {
      // what the two say differently on purpose: an empty id counts as absent, `event` matters to track alone
      fc.pre(raw.messageId !== '' && (raw.messageId ?? 'x').trim() !== '');
      const event = typeof raw.event === 'string' ? raw.event : undefined;
      fc.pre(
        raw.type === 'track'
          ? event === undefined || event.trim() !== '' || event === ''
          : event !== '' && (event?.length ?? 0) <= 512,
      );
      const given = raw.type === 'track' ? raw : { ...raw, event: undefined };
      const bySchema = safeParse(Event, given).success && (raw.type !== 'track' || event !== undefined);
      expect(read(given).event !== null).toBe(bySchema);
    }),
    { numRuns: 500 },
  );
});

test('an event without anybody is rejected, one without a message id gets one', () => {
  expect(read({ type: 'track', event: 'x' }).rejected?.code).toBe('identity_required');
  const { messageId, event } = read({ type: 'track', event: 'x', userId: 'u1' });
  expect(event?.messageKey).toBe(messageId);
  expect(messageId).toMatch(/^baton-[0-9a-f-]{36}$/);
});

test.each(['null', 'undefined', '0', '[object Object]', 'anonymous', 'guest', 'NaN', 'true', 'distinct_id', 'EMAIL'])(
  'the placeholder %s names nobody',
  (id) => {
    expect(read({ ...track, userId: id }).rejected?.code).toBe('identity_required');
    const other = read({ ...track, userId: id, anonymousId: 'a-7f3' });
    expect(other.event?.identity).toEqual({ anonymousId: 'a-7f3' });
    expect(other.warnings).toContain('generic_id');
  },
);

test('an identify tells contact and company apart, and what it may not write is left out', () => {
  const { event, warnings } = read({
    type: 'identify',
    userId: 'u1',
    traits: {
      email: 'ann@corp.example',
      firstName: 'Ann\r\nSubject: hi',
      jobTitle: 'VP Sales',
      company: { name: 'Corp', employee_count: '1,000', industry: 'software' },
      address: { country: 'DE' },
      favouriteColour: 'red',
      ownerId: 'rep-evil',
      lifecyclestage: 'customer',
      hs_lead_status: 'UNQUALIFIED',
      score: 100,
    },
  });
  expect(Object.fromEntries(event?.claims.map((claim) => [claim.path, claim.value]) ?? [])).toEqual({
    'contact.email': 'ann@corp.example',
    'contact.first-name': 'Ann Subject: hi',
    'contact.title': 'VP Sales',
    'contact.country': 'DE',
    'contact.favourite-colour': 'red',
  });
  expect(event?.companyClaims).toEqual([
    { path: 'company.name', value: 'Corp' },
    { path: 'company.employees', value: 1000 },
    { path: 'company.industry', value: 'software' },
  ]);
  expect(event?.identity.email).toBe('ann@corp.example');
  expect(warnings).toContain('field_not_writable');
});

test.each([
  ['250', 250],
  ['1,000', 1000],
  ['51-200', '51-200'],
  [250, 250],
  [[], undefined],
  [{}, undefined],
])('employees %j become %j', (value, expected) => {
  const { event } = read({ type: 'identify', userId: 'u1', traits: { employees: value } });
  expect(event?.companyClaims[0]?.value).toBe(expected);
});

test('times: the batch’s sentAt corrects, a day ahead is flagged, nonsense is told', () => {
  const skewed = read({ ...track, timestamp: '2026-11-22T13:00:00Z', sentAt: '2026-11-22T13:00:01Z' });
  expect(skewed.event).toMatchObject({ timestamp: NOW + 3 * HOUR_MS, sentAt: NOW + 3 * HOUR_MS + 1000 });
  expect(skewed.warnings.size).toBe(0);
  expect(read({ ...track, timestamp: '2036-01-01T00:00:00Z' }).warnings).toContain('clock_skew');
  expect(read(track, undefined, { sentAt: NOW - DAY_MS }).event?.sentAt).toBe(NOW - DAY_MS);
  const bad = read({ ...track, timestamp: 'yesterday' });
  expect(bad.event?.timestamp).toBeNull();
  expect(bad.warnings).toContain('invalid_timestamp');
});

test('a page view knows its path wherever the client wrote it, and how the visitor came', () => {
  const { event } = read({
    type: 'page',
    anonymousId: 'a1',
    context: {
      page: { url: 'https://us.example/pricing?utm_medium=cpc', referrer: 'https://www.google.com/' },
      campaign: { source: 'google', medium: 'cpc', name: 'brand' },
    },
  });
  expect(event?.properties).toMatchObject({ path: '/pricing' });
  expect(event?.touch).toMatchObject({ source: 'paid', campaign: 'brand', landingPage: 'https://us.example/pricing' });
});

test('a script for a page address is no landing page', () => {
  const { event } = read({ type: 'page', anonymousId: 'a1', properties: { url: 'javascript:alert(1)' } });
  expect(event?.touch).toBeNull();
});

test('machines, robots and own people are marked', () => {
  const opened = (userAgent: string) => read({ ...track, event: 'Email Opened', context: { userAgent } }).event?.marks;
  expect(opened('Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)')).toEqual([
    'machine-open',
  ]);
  expect(opened('Mozilla/5.0')).toEqual(['machine-open']);
  expect(
    opened(
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15',
    ),
  ).toEqual([]);
  expect(read({ ...track, context: { userAgent: 'Googlebot/2.1' } }).event?.marks).toEqual(['bot']);
  const own = read({ type: 'identify', userId: 'u1', traits: { email: 'me@OWN.example' } });
  expect(own.event?.marks).toEqual(['own-staff']);
});

test('the same event sent again has the same payload hash, another one has not', () => {
  const hash = (raw: object) => Buffer.from(read(raw).event?.payloadHash ?? []).toString('hex');
  expect(hash({ ...track, sentAt: '2026-11-22T10:00:00Z' })).toBe(hash({ ...track, sentAt: '2026-11-22T10:05:00Z' }));
  expect(hash(track)).not.toBe(hash({ ...track, event: 'Demo Requested' }));
});

test('no JSON makes it throw, and what it lets through is well-formed', () => {
  const keys = fc.oneof(
    fc.string(),
    fc.constantFrom('email', 'phone', 'company', 'address', 'ownerId', 'page', 'campaign', 'referrer', 'url', 'name'),
  );
  const bag = fc.dictionary(keys, fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue()), fc.string()));
  const raws = fc.record(
    {
      type: fc.constantFrom('track', 'identify', 'page', 'group', 'alias', 'screen'),
      userId: fc.jsonValue(),
      anonymousId: fc.jsonValue(),
      previousId: fc.jsonValue(),
      groupId: fc.jsonValue(),
      event: fc.jsonValue(),
      traits: bag,
      properties: bag,
      context: bag,
      timestamp: fc.jsonValue(),
      sentAt: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(raws, (raw) => {
      const { event, rejected } = read(JSON.parse(JSON.stringify(raw)));
      expect(event === null).toBe(rejected !== null);
      if (event === null) return;
      expect(event.name.trim()).not.toBe('');
      expect(
        Object.values(event.identity).every((key) => typeof key === 'string' && key !== '' && key.length <= 255),
      ).toBe(true);
      for (const { path, value } of [...event.claims, ...event.companyClaims]) {
        expect(path).toMatch(/^(contact|company)\.[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u);
        expect(typeof value === 'string' ? value.length : 1).toBeLessThanOrEqual(1_000);
        expect(value === null || Number.isNaN(value)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});
