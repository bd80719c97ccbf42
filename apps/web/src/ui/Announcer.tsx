import { useEffect, useRef, useState } from 'react';

/** At most so often does the page speak up. */
const EVERY_MS = 20_000;

/** Tells people who listen how many handoffs are new, in batches. `count` only ever matters when it grows. */
export const Announcer = ({ count }: { count: number }) => {
  const [say, setSay] = useState('');
  const before = useRef(count);
  const spokeAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const more = count - before.current;
    if (more <= 0) {
      before.current = count;
      return;
    }
    const wait = Math.max(0, spokeAt.current + EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      before.current = count;
      spokeAt.current = performance.now();
      setSay(more === 1 ? '1 new handoff' : `${Number.isFinite(more) ? more : 'Many'} new handoffs`);
    }, wait);
    return () => clearTimeout(timer);
  }, [count]);
  return (
    <p aria-live="polite" className="sr-only">
      {say}
    </p>
  );
};
