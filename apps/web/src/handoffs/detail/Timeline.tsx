import type { HandoffDetail, TimelineEntry } from '@baton/contract/handoffs.ts';
import { dayKey, dayText, fullText, timeText } from '../../time/dateText.ts';
import { useNow } from '../../time/now.ts';
import { upperFirst } from '../rowText.ts';
import { Section } from './Section.tsx';

/** Whose act it was: plum for the contact and marketing, teal for sales, grey for the machine and its timers. */
const inkOf = (entry: TimelineEntry): string => {
  if (entry.by === 'contact' || entry.by === 'marketing' || entry.kind === 'qualified') return 'bg-mkt';
  if (entry.by === 'timer' || entry.by === 'import') return 'bg-line2';
  return 'bg-sales';
};

type Line = {
  readonly key: string;
  readonly at: number;
  readonly say: string;
  readonly ink: string;
  readonly by: string | null;
};

const DUE_SAY = {
  accept: 'Accept clock ends',
  response: 'Promise ends: first contact',
  'next-step': 'Next step is owed',
  outcome: 'Outcome is owed',
  return: 'Comes back to its owner',
  close: 'The deal is to close',
} as const;

/** Newest first, with what the clocks will do next on top as hollow dots. */
export const Timeline = ({ detail }: { detail: HandoffDetail }) => {
  const now = useNow();
  const ahead: Line[] = detail.clocks
    .filter((clock) => clock.how === null && Date.parse(clock.dueAt) > now)
    .map((clock) => ({
      key: `due-${clock.kind}`,
      at: Date.parse(clock.dueAt),
      say: DUE_SAY[clock.kind],
      ink: 'border border-line2',
      by: null,
    }));
  const past: Line[] = detail.timeline.map((entry, index) => ({
    key: `${entry.at}-${index}`,
    at: Date.parse(entry.at),
    say: entry.say,
    ink: inkOf(entry),
    by: entry.byName,
  }));
  const lines = [...ahead.sort((a, b) => b.at - a.at), ...past];
  return (
    <Section title="Timeline" id="timeline">
      <ol className="mt-1.5">
        {lines.map((line, index) => {
          const before = lines[index - 1];
          const newDay = before === undefined ? dayKey(line.at) !== dayKey(now) : dayKey(before.at) !== dayKey(line.at);
          const isAhead = line.at > now;
          return (
            <li key={line.key}>
              {newDay ? (
                <p className="timeline-grid pt-2 pb-0.5 text-meta font-medium text-text3">
                  <span className="col-span-3">{dayText(line.at, now)}</span>
                </p>
              ) : null}
              <div className="timeline-grid">
                <time
                  dateTime={new Date(line.at).toISOString()}
                  title={fullText(line.at)}
                  className="text-right text-dense text-text3"
                >
                  {timeText(line.at)}
                </time>
                <span className="timeline-thread" aria-hidden="true">
                  <span className={`size-1.75 rounded-round ${line.ink}`} />
                </span>
                <p className={`pb-2 text-dense wrap-anywhere ${isAhead ? 'text-text2' : ''}`}>
                  {upperFirst(line.say)}
                  {line.by === null ? null : <span className="block text-meta text-text3">{line.by}</span>}
                </p>
              </div>
            </li>
          );
        })}
      </ol>
    </Section>
  );
};
