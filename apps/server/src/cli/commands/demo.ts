import { loadDemo } from '../../demo/loadDemo.ts';
import { removeDemo } from '../../demo/removeDemo.ts';
import { reevaluateDue } from '../../intake/reevaluate.ts';
import { type Command, CommandFailure, EXIT, flag } from '../command.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';

export const demoCommand: Command = {
  path: ['demo'],
  say: 'fill an empty company with a generated one, to look around in; --remove takes it away again',
  detail:
    'Nine reps in three time zones and their manager, two teams, a policy signed by two people and four weeks of contacts,\n' +
    'all of it invented. While a server runs, its people go on clicking and its reps go on calling. A second call adds\n' +
    'nothing twice.',
  operands: [],
  options: [{ name: 'remove', say: 'take away everything that the demo made, and nothing else' }],
  examples: [
    { run: 'baton demo', say: 'then "baton start" and look' },
    { run: 'baton demo --remove', say: 'the company is as it was before' },
  ],
  run: (call) =>
    withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ intake, acts, deciding }) => {
        if (flag(call, 'remove')) {
          const removed = await removeDemo({ pool, acts });
          if (call.json) call.terminal.out(JSON.stringify({ removed }));
          else if (removed === null) call.terminal.note('There is no demo here.');
          else {
            call.terminal.note(
              `The demo is gone: ${removed.people} people with ${removed.handoffs} handoffs.` +
                (removed.repsKept === 0
                  ? ''
                  : ` ${removed.repsKept} of its reps had leads of yours; they stay, switched off.`),
            );
          }
          return EXIT.ok;
        }
        const loaded = await loadDemo({
          pool,
          submit: intake.submit,
          acts,
          follow: () => reevaluateDue(deciding),
          now: Date.now,
        });
        if (!loaded.ok) throw new CommandFailure(loaded.error.code, loaded.error.say);
        const { people, events, handoffs, reps, already } = loaded.value;
        if (call.json) call.terminal.out(JSON.stringify(loaded.value));
        else {
          call.terminal.note(
            `${already ? 'The demo is there already' : 'The demo is loaded'}: ${people} people, ${events} events, ${handoffs} handoffs, ${reps} reps.`,
          );
          call.terminal.note(
            'Look with "baton start", "baton handoffs" or "baton report funnel"; "baton demo --remove" ends it.',
          );
        }
        return EXIT.ok;
      }),
    ),
};
