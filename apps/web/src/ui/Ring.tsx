export type RingState = 'run' | 'warn' | 'breach' | 'parked' | 'kept' | 'late' | 'none';

const R = 7.5;
const ROUND = 2 * Math.PI * R;

/**
 * The clock as a shape: it drains clockwise from twelve. Each state differs in shape; colour comes second.
 * `left` is the part that is left, 0 to 1. The words beside it say the same, so it is hidden from assistive technology.
 */
export const Ring = ({ state, left, large = false }: { state: RingState; left: number; large?: boolean }) => {
  const size = large ? 'size-6' : 'size-5';
  return (
    <svg viewBox="0 0 20 20" className={`${size} shrink-0`} aria-hidden="true">
      {state === 'run' || state === 'warn' ? (
        <>
          <circle cx="10" cy="10" r={R} className="fill-none stroke-line" strokeWidth="3.5" />
          <circle
            cx="10"
            cy="10"
            r={R}
            className={`fill-none ${state === 'warn' ? 'stroke-warn' : 'stroke-text2'}`}
            strokeWidth="3.5"
            strokeDasharray={`${ROUND * left} ${ROUND}`}
            transform="rotate(-90 10 10)"
          />
          {state === 'warn' ? <circle cx="10" cy="10" r="2.25" className="fill-warn" /> : null}
        </>
      ) : null}
      {state === 'breach' ? (
        <>
          <circle cx="10" cy="10" r="9.25" className="fill-breach" />
          <path d="M6 10h8" className="stroke-bg" strokeWidth="2.25" />
        </>
      ) : null}
      {state === 'parked' ? (
        <>
          <circle
            cx="10"
            cy="10"
            r="8.25"
            className="fill-none stroke-text3"
            strokeWidth="1.5"
            strokeDasharray="2.6 2.2"
          />
          <path d="M8.25 7v6M11.75 7v6" className="stroke-text2" strokeWidth="1.75" />
        </>
      ) : null}
      {state === 'kept' ? (
        <>
          <circle cx="10" cy="10" r="8.25" className="fill-none stroke-line2" strokeWidth="1.5" />
          <path d="m6.5 10.25 2.4 2.4 4.6-5" className="fill-none stroke-ok" strokeWidth="1.75" />
        </>
      ) : null}
      {state === 'late' ? (
        <>
          <circle cx="10" cy="10" r="8.25" className="fill-none stroke-breach" strokeWidth="1.5" />
          <path d="M6.25 10h7.5" className="stroke-breach" strokeWidth="1.75" />
        </>
      ) : null}
      {state === 'none' ? (
        <circle cx="10" cy="10" r="8.25" className="fill-none stroke-line2" strokeWidth="1.5" />
      ) : null}
    </svg>
  );
};
