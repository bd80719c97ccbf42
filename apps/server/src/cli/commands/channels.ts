import { CHANNEL_NAMES } from '@baton/contract/channels.ts';
import { channelSettings } from '../../channels/channelSettings.ts';
import { allowAddress } from '../../channels/mail/refusedAddresses.ts';
import { type ChannelSettings, openChannels } from '../../channels/openChannels.ts';
import { readConfig } from '../../config.ts';
import { makeGuardedFetch } from '../../net/guardedFetch.ts';
import { resolveBySystem } from '../../net/judgeUrl.ts';
import { type Command, CommandFailure, EXIT, operand, text, UsageError } from '../command.ts';
import { type Session, withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';

const open = ({ pool }: Session) => {
  const config = readConfig();
  const settings: ChannelSettings = channelSettings(config);
  return openChannels(settings, {
    pool,
    guardedFetch: makeGuardedFetch({ networks: config.BATON_OUTBOUND_NETWORKS, resolve: resolveBySystem }),
    now: Date.now,
  });
};

const shown = (at: string | null): string | null => (at === null ? null : shownInstant(Date.parse(at)));

const list: Command = {
  path: ['channels'],
  say: 'list the ways by which Baton reaches people: which are set up, when each last worked, its last error',
  operands: [],
  options: [],
  examples: [{ run: 'baton channels', say: 'e-mail, Slack and Teams' }],
  run: (call) =>
    withDatabase(call.terminal, async (session) => {
      const channels = await open(session);
      const rows = await channels.list();
      channels.close();
      if (call.json) call.terminal.out(JSON.stringify(rows));
      else
        call.terminal.out(
          table(
            ['channel', 'set up', 'how', 'last worked', 'last error'],
            rows.map((row) => [
              row.channel,
              row.configured ? 'yes' : 'no',
              row.say,
              shown(row.lastSuccessAt),
              row.lastErrorAt === null ? null : `${shown(row.lastErrorAt)} ${row.lastError}`,
            ]),
            70,
          ),
        );
      return EXIT.ok;
    }),
};

const test: Command = {
  path: ['channels', 'test'],
  say: 'send a test message and show what both sides said, without secrets',
  operands: [{ name: 'CHANNEL', say: CHANNEL_NAMES.join(', '), required: true }],
  options: [
    {
      name: 'to',
      say: 'an address; for Slack also a channel such as #deals',
      takes: { kind: 'text', name: 'WHOM' },
    },
  ],
  examples: [
    { run: 'baton channels test email --to me@company.example', say: 'the conversation with the mail server' },
    { run: 'baton channels test slack --to me@company.example', say: 'who the app is, whom it finds, where it posts' },
  ],
  run: (call) => {
    const channel = CHANNEL_NAMES.find((name) => name === operand(call, 0));
    if (channel === undefined) throw new UsageError('bad-operand', `CHANNEL is one of ${CHANNEL_NAMES.join(', ')}.`);
    return withDatabase(call.terminal, async (session) => {
      const channels = await open(session);
      try {
        const tested = await channels.test(channel, text(call, 'to'));
        if (call.json) call.terminal.out(JSON.stringify(tested));
        else {
          for (const line of tested.transcript) call.terminal.out(line);
          call.terminal.note(tested.ok ? `It works: ${tested.say}` : `It does not work: ${tested.say}`);
        }
        return tested.ok ? EXIT.ok : EXIT.failure;
      } finally {
        channels.close();
      }
    });
  },
};

const map: Command = {
  path: ['channels', 'map'],
  say: 'say who a rep is in Slack, where Slack does not know the address that Baton has',
  detail:
    'Reps are found by their e-mail address. One whose address in Slack is another is mapped once; MEMBER-ID is in their Slack profile.',
  operands: [
    { name: 'REP', say: 'their e-mail address', required: true },
    { name: 'MEMBER-ID', say: 'such as U02ABCDEF', required: true },
  ],
  options: [],
  examples: [{ run: 'baton channels map ana@company.example U02ABCDEF', say: 'from now on Slack reaches Ana' }],
  run: (call) =>
    withDatabase(call.terminal, async (session) => {
      const [email, member] = [operand(call, 0), operand(call, 1)];
      const { rows } = await session.pool.query<{ id: number }>(
        'select id from rep where lower(email) = lower($1) and active',
        [email],
      );
      const rep = rows[0];
      if (rep === undefined) throw new CommandFailure('rep-unknown', `No active rep has the address ${email}.`);
      const channels = await open(session);
      try {
        if (channels.slack === null) throw new CommandFailure('channel-not-set-up', 'Set BATON_SLACK_BOT_TOKEN first.');
        if (!(await channels.slack.people.map(rep.id, member)))
          throw new CommandFailure('member-unknown', `Slack knows nobody by ${member}.`);
      } finally {
        channels.close();
      }
      if (call.json) call.terminal.out(JSON.stringify({ ok: true, repId: rep.id, member }));
      else call.terminal.note(`${email} is ${member} in Slack.`);
      return EXIT.ok;
    }),
};

const allow: Command = {
  path: ['channels', 'allow'],
  say: 'let mails go again to an address whose mails came back',
  operands: [{ name: 'ADDRESS', say: 'the e-mail address', required: true }],
  options: [],
  examples: [{ run: 'baton channels allow ana@company.example', say: 'after its mailbox was mended' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const address = operand(call, 0);
      if (!(await allowAddress(pool, address, 'command line')))
        throw new CommandFailure('address-not-refused', `Mails go to ${address} already.`);
      if (call.json) call.terminal.out(JSON.stringify({ ok: true, address }));
      else call.terminal.note(`Mails go to ${address} again.`);
      return EXIT.ok;
    }),
};

export const channelCommands: readonly Command[] = [list, test, map, allow];
