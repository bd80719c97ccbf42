import { loadLegs } from '../../insight/legs.ts';
import { type Command, EXIT } from '../command.ts';
import { withDatabase } from '../session.ts';
import { shownShare, shownSpan } from '../shown.ts';
import { table } from '../table.ts';

export const reportLegsCommand: Command = {
  path: ['report', 'legs'],
  say: 'how both legs of leads that were passed on inside sales kept their promise of contact',
  detail: 'The funnel counts the first leg. Here each leg has its own clock: from its begin to its own contact.',
  operands: [],
  options: [],
  examples: [{ run: 'baton report legs', say: 'first and second leg apart' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const legs = await loadLegs(pool);
      if (call.json) {
        call.terminal.out(JSON.stringify({ legs }));
        return EXIT.ok;
      }
      if (legs.length === 0) {
        call.terminal.note('No lead was passed on yet.');
        return EXIT.ok;
      }
      call.terminal.out(
        table(
          ['leg', 'handoffs', 'contacted', 'in time', 'half of them within'],
          legs.map(({ leg, handoffs, contacted, kept, medianMs }) => [
            leg,
            handoffs,
            contacted,
            shownShare(kept, contacted),
            shownSpan(medianMs),
          ]),
        ),
      );
      return EXIT.ok;
    }),
};
