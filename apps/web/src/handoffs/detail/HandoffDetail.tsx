import type { HandoffDetail as Detail } from '@baton/contract/handoffs.ts';
import { StatusGlyph } from '../../ui/StatusGlyph.tsx';
import { PendingDot } from '../acts/PendingDot.tsx';
import { contactName, ownerName, sentenceCase, statusLook, upperFirst } from '../rowText.ts';
import { ClockHead } from './ClockHead.tsx';
import { Facts } from './Facts.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { Otherwise } from './Otherwise.tsx';
import { RawTrace } from './RawTrace.tsx';
import { Section } from './Section.tsx';
import { Timeline } from './Timeline.tsx';
import { WhyOwner } from './WhyOwner.tsx';
import { WhyQualified } from './WhyQualified.tsx';

const person = ({ row }: Detail): string => {
  const size = row.company?.size;
  const people =
    size === null || size === undefined
      ? ''
      : /^\d+$/.test(size)
        ? `${Number(size).toLocaleString('en')} people`
        : size;
  const place = [row.company?.name, people]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' · ');
  return [row.contact.title, place].filter((part) => part !== null && part !== '').join(', ');
};

/** One handoff in full: the clock, the reasons, the facts, the timeline. One column in a pane, a desk of three in full. */
export const HandoffDetail = ({ detail }: { detail: Detail }) => {
  const { row, decision, policy } = detail;
  const status = statusLook(row);
  const trace = decision?.trace ?? null;
  return (
    <div className="desk">
      <div className="desk-head">
        <div className="min-w-0">
          <h2 className="text-title font-semibold wrap-anywhere">{contactName(row)}</h2>
          <p className="text-dense text-text2 wrap-anywhere">{person(detail)}</p>
          <p className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-0.5 text-dense">
            <span className="flex items-center gap-1.5">
              <StatusGlyph shape={status.shape} />
              {status.say}
              <PendingDot id={row.id} />
            </span>
            <span>{sentenceCase(row.intent)} intent</span>
            <span>{ownerName(row)}</span>
            <span>
              Policy{' '}
              <span className="font-medium">
                {policy.version === null ? policy.hash.slice(0, 8) : `v${policy.version}`}
              </span>
            </span>
            <span className="font-mono text-meta text-text2">H-{row.id}</span>
          </p>
          {row.closedReason === null ? null : (
            <p className="mt-1 text-dense text-text2">{upperFirst(row.closedReason)}</p>
          )}
        </div>
        <ClockHead detail={detail} />
      </div>
      <div className="desk-reasons">
        {trace?.evaluation ? (
          <WhyQualified evaluation={trace.evaluation} events={detail.evidence} why={row.why} />
        ) : (
          <Section title="Why qualified" id="why-qualified">
            <p className="mt-1 text-dense">{upperFirst(row.why)}</p>
          </Section>
        )}
        {detail.assignment ? (
          <WhyOwner
            assignment={detail.assignment}
            reps={detail.reps}
            owner={ownerName(row)}
            team={row.team}
            intent={row.intent}
          />
        ) : row.whyOwner === null ? null : (
          <Section title={`Why ${ownerName(row)}`} id="why-owner">
            <p className="mt-1 text-dense">{upperFirst(row.whyOwner)}</p>
          </Section>
        )}
        <Otherwise lines={trace?.otherwise ?? []} />
        <FirstSteps detail={detail} />
        <RawTrace detail={detail} />
      </div>
      <div className="desk-facts">
        <Facts detail={detail} />
      </div>
      <div className="desk-timeline">
        <Timeline detail={detail} />
      </div>
    </div>
  );
};
