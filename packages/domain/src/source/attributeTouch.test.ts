import { describe, expect, test } from 'vitest';
import { attributeTouch, sourceOfWord } from './attributeTouch.ts';

describe('where a touch came from', () => {
  const cases: readonly [string, Parameters<typeof attributeTouch>[0], string | null][] = [
    ['a search engine in any country', { url: 'https://acme.test/', referrer: 'https://www.google.co.uk/' }, 'organic'],
    [
      'a paid click although a search engine referred',
      { url: 'https://acme.test/?gclid=1', referrer: 'https://www.google.com/' },
      'paid',
    ],
    [
      'what somebody tagged beats the referrer',
      { url: 'https://acme.test/?utm_medium=e-mail&utm_source=june', referrer: 'https://t.co/x' },
      'email',
    ],
    ['a social network by its whole host', { url: 'https://acme.test/', referrer: 'https://t.co/abc' }, 'social'],
    ['a one-letter label is no network', { url: 'https://acme.test/', referrer: 'https://t.example.org/' }, 'referral'],
    ['a webmail host is no search', { url: 'https://acme.test/', referrer: 'https://mail.google.com/mail' }, 'email'],
    ['a blog refers', { url: 'https://acme.test/', referrer: 'https://blog.example.org/a' }, 'referral'],
    ['a page from nowhere is direct', { url: 'https://acme.test/', isPage: true }, 'direct'],
    [
      'a step inside the site is no touch',
      { url: 'https://app.acme.test/b', referrer: 'https://www.acme.test/a', isPage: true },
      null,
    ],
    ['a script is no page', { url: 'javascript:alert(1)', isPage: true }, null],
    ['an act without hints is no touch', {}, null],
    ['a form without hints is direct', { form: 'demo' }, 'direct'],
    ['a word that we do not know', { word: 'unknown', otherwise: 'import' }, 'import'],
    ['a tag that we do not know still refers', { utm: { source: 'gazette' } }, 'referral'],
    ['a network in utm_source', { utm: { source: 'LinkedIn' } }, 'social'],
  ];
  for (const [name, hints, source] of cases)
    test(name, () => expect(attributeTouch(hints)?.source ?? null).toBe(source));

  test('a sender’s own word is kept where it is not ours', () => {
    expect(attributeTouch({ word: 'paid_search' })).toEqual({ source: 'paid', detail: 'paid_search' });
    expect(attributeTouch({ word: 'Referral' })).toEqual({ source: 'referral' });
  });

  test('the landing page loses its query, UTM fields are read from it, broken escapes do no harm', () => {
    expect(attributeTouch({ url: 'https://acme.test/p?utm_source=a%20b&utm_campaign=%E0%A4%A&x=1#y' })).toEqual({
      source: 'referral',
      utm: { source: 'a b', campaign: '%E0%A4%A' },
      campaign: '%E0%A4%A',
      landingPage: 'https://acme.test/p',
    });
  });

  test('names of an object’s own furniture are no words', () => {
    expect(sourceOfWord('constructor')).toBeUndefined();
    expect(sourceOfWord('__proto__')).toBeUndefined();
  });
});
