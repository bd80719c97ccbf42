import type { Command } from './command.ts';
import { completionsCommand } from './commands/completions.ts';
import { demoCommand } from './commands/demo.ts';
import { helpCommand } from './commands/help.ts';
import { importCommand } from './commands/import.ts';
import { keysCommands } from './commands/keys.ts';
import { linkCommand } from './commands/link.ts';
import { policyCommands } from './commands/policy.ts';
import { reportFunnelCommand } from './commands/reportFunnel.ts';
import { teamCommands } from './commands/team.ts';

/** Every command of `baton`, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  importCommand,
  demoCommand,
  ...policyCommands,
  reportFunnelCommand,
  ...teamCommands,
  ...keysCommands,
  linkCommand,
  completionsCommand(() => COMMANDS),
  helpCommand(() => COMMANDS),
];
