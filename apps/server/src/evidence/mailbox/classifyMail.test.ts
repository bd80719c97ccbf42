import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyMail } from './classifyMail.ts';
import { addressesIn, readMail, senderOf } from './mail.ts';

const isRep = (address: string) => address.endsWith('@sales.example');
const classify = (text: string) => classifyMail(readMail(Buffer.from(text.replaceAll('\n', '\r\n'))), isRep);

test('addresses are read past names, quotes, comments and folded lines', () => {
  expect(addressesIn('"Doe, Ada <fake@evil.example>" <Ada@Firm.example>, bo@firm.example (bo@evil.example)')).toEqual([
    'ada@firm.example',
    'bo@firm.example',
  ]);
  expect(addressesIn('ada@firm.example <real@other.example>')).toEqual(['real@other.example']);
  expect(addressesIn('undisclosed-recipients:;')).toEqual([]);
  const mail = readMail(Buffer.from('To: one@firm.example,\r\n two@firm.example\r\nFrom: a@x.example\r\n\r\nBody'));
  expect(mail.header('TO'.toLowerCase())).toBe('one@firm.example, two@firm.example');
  expect(senderOf(mail)).toBe('a@x.example');
});

test('a mail that names two senders, or none, is nobody’s word', () => {
  expect(classify('From: a@x.example, rep@sales.example\nTo: b@x.example\n\n').kind).toBe('nothing');
  expect(classify('From: a@x.example\nFrom: rep@sales.example\n\n').kind).toBe('nothing');
  expect(classify('To: b@x.example\n\n').kind).toBe('nothing');
});

test.each([
  ['Auto-Submitted: auto-generated', 'Auto-Submitted'],
  ['Auto-Submitted: auto-replied; owner-email="a@x.example"', 'Auto-Submitted'],
  ['Precedence: auto_reply', 'Precedence'],
  ['X-Autorespond: away', 'x-autorespond'],
  ['List-Id: <news.example>', 'List-Id'],
  ['Authentication-Results: mx; dmarc=fail', 'DMARC'],
])('%s says that no person is to be believed to have written it', (header, why) => {
  expect(classify(`From: a@x.example\nTo: rep@sales.example\n${header}\n\n`)).toMatchObject({
    kind: 'received',
    machine: expect.stringContaining(why),
  });
});

test('an out-of-office by its marks alone, a person by their absence', () => {
  expect(
    classify('From: a@x.example\nTo: rep@sales.example\nAuto-Submitted: no\nSubject: Automatic reply\n\n'),
  ).toEqual({
    kind: 'received',
    from: 'a@x.example',
    rep: 'rep@sales.example',
    machine: null,
    bulk: false,
  });
});

test('a report names those who could not be reached, ours left out; a rep’s address in it is no lead', () => {
  const report = (recipient: string) =>
    `From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type="delivery-status"\n\n--b\n\nFinal-Recipient: RFC822;<${recipient}>\nAction: failed\n`;
  expect(classify(report('Ada@firm.example'))).toEqual({ kind: 'bounced', to: ['ada@firm.example'] });
  expect(classify(report('rep@sales.example')).kind).toBe('nothing');
  expect(classify('From: postmaster@mx.example\nX-Failed-Recipients: bo@firm.example\n\n')).toEqual({
    kind: 'bounced',
    to: ['bo@firm.example'],
  });
  // a read receipt is a report too, and no bounce
  expect(
    classify(
      'From: a@x.example\nTo: rep@sales.example\nContent-Type: multipart/report; report-type=disposition-notification\n\n',
    ).kind,
  ).toBe('received');
});

test('no bytes make it fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      expect(classifyMail(readMail(Buffer.from(bytes)), isRep).kind).toMatch(/^(nothing|sent|received|bounced)$/);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 500 }), (value) => {
      for (const address of addressesIn(value)) expect(address).toContain('@');
    }),
  );
});
