import { createTransport, type NodemailerError } from 'nodemailer';
import type { ComposedMail } from './composeMail.ts';
import { writeMail } from './writeMail.ts';

/** What the mail server said at the end: its answer, or why not and whether that is for good. */
export type MailOutcome =
  | { readonly ok: true; readonly answer: string }
  | { readonly ok: false; readonly forGood: boolean; readonly refusesAddress: boolean; readonly answer: string };

/** A way to a mail server. */
export type Smtp = {
  readonly send: (mail: ComposedMail) => Promise<MailOutcome>;
  /** The same by a connection of its own, with what both sides said; the message itself and secrets are left out. */
  readonly sendAloud: (mail: ComposedMail) => Promise<MailOutcome & { readonly transcript: readonly string[] }>;
  readonly close: () => void;
};

const CONNECTIONS_MAX = 4;
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 10_000 };
const LINES_MAX = 200;
const AFTER_AUTH = /^(AUTH\b.*|[A-Za-z0-9+/=]{8,})$/;

/**
 * Opens a way to the server of an `smtp:` or `smtps:` address; connections are kept and shared. STARTTLS is used where it
 * is offered, and demanded by `?requireTLS=true` in the address.
 */
export const openSmtp = (url: string): Smtp => {
  const settings = { url, ...TIMEOUTS };
  const pooled = createTransport({
    ...settings,
    pool: true as const,
    maxConnections: CONNECTIONS_MAX,
    maxMessages: 200,
  });
  return {
    send: (mail) => attempt(async () => pooled.sendMail(writeMail(mail))),
    async sendAloud(mail) {
      const transcript: string[] = [];
      const single = createTransport({ ...settings, transactionLog: true, logger: scribe(transcript) });
      try {
        return { ...(await attempt(() => single.sendMail(mail))), transcript };
      } finally {
        single.close();
      }
    },
    close: () => pooled.close(),
  };
};

const attempt = async (call: () => Promise<{ readonly response?: string | undefined }>): Promise<MailOutcome> => {
  try {
    return { ok: true, answer: (await call()).response ?? 'accepted' };
  } catch (error) {
    return outcomeOf(error as NodemailerError);
  }
};

/** 5yz answers to an address or a message are for good; a wrong password, a full queue or no answer are not. */
const outcomeOf = (error: NodemailerError): MailOutcome => {
  const { responseCode, code } = error;
  const isAnswer = responseCode !== undefined && responseCode >= 500 && responseCode < 600;
  const refusesAddress = isAnswer && code === 'EENVELOPE' && /RCPT/i.test(error.command ?? '');
  return {
    ok: false,
    forGood: isAnswer && (code === 'EENVELOPE' || code === 'EMESSAGE'),
    refusesAddress,
    answer: plain(error.response ?? error.message).slice(0, 500),
  };
};

const plain = (text: string): string => text.replace(/[\r\n]+/g, ' ');

/** Writes down the conversation; nodemailer masks secrets, and what looks like one is masked here again. */
const scribe = (lines: string[]) => {
  const write = (entry: unknown, message: unknown): void => {
    const { tnx } = (entry ?? {}) as { tnx?: string };
    if (lines.length >= LINES_MAX || typeof message !== 'string') return;
    const mark = tnx === 'client' ? 'C: ' : tnx === 'server' ? 'S: ' : '-- ';
    for (const line of message.split(/\r?\n/))
      if (line.trim() !== '') lines.push(`${mark}${tnx === 'client' ? masked(line) : line}`);
  };
  const log = (entry: unknown, ...rest: unknown[]): void => write(entry, formatted(rest));
  return { level: () => {}, trace: log, debug: log, info: log, warn: log, error: log, fatal: log };
};

const masked = (line: string): string =>
  AFTER_AUTH.test(line.trim()) ? line.replace(/^(\s*AUTH\s+\S+).*$|^.*$/i, '$1 ***').trim() : line;

const formatted = ([template, ...values]: readonly unknown[]): string => {
  let next = 0;
  return String(template ?? '').replace(/%[sdj]/g, () => String(values[next++] ?? ''));
};
