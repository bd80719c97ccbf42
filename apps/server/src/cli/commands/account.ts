import { ROLES, type Role } from '@baton/domain/access/roles.ts';
import { type AccountLinkMade, accountLinkAddress } from '../../access/accountLinks.ts';
import { openAccountMail } from '../../access/accountMail.ts';
import { AccountRefused } from '../../access/accountRefused.ts';
import * as accounts from '../../access/accounts.ts';
import { channelSettings } from '../../channels/channelSettings.ts';
import { readConfig } from '../../config.ts';
import { type Call, type Command, CommandFailure, EXIT, flag, operand, text, UsageError, whole } from '../command.ts';
import { type Session, withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';

const BY = 'command line';
const WHO = { name: 'WHO', say: 'e-mail address or id', required: true } as const;
const ROLES_OPTION = {
  name: 'role',
  say: `what they may do: ${ROLES.join(', ')}`,
  takes: { kind: 'choice', of: ROLES },
} as const;

const list: Command = {
  path: ['account', 'list'],
  say: 'show who can sign in, by which ways, and what they may do',
  operands: [],
  options: [],
  examples: [{ run: 'baton account list', say: 'invited and deactivated ones too' }],
  run: (call) =>
    withAccounts(call, async ({ pool }) => {
      const all = await accounts.listAccounts(pool);
      if (call.json) call.terminal.out(JSON.stringify({ accounts: all }));
      else
        call.terminal.out(
          table(
            ['who', 'name', 'roles', 'rep', 'state', 'signs in by', 'last seen'],
            all.map((one) => [
              one.email ?? one.id,
              one.name,
              one.roles.join(', '),
              one.repId,
              one.state,
              waysOf(one),
              one.lastSeenAt === null ? null : shownInstant(one.lastSeenAt),
            ]),
          ),
        );
    }),
};

const invite: Command = {
  path: ['account', 'invite'],
  say: 'invite somebody; once more makes a new link',
  detail: 'The link goes by mail where BATON_SMTP_URL and BATON_MAIL_FROM are set, else it is printed: hand it over.',
  operands: [{ name: 'EMAIL', say: 'whom', required: true }],
  options: [
    { ...ROLES_OPTION, many: true },
    { name: 'name', say: 'what they are called (the part before @)', takes: { kind: 'text', name: 'NAME' } },
    {
      name: 'rep',
      say: 'the rep that they are, where the address is another',
      takes: { kind: 'number', name: 'ID', min: 1 },
    },
    { name: 'no-mail', say: 'print the link, though mail is set up' },
  ],
  examples: [
    { run: 'baton account invite ana@company.example --role rep', say: 'a rep, known by the same address' },
    { run: 'baton account invite max@company.example --role admin --role marketing', say: 'with two roles' },
  ],
  run: (call) =>
    withAccounts(call, async ({ pool }) => {
      const name = text(call, 'name');
      const repId = whole(call, 'rep');
      const made = await accounts.inviteAccount(pool, {
        email: operand(call, 0),
        roles: rolesOf(call),
        by: BY,
        ...(name === undefined ? {} : { name }),
        ...(repId === undefined ? {} : { repId }),
      });
      await handOver(call, made);
    }),
};

const role: Command = {
  path: ['account', 'role'],
  say: 'set what somebody may do; it counts within seconds',
  operands: [WHO],
  options: [{ ...ROLES_OPTION, many: true }],
  examples: [
    { run: 'baton account role ana@company.example --role sales-manager', say: 'in place of the roles before' },
  ],
  run: (call) =>
    withAccounts(call, async ({ pool }) => {
      const { id } = await accounts.findAccount(pool, operand(call, 0));
      tell(call, await accounts.changeAccount(pool, id, { roles: rolesOf(call) }, BY));
    }),
};

const deactivate: Command = {
  path: ['account', 'deactivate'],
  say: 'lock somebody out: every session of theirs ends within seconds',
  detail: 'The rep that they are stays as it is: `baton rep deactivate` hands what they hold to others.',
  operands: [WHO],
  options: [],
  examples: [
    { run: 'baton account deactivate ana@company.example', say: '`baton account activate` lets them in again' },
  ],
  run: (call) =>
    withAccounts(call, async ({ pool }) => {
      const { id } = await accounts.findAccount(pool, operand(call, 0));
      tell(call, await accounts.deactivateAccount(pool, id, BY));
    }),
};

const activate: Command = {
  path: ['account', 'activate'],
  say: 'let somebody in again who was deactivated',
  operands: [WHO],
  options: [],
  examples: [{ run: 'baton account activate ana@company.example', say: 'with the roles and the password they had' }],
  run: (call) =>
    withAccounts(call, async ({ pool }) => {
      const { id } = await accounts.findAccount(pool, operand(call, 0));
      tell(call, await accounts.activateAccount(pool, id, BY));
    }),
};

const reset: Command = {
  path: ['account', 'reset-password'],
  say: 'a link by which somebody sets a new password, within 30 minutes',
  operands: [WHO],
  options: [
    { name: 'second-factor', say: 'take their authenticator away as well, for whoever lost it' },
    { name: 'no-mail', say: 'print the link, though mail is set up' },
  ],
  examples: [{ run: 'baton account reset-password ana@company.example', say: 'their sessions end when it is used' }],
  run: (call) =>
    withAccounts(call, async ({ pool }) => {
      const { id } = await accounts.findAccount(pool, operand(call, 0));
      await handOver(call, await accounts.resetAccount(pool, id, BY, flag(call, 'second-factor')));
    }),
};

export const accountCommands: readonly Command[] = [list, invite, role, deactivate, activate, reset];

const withAccounts = (call: Call, work: (session: Session) => Promise<void>) =>
  withDatabase(call.terminal, async (session) => {
    try {
      await work(session);
      return EXIT.ok;
    } catch (error) {
      if (error instanceof AccountRefused) throw new CommandFailure(error.code, error.message);
      throw error;
    }
  });

const rolesOf = (call: Call): readonly Role[] => {
  const given = call.options.get('role') ?? [];
  if (given.length === 0) throw new UsageError('missing-option', `--role: say one or more of ${ROLES.join(', ')}.`);
  return ROLES.filter((one) => given.includes(one));
};

const waysOf = ({ hasPassword, twoFactor, passkeys }: accounts.AccountShown): string =>
  [
    ...(hasPassword ? [twoFactor ? 'password and code' : 'password'] : []),
    ...(passkeys > 0 ? [`${passkeys} ${passkeys === 1 ? 'passkey' : 'passkeys'}`] : []),
  ].join(', ');

const tell = (call: Call, account: accounts.AccountShown): void => {
  if (call.json) call.terminal.out(JSON.stringify({ account }));
  else call.terminal.note(`${account.email ?? account.name}: ${account.state}, ${account.roles.join(', ')}.`);
};

const handOver = async (
  call: Call,
  { account, link }: { readonly account: accounts.AccountShown; readonly link: AccountLinkMade },
): Promise<void> => {
  const config = readConfig();
  const address = accountLinkAddress(config.BATON_PUBLIC_URL ?? `http://localhost:${config.BATON_PORT}`, link);
  const mail = flag(call, 'no-mail') ? null : openAccountMail(channelSettings(config));
  const { email, name } = account;
  const mailed = mail !== null && email !== null && (await mail.send(link.kind, { name, address: email }, address));
  mail?.close();
  const shown = mailed ? null : address;
  if (call.json) call.terminal.out(JSON.stringify({ account, address: shown, mailed, expiresAt: link.expiresAt }));
  else if (shown === null) call.terminal.note(`The link went to ${email}.`);
  else {
    call.terminal.out(shown);
    call.terminal.note(`Hand it over: it counts once, until ${shownInstant(link.expiresAt)}.`);
  }
};
