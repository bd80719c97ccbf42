import { CONTACT_CHANNELS, CONTACT_OUTCOMES } from '@baton/domain/handoff/input.ts';
import { makeCompleteTask } from '../../handoff/completeTask.ts';
import { makeDeals } from '../../handoff/deals.ts';
import { listTasks } from '../../records/listTasks.ts';
import { type Command, EXIT, flag, operand, text, UsageError, whole } from '../command.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';
import { instantOf, numbered, repOf, runAct, WHO_ACTS } from './whoActs.ts';

const tasks: Command = {
  path: ['task', 'list'],
  say: 'list open tasks',
  operands: [],
  options: [
    { name: 'rep', say: "one rep's", takes: { kind: 'text', name: 'EMAIL' } },
    { name: 'limit', say: 'at most so many (50)', takes: { kind: 'number', name: 'N', min: 1 } },
  ],
  examples: [{ run: 'baton task list --rep ada@company.example', say: 'what she has to do' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const rep = text(call, 'rep');
      const repId = rep === undefined ? undefined : await repOf(pool, rep);
      const found = await listTasks(pool, { repId, after: 0, limit: Math.min(whole(call, 'limit') ?? 50, 1_000) });
      if (call.json) call.terminal.out(JSON.stringify({ tasks: found }));
      else if (found.length === 0) call.terminal.note('No open tasks.');
      else
        call.terminal.out(
          table(
            ['id', 'type', 'what', 'who', 'whose', 'handoff', 'due'],
            found.map((task) => [
              task.id,
              task.type,
              task.title,
              task.contact,
              task.owner,
              task.handoffId,
              shownInstant(task.dueAt),
            ]),
            44,
          ),
        );
      return EXIT.ok;
    }),
};

const taskDone: Command = {
  path: ['task', 'done'],
  say: 'complete a task, and log the contact that doing it was',
  operands: [{ name: 'TASK', say: 'its number, as "task list" shows it', required: true }],
  options: [
    { name: 'channel', say: 'how the contact was tried', takes: { kind: 'choice', of: CONTACT_CHANNELS } },
    { name: 'outcome', say: 'what came of it', takes: { kind: 'choice', of: CONTACT_OUTCOMES } },
    { name: 'note', say: 'a note to it', takes: { kind: 'text', name: 'TEXT' } },
    ...WHO_ACTS,
  ],
  examples: [
    {
      run: 'baton task done 31 --channel call --outcome voicemail --as ada@company.example',
      say: 'stops the clock too',
    },
  ],
  run: (call) => {
    const id = numbered('TASK', 'task list', operand(call, 0));
    const channel = CONTACT_CHANNELS.find((one) => one === text(call, 'channel'));
    const outcome = CONTACT_OUTCOMES.find((one) => one === text(call, 'outcome'));
    if ((channel === undefined) !== (outcome === undefined))
      throw new UsageError('missing-option', '--channel and --outcome go together.');
    const contact =
      channel === undefined || outcome === undefined ? null : { channel, outcome, note: text(call, 'note') ?? null };
    return runAct(call, { task: id }, ({ acts, by, pool }) => makeCompleteTask(pool, acts)(id, by, contact));
  },
};

const DEAL = { name: 'DEAL', say: 'its number', required: true } as const;
const dealOf = (value: string): number => numbered('DEAL', 'deal create', value);

const dealCreate: Command = {
  path: ['deal', 'create'],
  say: 'make a deal of a handoff',
  operands: [{ name: 'HANDOFF', say: 'its number, as "handoffs" shows it', required: true }],
  options: [
    { name: 'name', say: "what it is called (the company's name)", takes: { kind: 'text', name: 'TEXT' } },
    { name: 'pipeline', say: 'where it stands (the first one)', takes: { kind: 'text', name: 'PIPELINE' } },
    { name: 'stage', say: "its stage (the pipeline's first)", takes: { kind: 'text', name: 'STAGE' } },
    { name: 'amount', say: 'in the smallest unit: 120000 is 1,200.00', takes: { kind: 'number', name: 'N', min: 0 } },
    { name: 'currency', say: 'of the amount, e.g. EUR', takes: { kind: 'text', name: 'CODE' } },
    { name: 'close', say: 'when it is expected to close', takes: { kind: 'text', name: 'DATE' } },
    ...WHO_ACTS,
  ],
  examples: [
    {
      run: 'baton deal create 512 --amount 120000 --currency EUR --as ada@company.example',
      say: 'handoff-to-deal is taken now',
    },
  ],
  run: (call) => {
    const handoffId = numbered('HANDOFF', 'handoffs', operand(call, 0));
    const [name, pipeline, stage] = [text(call, 'name'), text(call, 'pipeline'), text(call, 'stage')];
    const [amountMinor, currency] = [whole(call, 'amount') ?? null, text(call, 'currency') ?? null];
    if ((amountMinor === null) !== (currency === null) || (currency !== null && !/^[A-Z]{3}$/.test(currency)))
      throw new UsageError(
        'bad-option-value',
        '--amount and --currency go together, e.g. --amount 120000 --currency EUR.',
      );
    const closeAt = instantOf(call, 'close') ?? null;
    return runAct(call, {}, async ({ acts, by, pool }) => {
      const made = await makeDeals(pool, acts).create({ handoffId }, by, {
        ...(name === undefined ? {} : { name }),
        ...(pipeline === undefined ? {} : { pipeline }),
        ...(stage === undefined ? {} : { stage }),
        amountMinor,
        currency,
        closeAt,
      });
      if (made.dealId !== undefined) call.terminal.note(`Deal ${made.dealId}.`);
      return made;
    });
  },
};

const dealMove: Command = {
  path: ['deal', 'move'],
  say: 'move a deal to another open stage of its pipeline',
  operands: [DEAL, { name: 'STAGE', say: 'where to', required: true }],
  options: WHO_ACTS,
  examples: [{ run: 'baton deal move 2049 contract --as ada@company.example', say: 'kept with who and when' }],
  run: (call) => {
    const id = dealOf(operand(call, 0));
    return runAct(call, { deal: id }, ({ acts, by, pool }) => makeDeals(pool, acts).move(id, by, operand(call, 1)));
  },
};

const dealClose: Command = {
  path: ['deal', 'close'],
  say: 'close a deal: won, or lost with a reason of the policy',
  operands: [DEAL],
  options: [
    { name: 'won', say: 'it was won' },
    { name: 'lost', say: 'it was lost, for this reason', takes: { kind: 'text', name: 'REASON' } },
    ...WHO_ACTS,
  ],
  examples: [
    { run: 'baton deal close 2049 --won --as ada@company.example', say: 'a customer from now on' },
    {
      run: 'baton deal close 2049 --lost price --as ada@company.example',
      say: 'the reason says where the contact goes',
    },
  ],
  run: (call) => {
    const id = dealOf(operand(call, 0));
    const reason = text(call, 'lost') ?? null;
    if (flag(call, 'won') === (reason !== null))
      throw new UsageError('missing-option', 'Say how it ended: --won, or --lost REASON.');
    const how = reason === null ? 'won' : 'lost';
    return runAct(call, { deal: id }, ({ acts, by, pool }) => makeDeals(pool, acts).close(id, by, how, reason));
  },
};

/** What sales works with: tasks and deals. */
export const workCommands: readonly Command[] = [tasks, taskDone, dealCreate, dealMove, dealClose];
