import type { Clock, HandoffDetail } from '@baton/contract/handoffs.ts';
import { leftSpoken, lengthText } from '../../time/clockText.ts';
import { fullText } from '../../time/dateText.ts';
import { useNow } from '../../time/now.ts';
import { acceptClockOf, lookOfClock, TONE_CLASS } from '../clockLook.ts';
import { upperFirst } from '../rowText.ts';
import { PromiseBar } from './PromiseBar.tsx';

const lengthOf = (clock: Clock): string => lengthText(Date.parse(clock.dueAt) - Date.parse(clock.startedAt));

/** Of an offer: by when to accept it, before what the customer waits for. */
const AcceptBy = ({ accept, now }: { accept: Clock; now: number }) => {
  const look = lookOfClock(accept, now);
  return (
    <p className="text-base font-semibold" title={fullText(Date.parse(accept.dueAt))}>
      <span className={TONE_CLASS[look.tone]}>{upperFirst(look.when)}</span>
      <span className="font-normal text-text2" aria-hidden="true">
        , {look.remaining}
      </span>
      <span className="sr-only">, {leftSpoken(Date.parse(accept.dueAt), now)}.</span>
    </p>
  );
};

/** The clock that is owed: how much is left of how long, due when, and the whole promise as a bar. */
export const ClockHead = ({ detail }: { detail: HandoffDetail }) => {
  const now = useNow();
  const { clock } = detail.row;
  if (clock === null) return <p className="text-dense text-text2">No clock runs for this handoff.</p>;
  const look = lookOfClock(clock, now);
  const runs = clock.how === null;
  const accept = clock.kind === 'accept' ? null : acceptClockOf(detail.row);
  return (
    <div>
      {accept === null ? null : <AcceptBy accept={accept} now={now} />}
      <div className="flex flex-wrap items-baseline gap-x-2.5">
        <span className={`text-number font-semibold ${TONE_CLASS[look.tone]}`} aria-hidden="true">
          {look.remaining}
        </span>
        <span className="sr-only">{look.spoken}.</span>
        <span className="text-base text-text2" title={fullText(Date.parse(clock.dueAt))}>
          {runs && clock.kind !== 'return' ? `${look.ring === 'breach' ? 'past' : 'left of'} ${lengthOf(clock)}, ` : ''}
          {look.when}
        </span>
      </div>
      <PromiseBar clock={clock} now={now} />
    </div>
  );
};
