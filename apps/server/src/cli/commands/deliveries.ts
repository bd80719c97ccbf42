import { closeAlert, listAlerts } from '../../outbox/alerts.ts';
import { listDeliveries, readDelivery, replayDeliveries, type StoredDelivery } from '../../outbox/deliveries.ts';
import { DELIVERY_CHANNELS, type DeliveryChannel } from '../../outbox/sender.ts';
import {
  type Call,
  type Command,
  CommandFailure,
  type CommandOption,
  EXIT,
  flag,
  operand,
  text,
  UsageError,
  whole,
} from '../command.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';

const ROWS = 50;

const CHANNEL: CommandOption = {
  name: 'channel',
  say: 'only by this one',
  takes: { kind: 'choice', of: [...DELIVERY_CHANNELS] },
};
const WEBHOOK: CommandOption = {
  name: 'webhook',
  say: 'only to this webhook',
  takes: { kind: 'number', name: 'ID', min: 1 },
};

const channelOf = (call: Call): DeliveryChannel | undefined =>
  DELIVERY_CHANNELS.find((channel) => channel === text(call, 'channel'));

const fateOf = (row: StoredDelivery): string => {
  const why = row.closed_reason ?? row.last_error?.split('\n', 1)[0] ?? '';
  if (row.state === 'pending') return row.attempts === 0 ? 'due' : `next ${shownInstant(row.next_at)}: ${why}`;
  return why;
};

const deliveriesList: Command = {
  path: ['deliveries', 'list'],
  say: 'show what goes out by e-mail, chat and webhook, newest first',
  operands: [],
  options: [
    {
      name: 'state',
      say: 'only in this state',
      takes: { kind: 'choice', of: ['pending', 'sent', 'dead', 'superseded'] },
    },
    CHANNEL,
    WEBHOOK,
    { name: 'limit', say: `how many (${ROWS})`, takes: { kind: 'number', name: 'N', min: 1 } },
  ],
  examples: [{ run: 'baton deliveries list --state dead', say: 'what was given up and can be sent once more' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const state = (['pending', 'sent', 'dead', 'superseded'] as const).find((one) => one === text(call, 'state'));
      const deliveries = await listDeliveries(
        pool,
        { state, channel: channelOf(call), webhook: whole(call, 'webhook') },
        Number.MAX_SAFE_INTEGER,
        whole(call, 'limit') ?? ROWS,
      );
      if (call.json) call.terminal.out(JSON.stringify({ deliveries }));
      else
        call.terminal.out(
          table(
            ['id', 'written', 'to', 'about', 'state', 'attempts', 'what became of it'],
            deliveries.map((row) => [
              row.id,
              shownInstant(row.created_at),
              row.destination,
              row.about,
              row.state,
              row.attempts,
              fateOf(row),
            ]),
          ),
        );
      return EXIT.ok;
    }),
};

const idOf = (words: string): number => {
  if (!/^\d{1,15}$/.test(words)) {
    throw new UsageError('bad-operand', 'ID is the number that "baton deliveries list" shows.');
  }
  return Number(words);
};

const unknown = (id: number): CommandFailure => new CommandFailure('delivery-unknown', `There is no delivery ${id}.`);

const deliveriesShow: Command = {
  path: ['deliveries', 'show'],
  say: 'show one delivery with the log of its attempts',
  operands: [{ name: 'ID', say: 'its number, as "deliveries list" shows it', required: true }],
  options: [],
  examples: [{ run: 'baton deliveries show 12', say: 'what each attempt came to' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const id = idOf(operand(call, 0));
      const found = await readDelivery(pool, id);
      if (found === null) throw unknown(id);
      if (call.json) call.terminal.out(JSON.stringify(found));
      else {
        const { delivery, log } = found;
        call.terminal.out(
          `${delivery.key} to ${delivery.destination}: ${delivery.subject}\n${delivery.state} ${fateOf(delivery)}`,
        );
        call.terminal.out(
          table(
            ['attempt', 'at', 'ms', 'outcome', 'transcript'],
            log.map((one) => [one.n, shownInstant(one.at), one.took_ms, one.outcome, one.detail]),
            200,
          ),
        );
      }
      return EXIT.ok;
    }),
};

const deliveriesReplay: Command = {
  path: ['deliveries', 'replay'],
  say: 'send what was given up once more, under the same key',
  operands: [{ name: 'ID', say: 'its number; none with --all', required: false }],
  options: [{ name: 'all', say: 'everything that was given up' }, CHANNEL, WEBHOOK],
  examples: [
    { run: 'baton deliveries replay 12', say: 'one' },
    { run: 'baton deliveries replay --all --channel email', say: 'after the mail server was mended' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const words = operand(call, 0);
      if ((words === '') !== flag(call, 'all')) {
        throw new UsageError('missing-operand', 'Say which: an ID, or --all.');
      }
      const which = words === '' ? { channel: channelOf(call), webhook: whole(call, 'webhook') } : { id: idOf(words) };
      const replayed = await replayDeliveries(pool, which, 'command line');
      if (words !== '' && replayed === 0) {
        throw new CommandFailure(
          'delivery-not-dead',
          `Delivery ${words} can't be sent once more: it was not given up, or its webhook is switched off.`,
        );
      }
      if (call.json) call.terminal.out(JSON.stringify({ replayed }));
      else call.terminal.note(`${replayed} will be sent once more.`);
      return EXIT.ok;
    }),
};

const deliveriesAlerts: Command = {
  path: ['deliveries', 'alerts'],
  say: 'show what went wrong outside and waits for a person',
  detail:
    'Exit code 3 where there is something. What was given up, destinations that were switched off, notices that came late.',
  operands: [],
  options: [{ name: 'close', say: 'this one was seen', takes: { kind: 'number', name: 'ID', min: 1 } }],
  examples: [
    { run: 'baton deliveries alerts', say: 'one for each cause, with how often' },
    { run: 'baton deliveries alerts --close 4', say: 'it comes anew when its cause does' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const close = whole(call, 'close');
      if (close !== undefined && !(await closeAlert(pool, close, 'command line'))) {
        throw new CommandFailure('alert-unknown', `There is no open alert ${close}.`);
      }
      const alerts = await listAlerts(pool, Number.MAX_SAFE_INTEGER, ROWS);
      if (call.json) call.terminal.out(JSON.stringify({ alerts }));
      else
        call.terminal.out(
          table(
            ['id', 'kind', 'times', 'first', 'last', 'what'],
            alerts.map((one) => [
              one.id,
              one.kind,
              one.count,
              shownInstant(one.at),
              shownInstant(one.latest_at),
              one.say,
            ]),
            160,
          ),
        );
      return alerts.length === 0 ? EXIT.ok : EXIT.findings;
    }),
};

export const deliveryCommands: readonly Command[] = [
  deliveriesList,
  deliveriesShow,
  deliveriesReplay,
  deliveriesAlerts,
];
