import { createHash } from 'node:crypto';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Delivery } from '../../outbox/sender.ts';
import { actionAddress, handoffAddress, type LinkMaker } from '../links.ts';
import type { NoticeFacts } from '../noticeFacts.ts';
import { oneLine } from '../templates/liquid.ts';
import { MARK_HEADER, makeDeliveryMark } from './deliveryMark.ts';
import { mailHtml } from './mailHtml.ts';
import { mailText } from './mailText.ts';
import { noticeParts } from './noticeParts.ts';

/** How mails are signed: the address they come from, where answers go, and the names in their headers. */
export type MailIdentity = {
  readonly from: string;
  readonly replyTo: string | null;
  readonly links: LinkMaker;
};

/** A mail as nodemailer takes it. Header values are single lines; nodemailer folds and encodes them. */
export type ComposedMail = {
  readonly from: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly references?: string;
  readonly headers: { readonly [name: string]: string };
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
};

/** What a company says in its own words about a new lead. */
export type OwnWords = { readonly subject: string; readonly html: string; readonly text: string };

const SUBJECT_MAX = 200;

/** The host in a Message-ID and a List-Id: that of the address which people reach Baton by. */
const hostOf = (publicUrl: string): string => (URL.canParse(publicUrl) ? new URL(publicUrl).hostname : 'localhost');

/** The Message-ID of a delivery: of its key alone, so that a mail which is sent twice can be told to be one. */
export const messageIdOf = (key: string, publicUrl: string): string =>
  `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@${hostOf(publicUrl)}>`;

/**
 * Writes the mail of a delivery to a rep. Mails about one handoff are one thread: the later ones answer the first and have
 * its subject, their own news stands inside. `own`: a company's own words for the first one. `now`: epoch ms.
 */
export const composeMail = (
  identity: MailIdentity,
  delivery: Delivery,
  facts: NoticeFacts,
  to: { readonly name: string; readonly address: string },
  now: Instant,
  own: OwnWords | null = null,
): ComposedMail => {
  const { links } = identity;
  const told = noticeParts(delivery, facts, now);
  const isFirst = facts.first === null;
  const parts = own === null || !isFirst ? told : { ...told, says: [own.text], own: own.html };
  const thread = own?.subject ?? facts.first?.subject ?? delivery.subject;
  const subject = oneLine(isFirst ? thread : `Re: ${thread}`).slice(0, SUBJECT_MAX);
  const act = actionAddress(links, delivery);
  const off = act === null ? null : `${act}/off`;
  const shown = {
    act,
    open: delivery.handoffId === null ? links.publicUrl : handoffAddress(links, delivery.handoffId),
    off,
  };
  const root = facts.first === null ? null : messageIdOf(facts.first.key, links.publicUrl);
  return {
    from: identity.from,
    to: { name: oneLine(to.name), address: to.address },
    ...(identity.replyTo === null ? {} : { replyTo: identity.replyTo }),
    subject,
    text: mailText(parts, shown),
    html: mailHtml(subject, oneLine(parts.says.join(' ')).slice(0, 140), parts, shown),
    messageId: messageIdOf(delivery.key, links.publicUrl),
    ...(root === null ? {} : { inReplyTo: root, references: root }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `Baton handoffs <handoffs.${hostOf(links.publicUrl)}>`,
      ...(off === null
        ? {}
        : { 'List-Unsubscribe': `<${off}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
      [MARK_HEADER]: makeDeliveryMark(delivery.key, links.secret),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
};
