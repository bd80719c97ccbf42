import MailComposer from 'nodemailer/lib/mail-composer';
import { encode, wrap } from 'nodemailer/lib/qp';
import type { ComposedMail } from './composeMail.ts';

/** A mail as it goes over the wire, and between whom. */
export type WrittenMail = {
  readonly envelope: { readonly from: string; readonly to: string[] };
  readonly messageId: string;
  readonly raw: Buffer;
};

/** Quoted-printable with lines of at most 76 characters that end in CRLF. */
const quoted = (text: string): string => wrap(encode(text.replace(/\r\n?|\n/g, '\r\n')));

/**
 * Writes a mail as one buffer, text and HTML as alternatives. nodemailer makes the headers; it would send the bodies piece by
 * piece through a dozen streams, which costs more than all the rest of a mail.
 */
export const writeMail = (mail: ComposedMail): WrittenMail => {
  const { disableFileAccess, disableUrlAccess } = mail;
  const root = new MailComposer({
    ...mail,
    disableFileAccess,
    disableUrlAccess,
    encoding: 'quoted-printable',
  }).compile();
  const head = root.buildHeaders();
  const parts = root.childNodes.map(
    (child, index) =>
      `--${root.boundary}\r\n${child.buildHeaders()}\r\n\r\n${quoted(index === 0 ? mail.text : mail.html)}\r\n`,
  );
  const { from, to } = root.getEnvelope();
  return {
    envelope: { from: from === false ? mail.from : from, to },
    messageId: mail.messageId,
    raw: Buffer.from(`${head}\r\n\r\n${parts.join('')}--${root.boundary}--\r\n`),
  };
};
