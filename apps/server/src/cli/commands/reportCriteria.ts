import { makePolicyLoader } from '../../agreement/activePolicy.ts';
import { loadCriteria } from '../../insight/criteria.ts';
import { type Command, CommandFailure, EXIT, text } from '../command.ts';
import { withDatabase } from '../session.ts';
import { shownShare } from '../shown.ts';
import { table } from '../table.ts';

export const reportCriteriaCommand: Command = {
  path: ['report', 'criteria'],
  say: 'how often each criterion of the policy is met among those who became customers and those who did not',
  detail:
    'Every contact is judged by the policy in force, now. Lift compares the share of customers among those who meet a\n' +
    'criterion with the share among everybody: 150 % is half again as likely.',
  operands: [],
  options: [
    {
      name: 'outcome',
      say: 'the fact that says who became one (else: a won deal)',
      takes: { kind: 'text', name: 'FACT' },
    },
  ],
  examples: [
    { run: 'baton report criteria', say: 'by won deals' },
    { run: 'baton report criteria --outcome contact.converted --json', say: 'by a fact of an import' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const active = await makePolicyLoader().loadActivePolicy(pool);
      if (active === null) throw new CommandFailure('no-policy', 'No policy is in force; publish one first.');
      const report = await loadCriteria(pool, active.compiled, Date.now(), text(call, 'outcome') ?? null);
      if (call.json) {
        call.terminal.out(JSON.stringify(report));
        return EXIT.ok;
      }
      const lost = report.leads - report.converted;
      call.terminal.note(
        `${report.leads} contacts, ${report.converted} became customers; ${report.mql} were handed off, ${report.convertedAmongMql} of them customers.`,
      );
      call.terminal.out(
        table(
          ['criterion', 'kind', 'customers', 'others', 'customers who meet it', 'others who meet it', 'lift'],
          report.criteria.map((row) => [
            row.say,
            row.kind,
            row.met.converted,
            row.met.notConverted,
            shownShare(row.met.converted, report.converted),
            shownShare(row.met.notConverted, lost),
            row.liftPercent === null ? '-' : `${row.liftPercent} %`,
          ]),
        ),
      );
      return EXIT.ok;
    }),
};
