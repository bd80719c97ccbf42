import { useEffect, useState } from 'react';
import { useLiveState } from '../api/live.ts';
import { timeText } from '../time/dateText.ts';

/** A short break is nobody's business; only after this long is it said. */
const QUIET_MS = 5_000;

/** True once the state has been lost for `ms`. */
const useLostFor = (ms: number): boolean => {
  const live = useLiveState();
  const [lost, setLost] = useState(false);
  const paused = live.kind === 'paused';
  useEffect(() => {
    if (!paused) {
      setLost(false);
      return;
    }
    const timer = setTimeout(() => setLost(true), ms);
    return () => clearTimeout(timer);
  }, [paused, ms]);
  return lost;
};

/** Whether what is on the page is true right now. */
export const LiveDot = () => {
  const live = useLiveState();
  const lost = useLostFor(QUIET_MS);
  if (live.kind === 'paused' && lost) {
    return (
      <p role="status" className="flex items-center gap-2 text-dense text-text2">
        <span className="size-2 shrink-0 rounded-round border border-text3" aria-hidden="true" />
        <span>
          Live paused {timeText(live.since)}
          <span className="max-room:sr-only">, retrying</span>
        </span>
      </p>
    );
  }
  if (live.kind === 'connecting') return <p className="text-dense text-text3 max-room:sr-only">Connecting</p>;
  return (
    <p role="status" className="flex items-center gap-2 text-dense text-text2">
      <span className="size-2 shrink-0 rounded-round bg-ok" aria-hidden="true" />
      Live
    </p>
  );
};

/** After a minute without the stream the page says so across its width, with a way to read everything again. */
export const StaleBanner = () => {
  const live = useLiveState();
  const lost = useLostFor(60_000);
  if (live.kind !== 'paused' || !lost) return null;
  return (
    <div className="on-tint flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-warn-soft px-5 py-2 text-dense">
      <p>
        <span className="font-semibold">What you see is from {timeText(live.since)}.</span> Handoffs go on without this
        page; it catches up by itself.
      </p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Read again now
      </button>
    </div>
  );
};
