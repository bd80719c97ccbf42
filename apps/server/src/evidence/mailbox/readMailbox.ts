/**
 * Reads what is new in a mailbox, by IMAP: the mailbox to which reps copy what they write, or in which answers arrive. It is
 * only read: nothing is marked, moved or deleted. How far it was read is a row, moved after each mail was taken; a mail that
 * is read twice counts once by its id.
 */
import { ImapFlow } from 'imapflow';
import type { PoolClient } from 'pg';
import { type MailboxDeps, takeMail } from './takeMail.ts';

/** Who reads first, reads alone: other nodes skip their turn. */
const MAILBOX_LOCK = 7228110;
/** The header and a report fit in it; what is attached is not fetched. */
const MAIL_BYTES_MAX = 65_536;
const TIMEOUT_MS = 30_000;
/** At most so many a turn, so that a full mailbox holds no connection for hours. */
const MAILS_MAX = 500;
const UIDS_MAX = 5_000;

/** A mailbox by its address: `imaps://user:password@host/folder`; without a folder its inbox. */
export type MailboxAddress = {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  /** As it is told and stored: without the password. */
  readonly name: string;
};

/** Reads such an address. @throws TypeError where it is none. */
export const mailboxAddress = (text: string): MailboxAddress => {
  const url = new URL(text);
  const secure = url.protocol === 'imaps:';
  const user = decodeURIComponent(url.username);
  const folder = decodeURIComponent(url.pathname.slice(1)) || 'INBOX';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 993 : 143) : Number(url.port),
    secure,
    user,
    password: decodeURIComponent(url.password),
    folder,
    name: `${user}@${url.host}/${folder}`,
  };
};

/** Reads what came since the last time, over a connection of its own, and answers how many mails that were; null: another node is reading. */
export const readMailbox = async (deps: MailboxDeps, address: MailboxAddress): Promise<number | null> => {
  const imap = await connectMailbox(address);
  try {
    return await readOver(deps, imap, address);
  } finally {
    await leaveMailbox(imap);
  }
};

/** The same over a connection that is open. */
export const readOver = async (deps: MailboxDeps, imap: ImapFlow, address: MailboxAddress): Promise<number | null> => {
  const client = await deps.pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [MAILBOX_LOCK]);
    if (rows[0]?.mine !== true) return null;
    try {
      return await readAlone(deps, client, imap, address);
    } finally {
      await client.query('select pg_advisory_unlock($1)', [MAILBOX_LOCK]);
    }
  } finally {
    client.release();
  }
};

/** Connects and signs in. @throws what the server or the network says. */
export const connectMailbox = async (address: MailboxAddress): Promise<ImapFlow> => {
  const imap = new ImapFlow({
    host: address.host,
    port: address.port,
    secure: address.secure,
    auth: { user: address.user, pass: address.password },
    // a password never goes over a network in the clear
    ...(address.secure || isLoopback(address.host) ? {} : { doSTARTTLS: true }),
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  // what breaks rejects the call that waits; without a listener it would end the process besides
  imap.on('error', () => {});
  await imap.connect();
  return imap;
};

/** Says goodbye, or hangs up where that fails. */
export const leaveMailbox = (imap: ImapFlow): Promise<void> => imap.logout().catch(() => imap.close());

const readAlone = async (
  deps: MailboxDeps,
  client: PoolClient,
  imap: ImapFlow,
  address: MailboxAddress,
): Promise<number> => {
  const mailbox = await imap.mailboxOpen(address.folder, { readOnly: true });
  const validity = Number(mailbox.uidValidity);
  const from = await lastUid(client, address.name, validity, mailbox.uidNext - 1);
  const until = Math.min(from + UIDS_MAX, mailbox.uidNext - 1);
  if (until <= from) return 0;
  const isRep = await repsOf(client);
  let taken = 0;
  const found = imap.fetch(
    `${from + 1}:${until}`,
    { uid: true, internalDate: true, source: { start: 0, maxLength: MAIL_BYTES_MAX } },
    { uid: true },
  );
  const mails: { uid: number; arrivedAt: number; source: Buffer }[] = [];
  for await (const { uid, internalDate, source } of found) {
    if (uid <= from || source === undefined) continue;
    mails.push({ uid, arrivedAt: new Date(internalDate ?? Date.now()).getTime(), source });
    if (mails.length >= MAILS_MAX) break;
  }
  mails.sort((one, other) => one.uid - other.uid);
  for (const { uid, arrivedAt, source } of mails) {
    await takeMail(deps, isRep, { place: `${address.name} ${validity} ${uid}`, arrivedAt, source });
    await keepUid(client, address.name, validity, uid);
    taken += 1;
  }
  // where mails were deleted there are fewer of them than uids
  if (mails.length < MAILS_MAX) await keepUid(client, address.name, validity, until);
  return taken;
};

const isLoopback = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);

const repsOf = async (client: PoolClient): Promise<(address: string) => boolean> => {
  const { rows } = await client.query<{ email: string }>('select lower(email) as email from rep');
  const reps = new Set(rows.map(({ email }) => email));
  return (address) => reps.has(address);
};

/** Where to go on. A mailbox that is new to us, or whose uids mean something else from now on, is read from now on. */
const lastUid = async (client: PoolClient, name: string, validity: number, latest: number): Promise<number> => {
  const { rows } = await client.query<{ last_uid: number }>(
    `insert into mailbox_cursor as c (mailbox, uid_validity, last_uid) values ($1, $2, $3)
     on conflict (mailbox) do update set read_at = now_ms(), error = null, uid_validity = excluded.uid_validity,
       last_uid = case when c.uid_validity = excluded.uid_validity then c.last_uid else excluded.last_uid end
     returning last_uid`,
    [name, validity, latest],
  );
  return rows[0]?.last_uid ?? latest;
};

const keepUid = async (client: PoolClient, name: string, validity: number, uid: number): Promise<void> => {
  await client.query('update mailbox_cursor set last_uid = $3 where mailbox = $1 and uid_validity = $2', [
    name,
    validity,
    uid,
  ]);
};
