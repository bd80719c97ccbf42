import type { AssignmentTrace } from '@baton/contract/trace.ts';
import { BalanceBar } from '../../ui/BalanceBar.tsx';
import { Initials } from '../../ui/Initials.tsx';
import { upperFirst } from '../rowText.ts';
import { creditRows, creditShare, creditText } from './credit.ts';
import { Section } from './Section.tsx';
import { VerdictMark } from './VerdictMark.tsx';

type Props = {
  readonly assignment: AssignmentTrace;
  readonly reps: Readonly<Record<string, string>>;
  readonly owner: string;
  readonly team: string | null;
  readonly intent: string;
};

/** Whose it is, why not the others: the ledger's balances as they stood, and everybody who was left out. */
export const WhyOwner = ({ assignment, reps, owner, team, intent }: Props) => {
  const { step, routes } = assignment;
  const rows = step === null ? [] : creditRows(step);
  return (
    <Section
      title={rows.length > 1 ? `Why ${owner}, and why not the others` : `Why ${owner}`}
      aside={
        step === null
          ? undefined
          : `${team === null ? '' : `${team}, `}${intent} intent · credit with this lead shared out`
      }
      id="why-owner"
    >
      <p className="mt-1 max-w-text text-dense text-text2">{upperFirst(assignment.say)}</p>
      {rows.length === 0 ? null : (
        <ul className="mt-2 border-t border-line">
          {rows.map((row) => {
            const name = reps[row.repId] ?? `Rep ${row.repId}`;
            const won = row.role === 'winner';
            return (
              <li key={row.repId} className="credit-grid border-b border-hair py-1.5 text-dense">
                <span className="flex min-w-0 items-center gap-2">
                  <Initials name={name} />
                  <span
                    className={`truncate ${won ? 'font-semibold' : row.role === 'eligible' ? 'font-medium' : 'text-text2'}`}
                  >
                    {name}
                  </span>
                </span>
                {row.balance === null ? <span /> : <BalanceBar share={creditShare(row.balance)} strong={won} />}
                <span className={`text-right ${won ? 'font-semibold' : 'text-text2'}`}>
                  {row.balance === null ? '' : creditText(row.balance)}
                </span>
                <span className={`credit-say ${won ? 'font-medium' : 'text-text2'}`}>{row.say}</span>
              </li>
            );
          })}
        </ul>
      )}
      {routes.length === 0 ? null : (
        <ol className="mt-3" aria-label="Routes in the order tried">
          {routes.map((route) => (
            <li key={route.routeId} className="route-grid py-0.5 text-dense text-text2">
              <VerdictMark verdict={route.verdict} />
              <span>
                {route.say === assignment.say ? 'This route' : upperFirst(route.say)}{' '}
                <span className="font-mono text-meta text-text3">{route.routeId}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
};
