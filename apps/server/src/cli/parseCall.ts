import { parseArgs } from 'node:util';
import { nearest } from '@baton/domain/policy/nearest.ts';
import { type Command, type CommandOption, EVERYWHERE, UsageError } from './command.ts';
import { usageLine } from './help.ts';

/** What the words after `baton` ask for. `group`: a first word such as `policy` without its second one. */
export type Asked =
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly operands: readonly string[];
      readonly options: ReadonlyMap<string, readonly string[]>;
    }
  | { readonly kind: 'help'; readonly command: Command | null; readonly group: string | null }
  | { readonly kind: 'version' };

/**
 * Reads the words after `baton`. Throws UsageError (`unknown-command`, `unknown-option`, `missing-operand`,
 * `unexpected-operand`, `bad-option-value`) whose message names the nearest right word.
 */
export const parseCall = (words: readonly string[], commands: readonly Command[]): Asked => {
  const [first] = words;
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', command: null, group: null };
  if (first === '--version' || first === '-V') return { kind: 'version' };
  const command = findCommand(words, commands);
  if (command === null) {
    const groups = commands.filter((each) => each.path[0] === first && each.path.length > 1);
    const rest = words.slice(1).filter((word) => !word.startsWith('-'));
    if (groups.length > 0 && rest.length === 0) return { kind: 'help', command: null, group: first };
    throw unknownCommand(words, commands);
  }
  return parseWords(command, words.slice(command.path.length));
};

const findCommand = (words: readonly string[], commands: readonly Command[]): Command | null => {
  let found: Command | null = null;
  for (const command of commands) {
    if (command.path.every((word, index) => words[index] === word)) {
      if (found === null || command.path.length > found.path.length) found = command;
    }
  }
  return found;
};

const unknownCommand = (words: readonly string[], commands: readonly Command[]): UsageError => {
  const named = words.filter((word) => !word.startsWith('-'));
  const [first = words[0] ?? '', second] = named;
  const siblings = commands.filter((each) => each.path[0] === first && each.path[1] !== undefined);
  if (siblings.length > 0 && second !== undefined) {
    const guess = nearest(
      second,
      siblings.map((each) => each.path[1] ?? ''),
    );
    return new UsageError(
      'unknown-command',
      `There is no command "${first} ${second}".${guess ? ` Did you mean "${first} ${guess}"?` : ''} ` +
        `"baton ${first} --help" lists them.`,
    );
  }
  const guess = nearest(first, new Set(commands.map((each) => each.path[0])));
  return new UsageError(
    'unknown-command',
    `There is no command "${first}".${guess ? ` Did you mean "${guess}"?` : ''} "baton --help" lists them.`,
  );
};

const parseWords = (command: Command, words: readonly string[]): Asked => {
  const known = new Map([...command.options, ...EVERYWHERE].map((option) => [option.name, option]));
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      [...known.values()].map((option) => [
        option.name,
        {
          type: option.takes === undefined ? ('boolean' as const) : ('string' as const),
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ]),
    ),
  });
  const operands: string[] = [];
  const options = new Map<string, readonly string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known.get(token.name);
    if (option === undefined) {
      const guess = nearest(token.name, known.keys());
      throw new UsageError(
        'unknown-option',
        `"${command.path.join(' ')}" has no option ${token.rawName}.${guess ? ` Did you mean --${guess}?` : ''} ${usageOf(command)}`,
      );
    }
    const before = options.get(option.name);
    if (before !== undefined && option.takes !== undefined && option.many !== true) {
      throw new UsageError('bad-option-value', `--${option.name} may be given once.`);
    }
    options.set(option.name, [...(before ?? []), checkedValue(option, token.value)]);
  }
  if (options.has('help')) return { kind: 'help', command, group: null };
  checkOperands(command, operands);
  return { kind: 'run', command, operands, options };
};

/** How the command is written, for whoever wrote it otherwise. */
const usageOf = (command: Command): string => `Usage: ${usageLine(command)}`;

const checkedValue = (option: CommandOption, value: string | undefined): string => {
  const { takes } = option;
  if (takes === undefined) {
    if (value !== undefined) throw new UsageError('bad-option-value', `--${option.name} takes no value.`);
    return '';
  }
  const wants = takes.kind === 'choice' ? takes.of.join('|') : takes.name;
  if (value === undefined || value === '') {
    throw new UsageError('bad-option-value', `--${option.name} needs a value: --${option.name} ${wants}`);
  }
  if (takes.kind === 'choice' && !takes.of.includes(value)) {
    const guess = nearest(value, takes.of);
    throw new UsageError(
      'bad-option-value',
      `--${option.name} can't be "${value}": one of ${takes.of.join(', ')}.${guess ? ` Did you mean ${guess}?` : ''}`,
    );
  }
  if (takes.kind === 'number' && !(/^\d{1,15}$/.test(value) && Number(value) >= takes.min)) {
    throw new UsageError('bad-option-value', `--${option.name} needs a whole number of at least ${takes.min}.`);
  }
  return value;
};

const checkOperands = (command: Command, operands: readonly string[]): void => {
  const name = command.path.join(' ');
  for (const [index, wanted] of command.operands.entries()) {
    if (wanted.required && operands[index] === undefined) {
      throw new UsageError('missing-operand', `"${name}" needs ${wanted.name}: ${wanted.say}. ${usageOf(command)}`);
    }
  }
  const last = command.operands.at(-1);
  if (operands.length > command.operands.length && last?.many !== true) {
    throw new UsageError(
      'unexpected-operand',
      `"${name}" doesn't know what to do with "${operands[command.operands.length]}". "baton ${name} --help" tells more.`,
    );
  }
};
