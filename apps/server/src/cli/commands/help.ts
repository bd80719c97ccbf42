import { type Command, EXIT, flag, UsageError } from '../command.ts';
import { commandHelp, commandReference, overviewHelp } from '../help.ts';

/** `baton help`, and docs/cli.md with `--markdown`. The table passes itself in. */
export const helpCommand = (commands: () => readonly Command[]): Command => ({
  path: ['help'],
  say: 'show the commands, or tell about one',
  operands: [{ name: 'COMMAND', say: 'the command, e.g. import or policy check', required: false, many: true }],
  options: [{ name: 'markdown', say: 'print the whole reference (docs/cli.md)' }],
  examples: [
    { run: 'baton help policy sign', say: 'the same as baton policy sign --help' },
    { run: 'baton help --markdown > docs/cli.md', say: 'after the commands changed' },
  ],
  run: async (call) => {
    const { operands, terminal, json } = call;
    if (json) {
      terminal.out(
        JSON.stringify(
          commands().map(({ path, say, operands: of, options }) => ({ path, say, operands: of, options })),
        ),
      );
    } else if (flag(call, 'markdown')) {
      terminal.out(commandReference(commands()).trimEnd());
    } else if (operands.length === 0) {
      terminal.out(overviewHelp(commands(), null));
    } else {
      const found = commands().find((each) => each.path.join(' ') === operands.join(' '));
      if (found !== undefined) terminal.out(commandHelp(found));
      else if (commands().some((each) => each.path[0] === operands[0])) {
        terminal.out(overviewHelp(commands(), operands[0] ?? null));
      } else throw new UsageError('unknown-command', `There is no command "${operands.join(' ')}".`);
    }
    return EXIT.ok;
  },
});
