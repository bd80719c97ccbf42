import type { Command } from './command.ts';
import { accountCommands } from './commands/account.ts';
import { channelCommands } from './commands/channels.ts';
import { completionsCommand } from './commands/completions.ts';
import { contactCommands } from './commands/contact.ts';
import { contactActCommands } from './commands/contactActs.ts';
import { deliveryCommands } from './commands/deliveries.ts';
import { demoCommand } from './commands/demo.ts';
import { evidenceCommands } from './commands/evidence.ts';
import { handoffActCommands } from './commands/handoffActs.ts';
import { handoffCommands } from './commands/handoffs.ts';
import { helpCommand } from './commands/help.ts';
import { importCommand } from './commands/import.ts';
import { keysCommands } from './commands/keys.ts';
import { leakCommands } from './commands/leaks.ts';
import { linkCommand } from './commands/link.ts';
import { nextCommands } from './commands/next.ts';
import { policyCommands } from './commands/policy.ts';
import { repCommands } from './commands/rep.ts';
import { repCalendarCommand } from './commands/repCalendar.ts';
import { reportCriteriaCommand } from './commands/reportCriteria.ts';
import { reportFunnelCommand } from './commands/reportFunnel.ts';
import { reportLegsCommand } from './commands/reportLegs.ts';
import { startCommand } from './commands/start.ts';
import { teamCommands } from './commands/team.ts';
import { templateCommands } from './commands/templates.ts';
import { territoryCommands } from './commands/territory.ts';
import { upkeepCommands } from './commands/upkeep.ts';
import { webhookCommands } from './commands/webhooks.ts';
import { workCommands } from './commands/work.ts';

/** Every command of `baton`, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  startCommand,
  demoCommand,
  linkCommand,
  ...accountCommands,
  importCommand,
  ...policyCommands,
  ...repCommands,
  repCalendarCommand,
  ...teamCommands,
  ...territoryCommands,
  ...nextCommands,
  ...keysCommands,
  ...handoffCommands,
  ...handoffActCommands,
  ...workCommands,
  ...contactActCommands,
  ...evidenceCommands,
  ...contactCommands,
  ...leakCommands,
  reportFunnelCommand,
  reportCriteriaCommand,
  reportLegsCommand,
  ...channelCommands,
  ...templateCommands,
  ...webhookCommands,
  ...deliveryCommands,
  ...upkeepCommands,
  completionsCommand(() => COMMANDS),
  helpCommand(() => COMMANDS),
];
