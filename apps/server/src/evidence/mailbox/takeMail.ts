import type { Instant } from '@baton/domain/kernel/time.ts';
import type { TakeBounce } from '../../channels/mail/takeBounce.ts';
import type { Activity, Named } from '../activity.ts';
import { findNamed } from '../findNamed.ts';
import { type EvidenceDeps, takeActivity } from '../takeActivity.ts';
import { classifyMail, failureIn, isReport, type MailEvidence } from './classifyMail.ts';
import { readMail } from './mail.ts';

/** `takeBounce`: takes reports about mails that Baton sent itself. */
export type MailboxDeps = EvidenceDeps & { readonly takeBounce?: TakeBounce };

const SOURCE = 'mailbox';

/** A mail as the server keeps it. `place`: mailbox, validity and uid, for one that has no id of its own. */
export type StoredMail = { readonly place: string; readonly arrivedAt: Instant; readonly source: Buffer };

/**
 * Takes one mail as evidence: logged with whoever it is about, each once. Nothing of it is kept but who, when and what it
 * was. A mail to several known people counts for each of them.
 */
export const takeMail = async (
  deps: MailboxDeps,
  isRep: (address: string) => boolean,
  { place, arrivedAt, source }: StoredMail,
): Promise<MailEvidence> => {
  const mail = readMail(source);
  if (deps.takeBounce !== undefined && isReport(mail)) {
    const failure = failureIn(mail);
    if (failure !== null && (await deps.takeBounce({ text: mail.body, ...failure })))
      return { kind: 'nothing', say: 'a notice of ours that came back' };
  }
  const evidence = classifyMail(mail, isRep);
  const id = (mail.header('message-id') ?? place).slice(-200);
  const activity = (outcome: Activity['outcome'], email: string, more: Partial<Activity> = {}): Activity => ({
    source: SOURCE,
    externalId: `${id}:${email}`.slice(-255),
    at: arrivedAt,
    channel: 'email',
    outcome,
    automated: false,
    who: named(email),
    agent: null,
    note: null,
    ...more,
  });
  switch (evidence.kind) {
    case 'nothing':
      break;
    case 'sent': {
      const { rep, to, machine } = evidence;
      for (const address of await knownOr(deps, to))
        await takeActivity(deps, activity('sent', address, { agent: rep, automated: machine !== null, note: machine }));
      break;
    }
    case 'received': {
      const { from, rep, machine, bulk } = evidence;
      if (!bulk || (await isKnown(deps, from)))
        await takeActivity(deps, activity('replied', from, { agent: rep, automated: machine !== null, note: machine }));
      break;
    }
    case 'bounced':
      for (const address of await knownOr(deps, evidence.to)) await takeActivity(deps, activity('bounced', address));
      break;
  }
  return evidence;
};

const named = (email: string): Named => ({ userId: null, email, phone: null });

const isKnown = async ({ pool }: EvidenceDeps, address: string): Promise<boolean> =>
  (await findNamed(pool, named(address))).kind === 'one';

/** Those who are known; where nobody is, the first, so that it is shown as unmatched. */
const knownOr = async (deps: EvidenceDeps, addresses: readonly string[]): Promise<readonly string[]> => {
  const known: string[] = [];
  for (const address of addresses) if (await isKnown(deps, address)) known.push(address);
  return known.length > 0 ? known : addresses.slice(0, 1);
};
