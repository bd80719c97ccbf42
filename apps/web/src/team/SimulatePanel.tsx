import { upperFirst } from '../handoffs/rowText.ts';
import type { Member, Turns } from './members.ts';
import { Panel } from './Panel.tsx';

type Props = { readonly turns: Turns; readonly members: readonly Member[]; readonly intent: string };

const NOBODY = 'Nobody';

/** The next leads played on a copy: who gets how many as a picture, and each of them with its reason as a table. */
export const SimulatePanel = ({ turns, members, intent }: Props) => {
  const { next } = turns;
  const countOf = (repId: number | null): number => next.filter((one) => one.repId === repId).length;
  const nobody = countOf(null);
  const out = new Set(next[0]?.excluded.map((one) => one.repId));
  const total = members.reduce((sum, one) => sum + (out.has(one.rep.id) ? 0 : one.weightNow), 0);
  const rows = [
    ...members.map(({ rep, weightNow, availability }) => ({
      key: rep.id,
      name: rep.name,
      got: countOf(rep.id),
      promised: out.has(rep.id) ? null : ((weightNow * next.length) / total).toFixed(1),
      say: out.has(rep.id) ? availability.say : null,
    })),
    ...(nobody === 0 ? [] : [{ key: 0, name: NOBODY, got: nobody, promised: null, say: null }]),
  ];
  const most = Math.max(1, ...rows.map((one) => one.got));
  const nameOf = new Map(members.map(({ rep }) => [rep.id, rep.name.split(' ')[0]]));
  return (
    <Panel
      title={`Simulate the next ${next.length} leads`}
      say={`${upperFirst(intent)} intent, as if all came now and nobody declined. Nothing is assigned, no credit moves.`}
      back="[data-simulate]"
    >
      <ul aria-label="Leads by rep">
        {rows.map(({ key, name, got, promised, say }) => (
          <li key={key} className="played-grid py-1 text-dense">
            <span className="truncate">{name}</span>
            {say === null ? (
              <Played got={got} most={most} />
            ) : (
              <span className="text-meta text-text3">{say}, nothing accrues</span>
            )}
            <span className="text-right">
              <span className="font-semibold">{got}</span>
              {promised === null ? null : <span className="text-text2"> of {promised}</span>}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-meta text-text3">
        The second number is what the weights promise those who can take one now.
      </p>
      <table className="mt-4 w-full border-t border-line text-left text-dense">
        <caption className="sr-only">Each of the next {next.length} leads</caption>
        <thead className="text-meta text-text3">
          <tr>
            <th scope="col" className="py-1.5 pr-3 font-normal">
              Lead
            </th>
            <th scope="col" className="pr-3 font-normal">
              To
            </th>
            <th scope="col" className="font-normal">
              Why, and who is skipped
            </th>
          </tr>
        </thead>
        <tbody>
          {next.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the leads of a play have no other name than their place
            <tr key={index} className="border-t border-hair align-top">
              <td className="py-1.5 pr-3 text-text2">{index + 1}</td>
              <td className="py-1.5 pr-3 font-medium">{one.name ?? NOBODY}</td>
              <td className="py-1.5 text-text2">
                {upperFirst(one.say)}
                {one.excluded.length === 0 ? null : (
                  <span className="block text-meta">
                    Skipped:{' '}
                    {one.excluded.map(({ repId, code }) => `${nameOf.get(repId) ?? repId} (${code})`).join(', ')}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
};

/** As many pieces as leads, to one scale for all. */
const Played = ({ got, most }: { readonly got: number; readonly most: number }) => (
  <svg viewBox={`0 0 ${most * 10} 8`} className="h-2 w-full" preserveAspectRatio="none" aria-hidden="true">
    {Array.from({ length: got }, (_, index) => index * 10).map((x) => (
      <rect key={x} x={x} y="0" width="9" height="8" className="fill-sales-mid" />
    ))}
  </svg>
);
