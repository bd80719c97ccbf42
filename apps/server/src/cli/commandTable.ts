import type { Command } from './command.ts';
import { completionsCommand } from './commands/completions.ts';
import { helpCommand } from './commands/help.ts';
import { teamCommands } from './commands/team.ts';

/** Every command of `baton`, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  ...teamCommands,
  completionsCommand(() => COMMANDS),
  helpCommand(() => COMMANDS),
];
