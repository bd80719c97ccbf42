import type { Pool } from 'pg';
import type { Delivery, Sender } from '../../outbox/sender.ts';
import { gatherReads } from '../gatherReads.ts';
import { type AskedFacts, type NoticeFacts, readAllNoticeFacts } from '../noticeFacts.ts';
import { tellRefusedAddress } from '../notices/tellRefusedAddress.ts';
import { fillOwnMail, readOwnMailTemplate } from '../templates/messageTemplates.ts';
import { type ComposedMail, composeMail, type MailIdentity } from './composeMail.ts';
import { noWayTo, readRefused } from './refusedAddresses.ts';
import type { Smtp } from './smtp.ts';

/** What the sender of mails needs. */
export type MailDeps = {
  readonly pool: Pool;
  readonly smtp: Smtp;
  readonly identity: MailIdentity;
  readonly now: () => number;
};

/** One address and nothing else: no list, no header, no control character. */
export const ONE_ADDRESS = /^[^\s@<>(),;:\\"[\]]{1,64}@[^\s@<>(),;:\\"[\]]{1,255}$/;

/** Sends notices by e-mail: to a rep, or to the address that the policy names. What is sent in one turn is read at once. */
export const makeMailSender = (deps: MailDeps): Sender => {
  const readFacts = gatherReads((asked: readonly AskedFacts[]) => readAllNoticeFacts(deps.pool, asked));
  const readTemplate = gatherReads(async (asked: readonly null[]) => {
    const template = await readOwnMailTemplate(deps.pool);
    return asked.map(() => template);
  });
  const readSaid = gatherReads(async (addresses: readonly string[]) => {
    const refused = await readRefused(deps.pool, addresses);
    return addresses.map((address) => refused.get(address.toLowerCase()) ?? null);
  });
  const send: Sender['send'] = async (delivery, signal) => {
    const { smtp, identity } = deps;
    const [facts, template] = await Promise.all([readFacts(delivery), readTemplate(null)]);
    if (facts.isOff && facts.rep !== null)
      return { ok: true, detail: `not sent: ${facts.rep.name} switched e-mails off; the notice is in the app` };
    const to = addressOf(delivery, facts);
    if (to === null)
      return { ok: false, retry: false, detail: `no address to send to: ${delivery.place ?? 'the rep is gone'}` };
    const said = await readSaid(to.address);
    if (said !== null)
      return {
        ok: false,
        retry: false,
        detail: `${to.address} takes no mail: ${said}`,
        noWay: noWayTo(to.address, said),
      };
    const own =
      template === null || facts.row === null || delivery.contactId === null
        ? null
        : await fillOwnMail(deps.pool, template, delivery.contactId);
    const mail = composeMail(identity, delivery, facts, to, deps.now(), own);
    const outcome = await unlessAborted(smtp.send(mail), signal);
    if (outcome.ok) return { ok: true, detail: outcome.answer };
    if (outcome.refusesAddress) await tellRefusedAddress(deps.pool, delivery, to.address, outcome.answer);
    return { ok: false, retry: !outcome.forGood, detail: outcome.answer };
  };
  return { channel: 'email', send };
};

const addressOf = (delivery: Delivery, { rep }: NoticeFacts): ComposedMail['to'] | null => {
  const to = rep !== null ? { name: rep.name, address: rep.email } : { name: '', address: delivery.place ?? '' };
  return ONE_ADDRESS.test(to.address) ? to : null;
};

/** The attempt has had its time: whoever waits hears of it, and the answer that comes later is no longer heard. */
const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  work.catch(() => undefined);
  if (signal.aborted) throw new Error('the attempt ran out of time');
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(new Error('the mail server did not answer in time'));
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
};
