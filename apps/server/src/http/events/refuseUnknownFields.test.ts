import { expect, test } from 'vitest';
import { HttpProblem } from '../httpProblem.ts';
import { parseBatch } from './parseEvents.ts';
import { refuseUnknownFields } from './refuseUnknownFields.ts';

const read = (body: object) => refuseUnknownFields(parseBatch(JSON.stringify(body)));

test('a misspelt field refuses its event with the word that was meant, and its neighbours stay', () => {
  const events = read({
    batch: [
      { type: 'track', event: 'Demo Requested', userId: 'u-1', propertes: {} },
      { type: 'track', event: 'Demo Requested', userId: 'u-2', properties: { anything: 'goes' }, integrations: {} },
    ],
  });
  expect(events.map((event) => event.refused)).toEqual([
    { code: 'invalid_field', detail: '"propertes" is not a field here; did you mean properties?' },
    null,
  ]);
});

test('an unknown field beside the batch refuses the request', () => {
  expect(() => read({ batch: [], foo: 1 })).toThrow(HttpProblem);
  expect(() => read({ batch: [], sentAt: '2026-01-01T00:00:00Z' })).not.toThrow();
});
