import { EVENT_TYPES } from '@baton/contract/webhookEvents.ts';
import { readConfig } from '../../config.ts';
import { makeGuardedFetch } from '../../net/guardedFetch.ts';
import { type CallRules, resolveBySystem } from '../../net/judgeUrl.ts';
import { testWebhook } from '../../outbox/testWebhook.ts';
import { makeWebhookSender } from '../../outbox/webhookSender.ts';
import {
  addWebhook,
  listWebhooks,
  readWebhook,
  removeWebhook,
  rotateWebhookSecret,
  setWebhook,
  type Webhook,
  WebhookError,
} from '../../outbox/webhooks.ts';
import {
  type Call,
  type Command,
  CommandFailure,
  type CommandOption,
  EXIT,
  operand,
  text,
  UsageError,
  whole,
} from '../command.ts';
import { secretBox } from '../secretBox.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';

const BY = 'command line';
const HOUR_MS = 3_600_000;
const ID = { name: 'ID', say: 'its number, as "webhooks list" shows it', required: true } as const;

const callRules = (): CallRules => ({ networks: readConfig().BATON_OUTBOUND_NETWORKS, resolve: resolveBySystem });

const TYPES: CommandOption = {
  name: 'types',
  say: 'what it is sent, separated by commas (*)',
  takes: { kind: 'text', name: 'TYPES' },
};
const PAYLOAD: CommandOption = {
  name: 'payload',
  say: 'ids alone, or contact, company and handoff with them (thin)',
  takes: { kind: 'choice', of: ['thin', 'full'] },
};

const idOf = (call: Call): number => {
  const id = operand(call, 0);
  if (!/^\d{1,9}$/.test(id)) throw new UsageError('bad-operand', 'ID is the number that "baton webhooks list" shows.');
  return Number(id);
};

const typesOf = (call: Call): readonly string[] | undefined => {
  const asked = text(call, 'types');
  if (asked === undefined) return undefined;
  return asked.split(',').map((word) => {
    const type = word.trim();
    const isGroup = type.endsWith('.*') && EVENT_TYPES.some((one) => one.startsWith(type.slice(0, -1)));
    if (type === '*' || isGroup || EVENT_TYPES.includes(type)) return type;
    throw new UsageError(
      'bad-option-value',
      `--types: "${type}" is none of *, handoff.*, contact.*, ${EVENT_TYPES.join(', ')}.`,
    );
  });
};

const payloadOf = (call: Call): 'thin' | 'full' | undefined => {
  const payload = text(call, 'payload');
  return payload === 'full' || payload === 'thin' ? payload : undefined;
};

const failing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WebhookError) throw new CommandFailure(error.code, error.message);
    throw error;
  }
};

const stateOf = (webhook: Webhook): string => {
  if (webhook.disabledAt !== null) return `off since ${shownInstant(webhook.disabledAt)}: ${webhook.disabledReason}`;
  if (webhook.failingSince !== null)
    return `failing since ${shownInstant(webhook.failingSince)} (${webhook.failures} times)`;
  return 'works';
};

const webhooksList: Command = {
  path: ['webhooks', 'list'],
  say: 'show where events are sent to, and how that goes',
  operands: [],
  options: [],
  examples: [{ run: 'baton webhooks list', say: 'secrets are never shown again' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const webhooks = await listWebhooks(pool);
      if (call.json) call.terminal.out(JSON.stringify({ webhooks }));
      else
        call.terminal.out(
          table(
            ['id', 'name', 'url', 'types', 'payload', 'waiting', 'state'],
            webhooks.map((one) => [
              one.id,
              one.name,
              one.url,
              one.types.join(','),
              one.payload,
              one.waiting,
              stateOf(one),
            ]),
          ),
        );
      return EXIT.ok;
    }),
};

const showSecret = (call: Call, made: { readonly webhook: Webhook; readonly secret: string }): void => {
  if (call.json) call.terminal.out(JSON.stringify(made));
  else {
    call.terminal.out(made.secret);
    call.terminal.note(`Webhook ${made.webhook.id} signs with this secret. Keep it now: it is not shown again.`);
  }
};

