import {
  checkPolicyFile,
  explainPolicyFile,
  type PolicyCommandOutcome,
  publishPolicyFile,
  signPolicyFile,
  testPolicyFile,
} from '../../agreement/policyCommands.ts';
import { channelSettings } from '../../channels/channelSettings.ts';
import { unsetChannels } from '../../channels/unsetChannels.ts';
import { readConfig } from '../../config.ts';
import { sayUnreadable } from '../../records/sayUnreadable.ts';
import {
  type Call,
  type Command,
  CommandFailure,
  EXIT,
  type ExitCode,
  flag,
  operand,
  text,
  UsageError,
} from '../command.ts';
import { withDatabase } from '../session.ts';

const FILE = { name: 'FILE', say: 'the policy, a YAML file', required: true } as const;

/** Data goes to stdout; what was refused goes to stderr with its code. */
const tell = (call: Call, outcome: PolicyCommandOutcome): ExitCode => {
  if (call.json) call.terminal.out(JSON.stringify(outcome.data));
  else if (outcome.exitCode === EXIT.failure) call.terminal.note(`baton: ${outcome.text}`);
  else call.terminal.out(outcome.text);
  return outcome.exitCode;
};

/** A file that can't be read is a failure with its name, not a bug. */
const reading = async (
  work: () => PolicyCommandOutcome | Promise<PolicyCommandOutcome>,
): Promise<PolicyCommandOutcome> => {
  try {
    return await work();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
      throw new CommandFailure('file-not-found', sayUnreadable(path ?? 'the file', error as NodeJS.ErrnoException), {
        cause: error,
      });
    }
    throw error;
  }
};

const check: Command = {
  path: ['policy', 'check'],
  say: 'say every mistake and doubt in a policy file, with its line and its mend',
  operands: [FILE],
  options: [],
  examples: [
    { run: 'baton policy check policies/fit-and-engagement.yaml', say: 'exit code 3 where it could not be signed' },
  ],
  run: async (call) => tell(call, await reading(() => checkPolicyFile(operand(call, 0)))),
};

const test: Command = {
  path: ['policy', 'test'],
  say: 'run the cases beside a policy: contacts, events, and what should come of them',
  operands: [FILE, { name: 'CASES', say: 'the cases (FILE without .yaml, with .cases.json)', required: false }],
  options: [],
  examples: [
    { run: 'baton policy test policies/product-led.yaml', say: 'exit code 3 where a case comes out otherwise' },
  ],
  run: async (call) => tell(call, await reading(() => testPolicyFile(operand(call, 0), ...call.operands.slice(1, 2)))),
};

const explain: Command = {
  path: ['policy', 'explain'],
  say: 'print the page of plain English that both teams sign',
  operands: [FILE],
  options: [{ name: 'markdown', say: 'as Markdown' }],
  examples: [{ run: 'baton policy explain policies/demo-request-only.yaml', say: 'what people read before they sign' }],
  run: async (call) =>
    tell(call, await reading(() => explainPolicyFile(operand(call, 0), flag(call, 'markdown') ? 'markdown' : 'text'))),
};

const personOf = (call: Call): string => {
  const person = text(call, 'as');
  if (person === undefined) throw new UsageError('missing-option', 'Say who you are: --as ada@company.example');
  return person;
};

const sign: Command = {
  path: ['policy', 'sign'],
  say: 'sign the content of a policy file for marketing or for sales',
  detail: 'What is signed is the hash of the content with its lists. Any edit voids the signatures of both teams.',
  operands: [FILE],
  options: [
    { name: 'team', say: 'for which team', takes: { kind: 'choice', of: ['marketing', 'sales'] } },
    { name: 'as', say: 'who signs', takes: { kind: 'text', name: 'PERSON' } },
  ],
  examples: [
    { run: 'baton policy sign inbound.yaml --team sales --as ada@company.example', say: 'one of the two signatures' },
  ],
  run: (call) => {
    const team = text(call, 'team');
    if (team !== 'marketing' && team !== 'sales') {
      throw new UsageError('missing-option', 'Say for whom you sign: --team marketing or --team sales');
    }
    const person = personOf(call);
    return withDatabase(call.terminal, async ({ pool }) =>
      tell(call, await reading(() => signPolicyFile(pool, operand(call, 0), { team, person }))),
    );
  },
};

const publish: Command = {
  path: ['policy', 'publish'],
  say: 'put a signed policy into force, from now on',
  detail:
    'Needs the signatures of two different people, one of each team. Contacts who match already are not handed off.\n' +
    '--single-signer makes do with one, is kept in the audit and is shown on every screen.\n' +
    'Ways in notify that are not set up here are warned of: run it with the environment of the server.',
  operands: [FILE],
  options: [
    { name: 'as', say: 'who publishes', takes: { kind: 'text', name: 'PERSON' } },
    { name: 'single-signer', say: 'one signature is enough in this company' },
  ],
  examples: [{ run: 'baton policy publish inbound.yaml --as ada@company.example', say: 'after both have signed' }],
  run: (call) => {
    const by = personOf(call);
    const unset = unsetChannels(channelSettings(readConfig()));
    const mode = flag(call, 'single-signer') ? ('single-signer' as const) : ('two-key' as const);
    return withDatabase(call.terminal, async ({ pool }) =>
      tell(call, await reading(() => publishPolicyFile(pool, operand(call, 0), { by, mode }, unset))),
    );
  },
};

export const policyCommands: readonly Command[] = [check, test, explain, sign, publish];
