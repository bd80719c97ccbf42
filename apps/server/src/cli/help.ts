import { type Command, type CommandOption, EVERYWHERE } from './command.ts';

const optionWord = (option: CommandOption): string => {
  const value =
    option.takes === undefined ? '' : option.takes.kind === 'choice' ? option.takes.of.join('|') : option.takes.name;
  return `${option.short === undefined ? '' : `-${option.short}, `}--${option.name}${value === '' ? '' : ` ${value}`}`;
};

/** `baton import FILE [options]`. */
export const usageLine = (command: Command): string => {
  const operands = command.operands.map((each) => {
    const name = each.many === true ? `${each.name}...` : each.name;
    return each.required ? name : `[${name}]`;
  });
  return ['baton', ...command.path, ...operands, '[options]'].join(' ');
};

const columns = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.min(34, Math.max(0, ...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) =>
    left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
  );
};

/** The help of one command, as lines without a trailing newline. */
export const commandHelp = (command: Command): string => {
  const lines = [command.say, '', `Usage: ${usageLine(command)}`];
  if (command.detail !== undefined) lines.push('', command.detail);
  if (command.operands.length > 0) {
    lines.push('', 'Operands:', ...columns(command.operands.map((each) => [each.name, each.say] as const)));
  }
  const options = [...command.options, ...EVERYWHERE];
  lines.push('', 'Options:', ...columns(options.map((option) => [optionWord(option), option.say] as const)));
  lines.push('', 'Examples:', ...command.examples.flatMap((each) => [`  ${each.run}`, `      ${each.say}`]));
  return lines.join('\n');
};

/** The list of all commands, or of one group such as `policy`. */
export const overviewHelp = (commands: readonly Command[], group: string | null): string => {
  const shown = group === null ? commands : commands.filter((each) => each.path[0] === group);
  return [
    group === null
      ? 'Baton takes the lead from marketing and does not let go until sales holds it.'
      : `The "${group}" commands of Baton.`,
    '',
    `Usage: baton ${group ?? 'COMMAND'}${group === null ? '' : ' COMMAND'} [operands] [options]`,
    '',
    'Commands:',
    ...columns(shown.map((each) => [each.path.join(' '), each.say] as const)),
    '',
    '"baton COMMAND --help" tells more of one. Data goes to stdout, notes to stderr.',
    'Exit codes: 0 ok, 1 failure, 2 usage, 3 findings.',
  ].join('\n');
};

/** docs/cli.md, made from the same table; a test holds the file against it. */
export const commandReference = (commands: readonly Command[]): string => {
  const parts = [
    '# The `baton` command',
    '',
    'Made from the command table in `apps/server/src/cli/` by `baton help --markdown`; a test keeps it true.',
    '',
    'Every command takes `--json` (one stable JSON value on stdout, notes on stderr) and `--help`.',
    'Exit codes: 0 ok, 1 failure, 2 usage, 3 findings.',
    'It speaks to the database of `DATABASE_URL`, or to the embedded one in `.baton/` (`BATON_DATA`), which it starts',
    'for as long as it needs it where no server is running.',
    '',
    '| command | what it does |',
    '|---|---|',
    ...commands.map((each) => `| [\`${each.path.join(' ')}\`](#${anchor(each)}) | ${each.say} |`),
  ];
  for (const command of commands) {
    parts.push('', `## baton ${command.path.join(' ')}`, '', '```text', commandHelp(command), '```');
  }
  return `${parts.join('\n')}\n`;
};

const anchor = (command: Command): string => `baton-${command.path.join('-')}`;
