import type { RepAct } from '@baton/domain/handoff/input.ts';
import { CONTACT_CHANNELS, CONTACT_OUTCOMES } from '@baton/domain/handoff/input.ts';
import { makeUndoAct } from '../../handoff/undoAct.ts';
import { type Call, type Command, type CommandOption, flag, operand, text, UsageError } from '../command.ts';
import { instantOf, numbered, repOf, runAct, WHO_ACTS } from './whoActs.ts';

type Example = Command['examples'][number];

/** One verb about a handoff: what it takes beside HANDOFF and who acts, and the act that it is. */
type Verb = {
  readonly say: string;
  readonly detail?: string;
  readonly operand?: { readonly name: string; readonly say: string };
  readonly options?: readonly CommandOption[];
  readonly example: Example;
  readonly act: (call: Call) => RepAct;
};

const NOTE: CommandOption = { name: 'note', say: 'a note to it', takes: { kind: 'text', name: 'TEXT' } };
const UNTIL: CommandOption = { name: 'until', say: 'a day or an instant', takes: { kind: 'text', name: 'DATE' } };
const note = (call: Call): string | null => text(call, 'note') ?? null;

const oneOf = <T extends string>(call: Call, name: string, of: readonly T[]): T => {
  const value = of.find((one) => one === text(call, name));
  if (value === undefined) throw new UsageError('missing-option', `Say --${name}: one of ${of.join(', ')}.`);
  return value;
};

const VERBS: { readonly [verb: string]: Verb } = {
  claim: {
    say: 'claim a handoff from its queue',
    example: { run: 'baton claim 512 --as ada@company.example', say: 'hers at once; it costs no turn' },
    act: () => ({ do: 'claim' }),
  },
  log: {
    say: 'log that a contact was tried or reached',
    detail: 'It stops the response clock, unless nobody was reached (bounced, wrong-number).',
    options: [
      { name: 'channel', say: 'how', takes: { kind: 'choice', of: CONTACT_CHANNELS } },
      { name: 'outcome', say: 'what came of it', takes: { kind: 'choice', of: CONTACT_OUTCOMES } },
      { name: 'at', say: 'when it was (now)', takes: { kind: 'text', name: 'INSTANT' } },
      {
        name: 'next',
        say: 'what comes next, as a task: call, email, meeting ...',
        takes: { kind: 'text', name: 'TYPE' },
      },
      { name: 'next-due', say: 'by when', takes: { kind: 'text', name: 'DATE' } },
      { name: 'next-title', say: 'what it is called', takes: { kind: 'text', name: 'TEXT' } },
      NOTE,
    ],
    example: {
      run: 'baton log 512 --as ada@company.example --channel call --outcome connected --next email --next-due 2027-03-01',
      say: 'a call, and what was agreed',
    },
    act: (call) => {
      const dueAt = instantOf(call, 'next-due');
      const type = text(call, 'next');
      if ((dueAt === undefined) !== (type === undefined))
        throw new UsageError('missing-option', '--next and --next-due go together.');
      return {
        do: 'log-contact',
        channel: oneOf(call, 'channel', CONTACT_CHANNELS),
        outcome: oneOf(call, 'outcome', CONTACT_OUTCOMES),
        note: note(call),
        at: instantOf(call, 'at') ?? Date.now(),
        ...(dueAt === undefined || type === undefined
          ? {}
          : { next: { type, title: text(call, 'next-title') ?? null, dueAt } }),
      };
    },
  },
  reject: {
    say: 'reject a handoff with a reason of the policy',
    operand: { name: 'REASON', say: 'one of the policy’s feedback: reject' },
    options: [NOTE],
    example: { run: 'baton reject 512 bad-fit --as ada@company.example', say: 'marketing sees it' },
    act: (call) => ({ do: 'reject', reason: operand(call, 1), detail: note(call) }),
  },
  park: {
    say: 'bad timing: put a handoff off until a date; it returns by itself',
    options: [UNTIL, NOTE],
    example: { run: 'baton park 512 --until 2027-03-01 --as ada@company.example', say: 'back on that day, as new' },
    act: (call) => {
      const until = instantOf(call, 'until');
      if (until === undefined) throw new UsageError('missing-option', 'Say until when: --until 2027-03-01.');
      return { do: 'park', until, note: note(call) };
    },
  },
  'hand-back': {
    say: 'hand a handoff back: the next in turn gets it',
    operand: { name: 'REASON', say: 'why' },
    example: { run: 'baton hand-back 512 busy --as ada@company.example', say: 'the customer’s clock runs on' },
    act: (call) => ({ do: 'hand-back', reason: operand(call, 1) }),
  },
  status: {
    say: 'set the lead status by hand',
    operand: { name: 'STATUS', say: 'one of the eight, or one of the policy’s own' },
    options: [
      { name: 'reason', say: 'where the status asks for one', takes: { kind: 'text', name: 'REASON' } },
      { ...UNTIL, say: 'where the status asks for a date' },
    ],
    example: { run: 'baton status 512 in-progress --as ada@company.example', say: 'kept with who and when' },
    act: (call) => ({
      do: 'set-status',
      status: operand(call, 1),
      reason: text(call, 'reason') ?? null,
      until: instantOf(call, 'until') ?? null,
    }),
  },
};

