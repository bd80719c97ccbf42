import { addressesIn, type Mail, senderOf } from './mail.ts';

/**
 * What a mail is evidence of. `sent`: a rep of ours wrote to these. `received`: somebody wrote to us. `bounced`: these could
 * not be reached. `machine` says why no person did it, or why the sender is not believed; null: a person did.
 */
export type MailEvidence =
  | { readonly kind: 'sent'; readonly rep: string; readonly to: readonly string[]; readonly machine: string | null }
  | {
      readonly kind: 'received';
      readonly from: string;
      readonly rep: string | null;
      readonly machine: string | null;
      /** True for lists and bulk mail: from somebody who is unknown it is nobody's business. */
      readonly bulk: boolean;
    }
  | { readonly kind: 'bounced'; readonly to: readonly string[] }
  | { readonly kind: 'nothing'; readonly say: string };

/** Judges a mail by its header; of a bounce also its report. Linear in the mail. */
export const classifyMail = (mail: Mail, isRep: (address: string) => boolean): MailEvidence => {
  if (isReport(mail)) {
    const to = failedRecipients(mail).filter((address) => !isRep(address));
    return to.length === 0 ? { kind: 'nothing', say: 'a report that names nobody of ours' } : { kind: 'bounced', to };
  }
  const from = senderOf(mail);
  if (from === null) return { kind: 'nothing', say: 'it has no sender, or several' };
  const machine = machineIn(mail);
  const named = ['to', 'cc', 'bcc'].flatMap((name) => mail.headers(name)).flatMap(addressesIn);
  if (isRep(from)) {
    const to = [...new Set(named.filter((address) => !isRep(address)))];
    return { kind: 'sent', rep: from, to, machine };
  }
  const heard = [...named, ...mail.headers('delivered-to').flatMap(addressesIn)];
  const bulk = mail.header('list-id') !== null || /^(bulk|list|junk)$/i.test(mail.header('precedence') ?? '');
  return { kind: 'received', from, rep: heard.find(isRep) ?? null, machine, bulk };
};

const DAEMONS = /^(mailer-daemon|postmaster|mail-daemon|bounces?)([+-].*)?@/i;

/** RFC 3464's reports, and what older servers write in their place. */
export const isReport = (mail: Mail): boolean => {
  const type = mail.header('content-type') ?? '';
  if (/multipart\/report/i.test(type)) return /report-type\s*=\s*"?delivery-status/i.test(type);
  return mail.header('x-failed-recipients') !== null || DAEMONS.test(senderOf(mail) ?? '');
};

/** What a report says of the first recipient who could not be reached for good; null where there is none. */
export const failureIn = (mail: Mail): { readonly status: string | null; readonly said: string } | null => {
  for (const block of mail.body.split(/\r?\n\r?\n/)) {
    if (!/^action:\s*failed/im.test(block) || !/^(?:final|original)-recipient:/im.test(block)) continue;
    const said = /^diagnostic-code:\s*(?:[\w-]+\s*;)?\s*(.+(?:\r?\n[ \t]+.+)*)/im.exec(block)?.[1] ?? '';
    return { status: /^status:\s*(\d\.\d{1,3}\.\d{1,3})/im.exec(block)?.[1] ?? null, said };
  }
  return mail.header('x-failed-recipients') === null ? null : { status: null, said: '' };
};

/** Whom the report says could not be reached for good; who is only late is not named. */
const failedRecipients = (mail: Mail): readonly string[] => {
  const failed = new Set(mail.headers('x-failed-recipients').flatMap(addressesIn));
  // each recipient has a block of its own in the report
  for (const block of mail.body.split(/\r?\n\r?\n/)) {
    if (!/^action:\s*failed/im.test(block)) continue;
    const recipient = /^(?:final|original)-recipient:\s*rfc822\s*;\s*(.+)$/im.exec(block)?.[1];
    for (const address of recipient === undefined ? [] : addressesIn(recipient)) failed.add(address);
  }
  return [...failed];
};

/** Why this is no person's word: RFC 3834's mark, what was used before it, or a sender that its own domain disowns. */
const machineIn = (mail: Mail): string | null => {
  const submitted = mail.header('auto-submitted');
  if (submitted !== null && !/^no\b/i.test(submitted)) return 'an automatic answer (Auto-Submitted)';
  for (const name of ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-response-suppress'])
    if (mail.header(name) !== null && !/^(no|none)$/i.test(mail.header(name) ?? ''))
      return `an automatic answer (${name})`;
  if (/^(auto_reply|bulk|list|junk)$/i.test(mail.header('precedence') ?? '')) return 'bulk mail (Precedence)';
  if (mail.header('list-id') !== null) return 'mail of a list (List-Id)';
  const judged = mail.headers('authentication-results').join(' ');
  return /\bdmarc=fail\b/i.test(judged) ? 'the sender is not who it says (DMARC failed)' : null;
};
