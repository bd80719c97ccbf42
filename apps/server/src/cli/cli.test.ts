import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Call, type Command, EXIT, text, UsageError } from './command.ts';
import { COMMANDS } from './commandTable.ts';
import { completionScript, SHELLS } from './completions.ts';
import { commandHelp, commandReference } from './help.ts';
import { parseCall } from './parseCall.ts';
import { runCommand } from './runCommand.ts';
import { table } from './table.ts';
import { makeTerminal } from './terminal.ts';

const sample = (run: (call: Call) => Promise<0 | 1 | 2 | 3> = async () => EXIT.ok): Command => ({
  path: ['policy', 'check'],
  say: 'check a policy',
  operands: [{ name: 'FILE', say: 'the policy', required: true }],
  options: [
    { name: 'as', say: 'how', takes: { kind: 'choice', of: ['history', 'list'] } },
    { name: 'count', say: 'how many', takes: { kind: 'number', name: 'N', min: 1 } },
    { name: 'dry-run', short: 'n', say: 'nothing is written' },
  ],
  examples: [{ run: 'baton policy check p.yaml', say: 'one' }],
  run,
});

const runIt = async (words: readonly string[], commands: readonly Command[] = [sample()]) => {
  let out = '';
  let notes = '';
  const terminal = makeTerminal({ write: (each) => (out += each) }, { write: (each) => (notes += each) });
  const code = await runCommand(words, commands, terminal, '1.2.3');
  return { code, out, notes };
};

describe('words become a call', () => {
  test('operands and options in any order, "--" ending the options', async () => {
    let seen: Call | undefined;
    const command = sample(async (call) => {
      seen = call;
      return EXIT.findings;
    });
    expect((await runIt(['policy', 'check', '-n', '--as=list', 'p.yaml', '--json'], [command])).code).toBe(3);
    expect(seen?.operands).toEqual(['p.yaml']);
    expect([...(seen?.options ?? [])]).toEqual([
      ['dry-run', ['']],
      ['as', ['list']],
      ['json', ['']],
    ]);
    expect(seen === undefined ? null : text(seen, 'as')).toBe('list');
    expect((await runIt(['policy', 'check', '--', '--odd-name'], [command])).code).toBe(3);
    expect(seen?.operands).toEqual(['--odd-name']);
  });

  test.each([
    [['polcy', 'check'], /no command "polcy".*Did you mean "policy"/],
    [['policy', 'chek', 'x'], /no command "policy chek".*Did you mean "policy check"/],
    [['policy', 'check', 'x', '--dryrun'], /no option --dryrun.*--dry-run/],
    [['policy', 'check'], /needs FILE.* Usage: baton policy check FILE/],
    [['policy', 'check', 'x', '--reason', 'y'], /no option --reason\. Usage: baton policy check FILE/],
    [['policy', 'check', 'a', 'b'], /doesn't know what to do with "b"/],
    [['policy', 'check', 'a', '--as', 'lst'], /can't be "lst".*Did you mean list/],
    [['policy', 'check', 'a', '--as'], /needs a value/],
    [['policy', 'check', 'a', '--count', '0'], /whole number of at least 1/],
    [['policy', 'check', 'a', '--dry-run=yes'], /takes no value/],
    [['policy', 'check', 'a', '--as', 'list', '--as', 'list'], /may be given once/],
  ])('%j is refused with exit code 2 and the way out', async (words, message) => {
    const { code, out, notes } = await runIt(words);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(notes).toMatch(message);
  });

  test('under --json an error is one JSON object on stderr with its code', async () => {
    const { notes } = await runIt(['policy', 'check', '--json']);
    expect(JSON.parse(notes)).toMatchObject({ error: { code: 'missing-operand' } });
  });

  test('a bug of ours ends with 1 and its stack, not with a usage message', async () => {
    const { code, notes } = await runIt(['policy', 'check', 'x'], [sample(() => Promise.reject(new TypeError('odd')))]);
    expect(code).toBe(1);
    expect(notes).toMatch(/TypeError: odd\n\s+at /);
  });
});

describe('the command table', () => {
  const names = COMMANDS.map((each) => each.path.join(' '));
  test('names every command once, with words a shell needs not quote', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z-]+( [a-z-]+)?$/);
  });

  test.each(COMMANDS.map((each) => [each.path.join(' '), each] as const))(
    '%s has help, and examples that parse',
    async (_, command) => {
      const { code, out } = await runIt([...command.path, '--help'], COMMANDS);
      expect(code).toBe(0);
      expect(out).toContain(command.say);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const { run } of command.examples) {
        const call = /\bbaton (.*?)(?:\)"$| \|| +>|$)/.exec(run)?.[1] ?? '';
        const words = [...call.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
        const asked = parseCall(words, COMMANDS);
        expect(asked.kind, run).toBe('run');
        if (asked.kind === 'run') expect(asked.command.path, run).toEqual(command.path);
      }
    },
  );

  test('docs/cli.md tells what the table tells', () => {
    const file = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');
    expect(file, 'run: ./baton help --markdown > docs/cli.md').toBe(commandReference(COMMANDS));
  });

  test('every usage mistake carries a stable code', () => {
    expect(() => parseCall(['nothing-like-it'], COMMANDS)).toThrow(UsageError);
  });
});

describe('completions', () => {
  test.each(SHELLS)('%s knows every command and option', (shell) => {
    const script = completionScript(shell, COMMANDS);
    for (const command of COMMANDS) for (const word of command.path) expect(script).toContain(word);
    for (const option of COMMANDS.flatMap((each) => each.options)) expect(script).toContain(option.name);
  });

  test('the bash script completes a word', () => {
    const script = completionScript('bash', COMMANDS);
    const found = spawnSync('bash', [
      '-c',
      `${script}\nCOMP_WORDS=(baton team l); COMP_CWORD=2; _baton; echo "\${COMPREPLY[@]}"`,
    ]);
    expect(found.stdout.toString().trim()).toBe('list');
  });
});

test('a table stands in columns and lets no control character out', () => {
  expect(
    table(
      ['name', 'n'],
      [
        ['a\u001b[2Jb', 1],
        ['c', 22],
      ],
    ),
  ).toBe('name     n\n------  --\na [2Jb   1\nc       22');
});

test('help wraps nothing away', () => {
  expect(commandHelp(sample())).toContain('-n, --dry-run');
});
