import type { Presence } from './availability.ts';

/** A shape for each: disc, half disc, square, ring, dash. The word stands beside it. */
export const PresenceMark = ({ presence }: { presence: Presence }) => (
  <svg viewBox="0 0 10 10" className="size-2.5 shrink-0" aria-hidden="true">
    {SHAPES[presence]}
  </svg>
);

const SHAPES: { readonly [presence in Presence]: React.ReactNode } = {
  here: <circle cx="5" cy="5" r="4" className="fill-ok" />,
  closed: (
    <>
      <circle cx="5" cy="5" r="3.5" className="fill-transparent stroke-text2" />
      <path d="M5 1.5a3.5 3.5 0 0 1 0 7z" className="fill-text2" />
    </>
  ),
  full: <rect x="1" y="1" width="8" height="8" rx="1" className="fill-text2" />,
  away: <circle cx="5" cy="5" r="3.5" className="fill-transparent stroke-text2" />,
  off: <rect x="1" y="4" width="8" height="2" className="fill-text3" />,
};