const webhooksAdd: Command = {
  path: ['webhooks', 'add'],
  say: 'send events to an address from now on; its secret is shown once',
  detail: `Types: *, handoff.*, contact.*, ${EVENT_TYPES.join(', ')}.\nSigned as Standard Webhooks says; any of its libraries checks it.`,
  operands: [
    { name: 'NAME', say: 'what it is for, e.g. crm', required: true },
    { name: 'URL', say: 'the address, with https', required: true },
  ],
  options: [TYPES, PAYLOAD],
  examples: [
    { run: 'baton webhooks add crm https://crm.example/hooks/baton', say: 'everything, ids alone' },
    {
      run: 'baton webhooks add lake https://lake.example/in --types handoff.* --payload full',
      say: 'with contact, company and handoff',
    },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const made = await failing(() =>
        addWebhook(
          pool,
          callRules(),
          {
            name: operand(call, 0),
            url: operand(call, 1),
            types: typesOf(call) ?? ['*'],
            payload: payloadOf(call) ?? 'thin',
            by: BY,
          },
          secretBox(),
        ),
      );
      showSecret(call, made);
      return EXIT.ok;
    }),
};

const webhooksSet: Command = {
  path: ['webhooks', 'set'],
  say: 'change a webhook, switch it off or on again',
  operands: [ID],
  options: [
    { name: 'name', say: 'another name', takes: { kind: 'text', name: 'NAME' } },
    { name: 'url', say: 'another address', takes: { kind: 'text', name: 'URL' } },
    TYPES,
    PAYLOAD,
    {
      name: 'state',
      say: 'off: nothing is sent; on: again, from now',
      takes: { kind: 'choice', of: ['on', 'off'] },
    },
  ],
  examples: [{ run: 'baton webhooks set 3 --state on', say: 'after its receiver was mended' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const state = text(call, 'state');
      const webhook = await failing(() =>
        setWebhook(
          pool,
          callRules(),
          idOf(call),
          {
            name: text(call, 'name'),
            url: text(call, 'url'),
            types: typesOf(call),
            payload: payloadOf(call),
            enabled: state === undefined ? undefined : state === 'on',
          },
          BY,
        ),
      );
      if (call.json) call.terminal.out(JSON.stringify({ webhook }));
      else call.terminal.note(`Webhook ${webhook.id} (${webhook.name}): ${stateOf(webhook)}.`);
      return EXIT.ok;
    }),
};

const webhooksRotate: Command = {
  path: ['webhooks', 'rotate'],
  say: 'give a webhook a new secret; the old one signs too for a while',
  operands: [ID],
  options: [
    {
      name: 'overlap',
      say: 'hours that the old secret signs too (24)',
      takes: { kind: 'number', name: 'HOURS', min: 0 },
    },
  ],
  examples: [{ run: 'baton webhooks rotate 3', say: 'receivers take either signature for a day' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const overlapMs = (whole(call, 'overlap') ?? 24) * HOUR_MS;
      showSecret(call, await failing(() => rotateWebhookSecret(pool, idOf(call), overlapMs, BY, secretBox())));
      return EXIT.ok;
    }),
};

const webhooksTest: Command = {
  path: ['webhooks', 'test'],
  say: 'send a test event now and show what became of it',
  operands: [ID],
  options: [],
  examples: [{ run: 'baton webhooks test 3', say: 'exit code 3 where the receiver did not take it' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const fetch = makeGuardedFetch(callRules());
      const sender = makeWebhookSender({ pool, fetch, now: Date.now, box: secretBox() });
      const tested = await failing(() => testWebhook(pool, sender, idOf(call)));
      call.terminal.out(call.json ? JSON.stringify(tested) : tested.transcript);
      return tested.ok ? EXIT.ok : EXIT.findings;
    }),
};

const webhooksRemove: Command = {
  path: ['webhooks', 'remove'],
  say: 'send nothing there any more, and forget its secret',
  operands: [ID],
  options: [],
  examples: [{ run: 'baton webhooks remove 3', say: 'what still waits for it is closed' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const webhook = await failing(() => readWebhook(pool, idOf(call)));
      await failing(() => removeWebhook(pool, webhook.id, BY));
      if (call.json) call.terminal.out(JSON.stringify({ removed: webhook.id }));
      else call.terminal.note(`Webhook ${webhook.id} (${webhook.name}) is removed.`);
      return EXIT.ok;
    }),
};

export const webhookCommands: readonly Command[] = [
  webhooksList,
  webhooksAdd,
  webhooksSet,
  webhooksRotate,
  webhooksTest,
  webhooksRemove,
];
