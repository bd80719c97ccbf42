import type { WarningCode } from '@baton/contract/receiptCodes.ts';
import { expect, test } from 'vitest';
import type { IncomingEvent } from '../../intake/incomingEvent.ts';
import { readEvent } from './readEvent.ts';
import { makeScannerClicks } from './scannerClicks.ts';

const NOW = Date.UTC(2026, 10, 22, 10);
const frame = {
  sourceId: 1,
  sourceName: 'mail',
  trust: 'server',
  receivedAt: NOW,
  sentAt: null,
  userAgent: undefined,
  ownDomains: new Set<string>(),
} as const;
const click = (link: string, afterMs: number, mail = 'm1', userId = 'u1'): IncomingEvent => {
  const raw = {
    type: 'track',
    userId,
    event: 'Email Link Clicked',
    properties: { link_url: link, email_id: mail },
    timestamp: new Date(NOW + afterMs).toISOString(),
  };
  const { event } = readEvent(raw, undefined, frame, new Set<WarningCode>());
  if (event === null) throw new Error('not an event');
  return event;
};

test('the third link of one mail within ten seconds is a scanner’s, and so is what follows', () => {
  const mark = makeScannerClicks();
  const marks = ['a', 'b', 'c', 'd'].map((link, index) => mark(click(link, index * 500)).marks);
  expect(marks).toEqual([[], [], ['scanner-click'], ['scanner-click']]);
});

test('a person who reads, clicks one link again, or has several mails is none', () => {
  const mark = makeScannerClicks();
  const slow = ['a', 'b', 'c', 'd'].map((link, index) => mark(click(link, index * 8_000)).marks);
  expect(slow.flat()).toEqual([]);
  expect([1, 2, 3, 4].flatMap((n) => mark(click('same', n * 100, 'm2')).marks)).toEqual([]);
  expect(['a', 'b', 'c'].flatMap((link, n) => mark(click(link, n * 100, `mail-${n}`)).marks)).toEqual([]);
  expect(['a', 'b', 'c'].flatMap((link, n) => mark(click(link, n * 100, 'm3', `user-${n}`)).marks)).toEqual([]);
});

test('other events pass untouched', () => {
  const mark = makeScannerClicks();
  const event = { ...click('a', 0), name: 'Pricing Viewed' };
  expect(mark(event)).toBe(event);
});
