import { Refusal } from '../database/refusal.ts';
import { type Command, CommandFailure, EXIT, type ExitCode, UsageError } from './command.ts';
import { commandHelp, overviewHelp } from './help.ts';
import { parseCall } from './parseCall.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs one call of `baton` and answers its exit code. Nothing is thrown: a call that can't be understood is 2, one that
 * could not be done is 1, each with a code (JSON on stderr under `--json`) and a sentence; a bug of ours is 1 with
 * code `internal` and its stack on stderr.
 */
export const runCommand = async (
  words: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
  version: string,
): Promise<ExitCode> => {
  const json = words.includes('--json');
  try {
    const asked = parseCall(words, commands);
    switch (asked.kind) {
      case 'version':
        terminal.out(json ? JSON.stringify({ version }) : version);
        return EXIT.ok;
      case 'help':
        terminal.out(asked.command === null ? overviewHelp(commands, asked.group) : commandHelp(asked.command));
        return EXIT.ok;
      case 'run':
        return await asked.command.run({ operands: asked.operands, options: asked.options, terminal, json });
    }
  } catch (error) {
    return tell(error, json, terminal);
  }
};

const tell = (error: unknown, json: boolean, terminal: Terminal): ExitCode => {
  const known = error instanceof UsageError || error instanceof CommandFailure || error instanceof Refusal;
  const code = known ? error.code : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  if (json) terminal.note(JSON.stringify({ error: { code, message } }));
  else terminal.note(known ? `baton: ${message}` : `baton: ${error instanceof Error ? error.stack : message}`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failure;
};
