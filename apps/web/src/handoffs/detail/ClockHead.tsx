import type { Clock, HandoffDetail } from '@baton/contract/handoffs.ts';
import { lengthText } from '../../time/clockText.ts';
import { fullText, whenText } from '../../time/dateText.ts';
import { useNow } from '../../time/now.ts';
import { lookOfClock, TONE_CLASS } from '../clockLook.ts';
import { PromiseBar } from './PromiseBar.tsx';

const lengthOf = (clock: Clock): string => lengthText(Date.parse(clock.dueAt) - Date.parse(clock.startedAt));

/** The clock that is owed: how much is left of how long, due when, and the whole promise as a bar. */
export const ClockHead = ({ detail }: { detail: HandoffDetail }) => {
  const now = useNow();
  const { clock } = detail.row;
  if (clock === null) return <p className="text-dense text-text2">No clock runs for this handoff.</p>;
  const look = lookOfClock(clock, now);
  const runs = clock.how === null;
  const accept = detail.clocks.find((each) => each.kind === 'accept' && each.how === null);
  return (
    <div>
      <div className="flex flex-wrap items-baseline gap-x-2.5">
        <span className={`text-number font-semibold ${TONE_CLASS[look.tone]}`} aria-hidden="true">
          {look.remaining}
        </span>
        <span className="sr-only">{look.spoken}.</span>
        <span className="text-base text-text2" title={fullText(Date.parse(clock.dueAt))}>
          {runs && clock.kind !== 'return' ? `${look.ring === 'breach' ? 'past' : 'left of'} ${lengthOf(clock)}, ` : ''}
          {look.when}
          {accept !== undefined && clock.kind !== 'accept'
            ? `. Accept by ${whenText(Date.parse(accept.dueAt), now)}`
            : ''}
        </span>
      </div>
      <PromiseBar clock={clock} now={now} />
    </div>
  );
};
