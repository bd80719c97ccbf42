import type { Clock } from '@baton/contract/handoffs.ts';
import { whenText } from '../../time/dateText.ts';

/** What each clock counts from. */
const BEGAN: Record<Clock['kind'], string> = {
  accept: 'offered',
  response: 'qualified',
  'next-step': 'last act',
  outcome: 'first contact',
  return: 'parked',
  close: 'deal made',
};

/** A promise from its start to half as long again: what is used, what is left, and what would be late, with the 100 % mark. */
export const PromiseBar = ({ clock, now }: { clock: Clock; now: number }) => {
  const start = Date.parse(clock.startedAt);
  const due = Date.parse(clock.dueAt);
  const end = clock.stoppedAt === null ? now : Date.parse(clock.stoppedAt);
  const whole = Math.max(1, due - start);
  const used = Math.max(0, Math.min((end - start) / whole, 1.5));
  const part = (share: number): string => `${(share / 1.5) * 100}%`;
  return (
    <div aria-hidden="true" className="mt-2">
      <div className="relative h-2.5">
        <span className="absolute inset-y-0 left-0 rounded-bar bg-line" style={{ width: part(1) }} />
        <span className="hatch absolute inset-y-0 right-0" style={{ left: part(1) }} />
        <span className="absolute inset-y-0 left-0 rounded-bar bg-text2" style={{ width: part(Math.min(used, 1)) }} />
        {used > 1 ? (
          <span className="absolute inset-y-0 bg-breach" style={{ left: part(1), width: part(used - 1) }} />
        ) : null}
        <span className="absolute -inset-y-1 w-0.5 bg-text" style={{ left: part(1) }} />
      </div>
      <div className="relative mt-2 h-4 text-meta text-text3">
        <span className="absolute left-0">
          <span className="font-medium text-text2">{whenText(start, now)}</span> {BEGAN[clock.kind]}
        </span>
        <span className="absolute pl-0" style={{ left: part(1) }}>
          <span className="font-medium text-text2">{whenText(due, now)}</span>
        </span>
      </div>
    </div>
  );
};