const HANDOFF = { name: 'HANDOFF', say: 'its number, as "handoffs" shows it', required: true } as const;
const handoffOf = (call: Call): number => numbered('HANDOFF', 'handoffs', operand(call, 0));

const commandOf = (name: string, verb: Verb): Command => ({
  path: [name],
  say: verb.say,
  ...(verb.detail === undefined ? {} : { detail: verb.detail }),
  operands: [HANDOFF, ...(verb.operand === undefined ? [] : [{ ...verb.operand, required: true }])],
  options: [...(verb.options ?? []), ...WHO_ACTS],
  examples: [verb.example],
  run: (call) => {
    const handoffId = handoffOf(call);
    const act = verb.act(call);
    return runAct(call, {}, ({ acts, by }) => acts.act({ handoffId }, { kind: 'rep-acted', by, act }));
  },
});

const accept: Command = {
  path: ['accept'],
  say: 'accept a handoff for the rep who was offered it, or claim one from its queue',
  operands: [HANDOFF],
  options: WHO_ACTS,
  examples: [{ run: 'baton accept 512 --as ada@company.example', say: 'stage SQL, status new, first task' }],
  run: (call) => {
    const handoffId = handoffOf(call);
    return runAct(call, {}, ({ acts, by }) =>
      acts.act({ handoffId }, { kind: 'rep-acted', by, act: { do: 'accept' } }),
    );
  },
};

const passOn: Command = {
  path: ['pass-on'],
  say: 'pass a handoff on inside sales, e.g. from who qualifies to who closes',
  operands: [HANDOFF],
  options: [
    { name: 'leg', say: 'which leg of the policy (its first)', takes: { kind: 'text', name: 'LEG' } },
    { name: 'to', say: 'to whom (as the leg says)', takes: { kind: 'text', name: 'EMAIL' } },
    NOTE,
    ...WHO_ACTS,
  ],
  examples: [{ run: 'baton pass-on 512 --as ada@company.example', say: 'a second leg, with clocks of its own' }],
  run: (call) => {
    const handoffId = handoffOf(call);
    return runAct(call, {}, async ({ acts, by, pool }) => {
      const named = text(call, 'to');
      const to = named === undefined ? null : await repOf(pool, named);
      const act = { do: 'pass-on', leg: text(call, 'leg') ?? null, to, note: note(call) } as const;
      return acts.act({ handoffId }, { kind: 'rep-acted', by, act });
    });
  },
};

const assign: Command = {
  path: ['assign'],
  say: 'give a handoff to a rep by hand',
  operands: [HANDOFF, { name: 'EMAIL', say: 'the rep who gets it', required: true }],
  options: [{ name: 'charge', say: 'it counts as a turn of their team (it costs none)' }, ...WHO_ACTS],
  examples: [{ run: 'baton assign 512 bo@company.example --by "Mia Meyer"', say: 'the customer’s clock runs on' }],
  run: (call) => {
    const handoffId = handoffOf(call);
    return runAct(call, {}, async ({ acts, by, pool }) => {
      const to = await repOf(pool, operand(call, 1));
      const charge = flag(call, 'charge') ? { charge: 'team' as const } : {};
      return acts.act({ handoffId }, { kind: 'manager-acted', by, act: { do: 'assign', to, ...charge } });
    });
  },
};

const undo: Command = {
  path: ['undo'],
  say: 'take back what was done with a handoff less than ten seconds ago',
  detail: 'Only whoever did it can, and only while nothing else came after it. From then on a new entry corrects it.',
  operands: [HANDOFF],
  options: WHO_ACTS,
  examples: [
    { run: 'baton undo 512 --as ada@company.example', say: 'as if it had not been; both stay in the history' },
  ],
  run: (call) => {
    const handoffId = handoffOf(call);
    return runAct(call, {}, async ({ acts, by, pool }) => {
      const { rows } = await pool.query<{ contact_id: number }>('select contact_id from handoff where id = $1', [
        handoffId,
      ]);
      const contactId = rows[0]?.contact_id;
      return contactId === undefined ? { kind: 'not-found' } : makeUndoAct(acts)(contactId, by);
    });
  },
};

/** What people do with a handoff. */
export const handoffActCommands: readonly Command[] = [
  accept,
  ...Object.entries(VERBS).map(([name, verb]) => commandOf(name, verb)),
  passOn,
  assign,
  undo,
];
