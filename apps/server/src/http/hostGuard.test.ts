import { expect, test } from 'vitest';
import { makeHostGuard } from './hostGuard.ts';

test('a server on loopback serves loopback names and its public name, nothing that is made to point at it', () => {
  const serves = makeHostGuard('127.0.0.1', 'https://baton.corp.example');
  for (const host of [
    'localhost',
    'localhost:4600',
    '127.0.0.1:4600',
    '[::1]:4600',
    'LOCALHOST',
    'app.localhost:1',
    'baton.corp.example',
    '127.0.0.2',
  ]) {
    expect([host, serves(host)]).toEqual([host, true]);
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:4600',
    '',
    undefined,
    'localhost:4600@evil.example',
    '10.0.0.1',
  ]) {
    expect([host, serves(host)]).toEqual([host, false]);
  }
});

test('a server on the network cannot know its names', () => {
  expect(makeHostGuard('0.0.0.0', null)('anything.example')).toBe(true);
});
