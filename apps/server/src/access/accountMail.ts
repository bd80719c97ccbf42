import { randomUUID } from 'node:crypto';
import { escapeHtml } from '../channels/escapeHtml.ts';
import { openSmtp } from '../channels/mail/smtp.ts';
import type { AccountLinkKind } from './accountLinks.ts';

/** Sends a link to its person. False: the mail server did not take it. */
export type SendAccountLink = (
  kind: AccountLinkKind,
  to: { readonly name: string; readonly address: string },
  link: string,
) => Promise<boolean>;

/** What accounts need to send mail. */
export type AccountMailSettings = {
  readonly smtpUrl: string | null;
  readonly mailFrom: string | null;
  readonly mailReplyTo: string | null;
};

const SAYS: { readonly [kind in AccountLinkKind]: { subject: string; lead: string; button: string; end: string } } = {
  invitation: {
    subject: 'You are invited to Baton',
    lead: 'A colleague has invited you to Baton, where leads are handed from marketing to sales.',
    button: 'Set your password',
    end: 'The link counts once, for seven days. If you expected no invitation, leave this mail be.',
  },
  reset: {
    subject: 'A new password for Baton',
    lead: 'Somebody has asked for a new password for your account.',
    button: 'Set a new password',
    end: 'The link counts once, for 30 minutes. If that was not you, leave this mail be: nothing changes.',
  },
};

/** Opens the way by which links go out; null where e-mail is not set up. */
export const openAccountMail = (settings: AccountMailSettings): { send: SendAccountLink; close: () => void } | null => {
  const { smtpUrl, mailFrom, mailReplyTo } = settings;
  if (smtpUrl === null || mailFrom === null) return null;
  const smtp = openSmtp(smtpUrl);
  return {
    async send(kind, to, link) {
      const { subject, lead, button, end } = SAYS[kind];
      const name = to.name.replace(/[\r\n]+/g, ' ');
      const outcome = await smtp.send({
        from: mailFrom,
        to: { name, address: to.address },
        ...(mailReplyTo === null ? {} : { replyTo: mailReplyTo }),
        subject,
        text: `Hello ${name},\n\n${lead}\n\n${button}: ${link}\n\n${end}\n`,
        html:
          `<!doctype html><html lang="en"><body><p>Hello ${escapeHtml(name)},</p><p>${lead}</p>` +
          `<p><a href="${escapeHtml(link)}">${button}</a></p><p>${end}</p></body></html>`,
        messageId: `<${randomUUID()}@baton>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return outcome.ok;
    },
    close: smtp.close,
  };
};
