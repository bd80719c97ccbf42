import { type Command, EXIT, operand, UsageError } from '../command.ts';
import { completionScript, SHELLS } from '../completions.ts';

/** Completions need the whole table, of which they are a part: the table passes itself in. */
export const completionsCommand = (commands: () => readonly Command[]): Command => ({
  path: ['completions'],
  say: 'print the script that teaches your shell these commands',
  operands: [{ name: 'SHELL', say: SHELLS.join(', '), required: true }],
  options: [],
  examples: [
    { run: 'eval "$(baton completions bash)"', say: 'in ~/.bashrc' },
    { run: 'baton completions fish | source', say: 'in ~/.config/fish/config.fish' },
  ],
  run: async (call) => {
    const shell = SHELLS.find((each) => each === operand(call, 0));
    if (shell === undefined) throw new UsageError('bad-operand', `SHELL is one of ${SHELLS.join(', ')}.`);
    call.terminal.out(completionScript(shell, commands()));
    return EXIT.ok;
  },
});
