import type { HandoffDetail } from '@baton/contract/handoffs.ts';
import type { EvaluationTrace } from '@baton/contract/trace.ts';
import { whenText } from '../../time/dateText.ts';
import { useNow } from '../../time/now.ts';
import { ThresholdBar } from '../../ui/ThresholdBar.tsx';
import { upperFirst } from '../rowText.ts';
import { type CriterionRow, criteriaRows } from './criteriaRows.ts';
import { Section } from './Section.tsx';
import { VerdictMark } from './VerdictMark.tsx';

/** Evidence in words: the events that show it, newest first, else what the score is made of. */
const evidenceText = (row: CriterionRow, events: HandoffDetail['evidence'], now: number): string => {
  const seen = row.evidence
    .toSorted((a, b) => b.at - a.at)
    .slice(0, 3)
    .map(({ key, at }) => {
      const event = events[key];
      // Weekday and time stay on one line.
      const when = whenText(at, now).replace(' ', '\u00a0');
      return event === undefined ? when : `${event.detail ?? event.name}, ${when}`;
    });
  const more = row.evidence.length - seen.length;
  const events3 = more > 0 ? `${seen.join('; ')} and ${more} more` : seen.join('; ');
  return upperFirst(row.parts === '' ? events3 : row.parts);
};

type Props = { readonly evaluation: EvaluationTrace; readonly events: HandoffDetail['evidence']; readonly why: string };

/** Each criterion with what was seen, what it needs, and what shows it. */
export const WhyQualified = ({ evaluation, events, why }: Props) => {
  const now = useNow();
  const rows = criteriaRows(evaluation);
  return (
    <Section title="Why qualified" id="why-qualified">
      <p className="mt-1 max-w-text text-dense text-text2">{upperFirst(why)}</p>
      <table className="mt-2 block">
        <thead className="block">
          <tr className="criteria-grid border-b border-line pb-1.5 text-meta text-text3">
            <th className="col-span-2 text-left font-normal">Criterion</th>
            <th className="text-right font-normal">Value</th>
            <th className="text-right font-normal">Needs</th>
            <th className="criteria-more">
              <span className="sr-only">Scale</span>
            </th>
            <th className="criteria-more text-left font-normal">Evidence</th>
          </tr>
        </thead>
        <tbody className="block">
          {rows.map((row, index) => {
            const isSaid = row.parts !== '' && rows.slice(0, index).some((before) => before.parts === row.parts);
            const evidence = isSaid ? 'The same points' : evidenceText(row, events, now);
            return (
              <tr key={row.key} className="criteria-grid items-start border-b border-hair py-1.5 text-dense">
                <td className="flex h-5 items-center">
                  <VerdictMark verdict={row.verdict} />
                </td>
                <td className={`min-w-0 wrap-anywhere ${row.counted ? 'font-medium' : 'text-text2'}`}>
                  {upperFirst(row.say)}
                  <span className="criteria-less block text-meta text-text3">{evidence}</span>
                </td>
                <td className={`min-w-0 text-right wrap-anywhere ${row.counted ? 'font-semibold' : 'text-text2'}`}>
                  {row.value}
                </td>
                <td className="min-w-0 text-right wrap-anywhere text-text2">{row.needs}</td>
                <td className="criteria-more h-5 items-center">
                  {row.scale === null ? null : <ThresholdBar {...row.scale} met={row.verdict === 'met'} />}
                </td>
                <td className="criteria-more min-w-0 text-text2 wrap-anywhere">{evidence}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {evaluation.missing.length > 0 ? (
        <p className="mt-2 text-dense text-text2">
          <span className="font-medium text-warn">Not known:</span> {evaluation.missing.join(', ')}
        </p>
      ) : null}
    </Section>
  );
};
