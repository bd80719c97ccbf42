import type { HandoffDetail, ShownFact, ShownTouch } from '@baton/contract/handoffs.ts';
import { fullText, whenText } from '../../time/dateText.ts';
import { useNow } from '../../time/now.ts';
import { sentenceCase } from '../rowText.ts';
import { valueText } from './criteriaRows.ts';
import { Section } from './Section.tsx';

/** What a rep looks for first; everything else follows in the order of its name. */
const FIRST = [
  'contact.phone',
  'contact.email',
  'contact.title',
  'company.name',
  'company.employees',
  'company.industry',
];

/** The heading says these. */
const SAID: ReadonlySet<string> = new Set(['contact.name', 'contact.first-name', 'contact.last-name']);

const rank = (path: string): number => {
  const at = FIRST.indexOf(path);
  return at < 0 ? FIRST.length : at;
};

const nameOf = (path: string): string => sentenceCase(path.slice(path.indexOf('.') + 1));

const Fact = ({ name, value, from, at }: { name: string; value: string; from: string; at: number | null }) => {
  const now = useNow();
  return (
    <div className="fact-grid border-b border-hair py-1.5">
      <dt className="text-meta leading-5 text-text3">{name}</dt>
      <dd className="min-w-0 text-dense wrap-anywhere">
        {value}
        <span className="block text-meta text-text3" title={at === null ? undefined : fullText(at)}>
          {[from, at === null ? '' : whenText(at, now)].filter((part) => part !== '').join(', ')}
        </span>
      </dd>
    </div>
  );
};

const touchText = (touch: ShownTouch): string =>
  [sentenceCase(touch.detail ?? touch.source), touch.campaign, touch.landingPage, touch.form]
    .filter((part) => part !== null && part !== '')
    .join(', ');

const Group = ({ facts, title }: { facts: readonly ShownFact[]; title: string | null }) =>
  facts.length === 0 ? null : (
    <>
      {title === null ? null : <h4 className="mt-5 text-meta font-semibold text-text2">{title}</h4>}
      <dl className="mt-1">
        {facts
          .toSorted((a, b) => rank(a.path) - rank(b.path) || a.path.localeCompare(b.path))
          .map((fact) => (
            <Fact
              key={fact.path}
              name={nameOf(fact.path)}
              value={valueText(fact.value)}
              from={fact.source ?? ''}
              at={fact.at === null ? null : Date.parse(fact.at)}
            />
          ))}
      </dl>
    </>
  );

/** What is known of contact and company, each with who said so and when. */
export const Facts = ({ detail }: { detail: HandoffDetail }) => {
  const { facts, firstTouch, latestTouch } = detail;
  return (
    <Section title="Facts" id="facts">
      {facts.length === 0 ? (
        <p className="mt-1 text-dense text-text2">Nothing is known besides what they did.</p>
      ) : null}
      <Group facts={facts.filter((fact) => fact.of === 'contact' && !SAID.has(fact.path))} title={null} />
      <Group facts={facts.filter((fact) => fact.of === 'company')} title="Company" />
      {firstTouch === null ? null : (
        <>
          <h4 className="mt-5 text-meta font-semibold text-text2">Came by</h4>
          <dl className="mt-1">
            <Fact name="First" value={touchText(firstTouch)} from="" at={Date.parse(firstTouch.at)} />
            {latestTouch === null || latestTouch.at === firstTouch.at ? null : (
              <Fact name="Latest" value={touchText(latestTouch)} from="" at={Date.parse(latestTouch.at)} />
            )}
          </dl>
        </>
      )}
    </Section>
  );
};
