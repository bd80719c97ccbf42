import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { expect, test } from 'vitest';
import type { ComposedMail } from './composeMail.ts';
import { writeMail } from './writeMail.ts';

const mailOf = (text: string, html: string, name = 'Zoë Ünal'): ComposedMail => ({
  from: 'Baton <baton@baton.example>',
  to: { name, address: 'zoe@sales.example' },
  subject: 'Ein Lead für Sie: 東京',
  text,
  html,
  messageId: '<0123@baton.example>',
  headers: { 'Auto-Submitted': 'auto-generated', 'X-Baton-Delivery': '1:0:email' },
  disableFileAccess: true,
  disableUrlAccess: true,
});

const decoded = (body: string): string =>
  Buffer.from(
    body
      .replace(/=\r\n/g, '')
      .replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

/** The parts of a message: headers and body of each. */
const partsOf = (raw: string): readonly { readonly head: string; readonly body: string }[] => {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '';
  return raw
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const end = part.indexOf('\r\n\r\n');
      return { head: part.slice(2, end), body: part.slice(end + 4, -2) };
    });
};

test('text and HTML come out as they went in, whatever they hold, in lines that every server takes', () => {
  const words = fc.string({
    unit: fc.oneof(fc.constantFrom('.', '=', ' ', '\n', '\r\n', 'é', '😀', '<p>'), fc.string()),
  });
  fc.assert(
    fc.property(words, words, (text, html) => {
      const { raw } = writeMail(mailOf(`a${text}`, `<p>${html}`));
      const parts = partsOf(raw.toString());
      const crlf = (said: string): string => said.replace(/\r\n?|\n/g, '\r\n');
      expect(parts.map(({ body }) => decoded(body))).toEqual([crlf(`a${text}`), crlf(`<p>${html}`)].map(wellFormed));
      expect(parts.map(({ head }) => /text\/(plain|html)/.exec(head)?.[1])).toEqual(['plain', 'html']);
      expect(raw.every((byte) => byte < 128)).toBe(true);
      expect(
        raw
          .toString()
          .split('\r\n')
          .every((line) => line.length <= 998 && !/[\r\n]/.test(line)),
      ).toBe(true);
    }),
  );
});

const wellFormed = (text: string): string => Buffer.from(text).toString();

test('its headers and envelope are those that nodemailer writes itself', async () => {
  const mail = mailOf('Good day', '<p>Good day</p>');
  const theirs = (await new MailComposer({ ...mail }).compile().build()).toString();
  const headOf = (raw: string): string =>
    raw
      .slice(0, raw.indexOf('\r\n\r\n'))
      .replace(/boundary="[^"]+"/, '')
      .replace(/^Date: .*$/m, 'Date:');
  const ours = writeMail(mail);
  expect(headOf(ours.raw.toString())).toBe(headOf(theirs));
  expect(ours.envelope).toEqual({ from: 'baton@baton.example', to: ['zoe@sales.example'] });
});
