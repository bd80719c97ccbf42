/**
 * One command of `baton`, as data: help, parsing, completions and docs/cli.md all read the same table.
 * node:util's parseArgs only cuts the words; the table is ours, because it is the table that four readers need and
 * a framework would keep it to itself.
 */
import type { Terminal } from './terminal.ts';

/** What a command exits with. `findings`: it did its work and found something that a person must look at. */
export const EXIT = { ok: 0, failure: 1, usage: 2, findings: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What an option takes: nothing, a text, a whole number, or one of a few words. */
export type CommandOption = {
  readonly name: string;
  readonly short?: string;
  readonly say: string;
  readonly takes?:
    | { readonly kind: 'text'; readonly name: string }
    | { readonly kind: 'number'; readonly name: string; readonly min: number }
    | { readonly kind: 'choice'; readonly of: readonly string[] };
  /** May be given several times. */
  readonly many?: boolean;
};

export type CommandOperand = {
  readonly name: string;
  readonly say: string;
  readonly required: boolean;
  readonly many?: boolean;
};

export type Call = {
  readonly operands: readonly string[];
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly terminal: Terminal;
  /** `--json`: one stable JSON value on stdout, notes on stderr. */
  readonly json: boolean;
};

export type Command = {
  /** The words that name it, e.g. `policy check`. */
  readonly path: readonly [string, ...string[]];
  readonly say: string;
  /** What else a reader of the help must know. */
  readonly detail?: string;
  readonly operands: readonly CommandOperand[];
  readonly options: readonly CommandOption[];
  readonly examples: readonly { readonly run: string; readonly say: string }[];
  readonly run: (call: Call) => Promise<ExitCode>;
};

/** The options that every command has. */
export const EVERYWHERE: readonly CommandOption[] = [
  { name: 'json', say: 'print one JSON value to stdout; notes stay on stderr' },
  { name: 'help', short: 'h', say: 'show this help' },
];

/** True where the flag was given. */
export const flag = (call: Call, name: string): boolean => call.options.has(name);

/** The last value of an option, or undefined. */
export const text = (call: Call, name: string): string | undefined => call.options.get(name)?.at(-1);

/** The last value of a number option, already checked by the parser. */
export const whole = (call: Call, name: string): number | undefined => {
  const value = text(call, name);
  return value === undefined ? undefined : Number(value);
};

/** The operand at `index`; the parser has checked that required ones are there. */
export const operand = (call: Call, index: number): string => call.operands[index] ?? '';

/** A call that can't be understood: exit code 2, with the way out in the message. */
export class UsageError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'UsageError';
    this.code = code;
  }
}

/** A command that was understood and could not be done: exit code 1 with a stable code. */
export class CommandFailure extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandFailure';
    this.code = code;
  }
}
