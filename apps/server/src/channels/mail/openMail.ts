import { type Channel, type ChannelDeps, testDelivery } from '../channel.ts';
import type { LinkMaker } from '../links.ts';
import { readNoticeFacts } from '../noticeFacts.ts';
import type { ChannelSettings } from '../openChannels.ts';
import { composeMail, type MailIdentity } from './composeMail.ts';
import { makeMailSender, ONE_ADDRESS } from './mailSender.ts';
import { openSmtp } from './smtp.ts';

const NOT_SET = 'Set BATON_SMTP_URL and BATON_MAIL_FROM to send e-mail.';

/** E-mail, where both the server and the sender's address are set. */
export const openMail = (
  { smtpUrl, mailFrom, mailReplyTo }: Pick<ChannelSettings, 'smtpUrl' | 'mailFrom' | 'mailReplyTo'>,
  deps: ChannelDeps & { readonly links: LinkMaker },
): Channel => {
  if (smtpUrl === null || mailFrom === null) {
    const nothing = async () => ({ ok: false, say: NOT_SET, transcript: [] });
    return { channel: 'email', say: NOT_SET, sender: null, test: nothing, close: () => {} };
  }
  const smtp = openSmtp(smtpUrl);
  const identity: MailIdentity = { from: mailFrom, replyTo: mailReplyTo, links: deps.links };
  const { host } = new URL(smtpUrl);
  return {
    channel: 'email',
    say: `by ${host}, from ${mailFrom}`,
    sender: makeMailSender({ pool: deps.pool, smtp, identity, now: deps.now }),
    async test(to) {
      if (to === undefined || !ONE_ADDRESS.test(to))
        return { ok: false, say: 'Say to whom: one e-mail address.', transcript: [] };
      const delivery = testDelivery('email', to, deps.now());
      const facts = await readNoticeFacts(deps.pool, delivery);
      const outcome = await smtp.sendAloud(
        composeMail(identity, delivery, facts, { name: '', address: to }, deps.now()),
      );
      return { ok: outcome.ok, say: outcome.answer, transcript: [...outcome.transcript] };
    },
    close: smtp.close,
  };
};
