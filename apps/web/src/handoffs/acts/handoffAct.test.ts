import type { HandoffRow } from '@baton/contract/handoffs.ts';
import { expect, test } from 'vitest';
import { asIf } from './handoffAct.ts';

const row = { status: 'offered', leadStatus: 'new', acceptBy: { leftMs: 1 } } as unknown as HandoffRow;
const logged = { do: 'log-contact', channel: 'call', note: null, next: null } as const;

test('what is certain is shown at once', () => {
  expect(asIf(row, { do: 'accept' })).toMatchObject({ status: 'open', acceptBy: null });
  expect(asIf(row, { do: 'park', until: '', note: null })).toMatchObject({ status: 'parked' });
  expect(asIf(row, { ...logged, outcome: 'voicemail' })).toMatchObject({
    status: 'working',
    leadStatus: 'attempted-to-contact',
  });
  expect(asIf(row, { ...logged, outcome: 'connected' })).toMatchObject({ status: 'working', leadStatus: 'connected' });
});

test('what reached nobody, a re-route, and a later attempt change no status', () => {
  expect(asIf(row, { ...logged, outcome: 'wrong-number' })).toBe(row);
  expect(asIf(row, { do: 'reject', reason: 'wrong-owner', detail: null, reroutes: true })).toBe(row);
  expect(asIf(row, { do: 'reject', reason: 'spam', detail: null, reroutes: false }).status).toBe('rejected');
  const talking = { ...row, status: 'working', leadStatus: 'connected' } as HandoffRow;
  expect(asIf(talking, { ...logged, outcome: 'no-answer' })).toMatchObject({ leadStatus: 'connected' });
});
