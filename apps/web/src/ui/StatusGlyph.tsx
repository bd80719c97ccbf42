import type { HandoffStatus } from '@baton/contract/handoffs.ts';

/** What sales is doing, as a glyph of 10 px: each status its own shape, teal for sales' acts, plum for what went back. */
export const StatusGlyph = ({ shape }: { shape: StatusShape }) => (
  <svg viewBox="0 0 10 10" className="size-2.5 shrink-0" aria-hidden="true">
    {SHAPES[shape]}
  </svg>
);

export type StatusShape =
  | 'dashed'
  | 'ring'
  | 'half'
  | 'disc'
  | 'diamond'
  | 'pause'
  | 'back'
  | 'check'
  | 'cross'
  | 'queue';

const SHAPES: Record<StatusShape, React.ReactNode> = {
  dashed: <circle cx="5" cy="5" r="4" className="fill-none stroke-sales" strokeWidth="1.5" strokeDasharray="1.6 1.5" />,
  ring: <circle cx="5" cy="5" r="4" className="fill-none stroke-sales" strokeWidth="1.5" />,
  half: (
    <>
      <circle cx="5" cy="5" r="4" className="fill-none stroke-sales" strokeWidth="1.5" />
      <path d="M5 1a4 4 0 0 1 0 8Z" className="fill-sales" />
    </>
  ),
  disc: <circle cx="5" cy="5" r="4.75" className="fill-sales" />,
  diamond: <path d="M5 .5 9.5 5 5 9.5.5 5Z" className="fill-sales" />,
  pause: <path d="M3 1.5v7M7 1.5v7" className="stroke-text2" strokeWidth="1.75" />,
  back: <path d="M4.5 1.5 1.5 4.5l3 3M1.5 4.5h4a3 3 0 0 1 3 3V9" className="fill-none stroke-mkt" strokeWidth="1.5" />,
  check: <path d="m1 5.5 2.75 2.75L9 2" className="fill-none stroke-ok" strokeWidth="1.75" />,
  cross: <path d="m1.75 1.75 6.5 6.5M8.25 1.75l-6.5 6.5" className="stroke-text3" strokeWidth="1.5" />,
  queue: <path d="M1 2h8M1 5h8M1 8h5" className="stroke-warn" strokeWidth="1.5" />,
};

/** How each status of a handoff looks and is called. */
export const STATUS_LOOK: Record<HandoffStatus, { readonly shape: StatusShape; readonly say: string }> = {
  offered: { shape: 'dashed', say: 'Offered' },
  queued: { shape: 'queue', say: 'In queue' },
  open: { shape: 'ring', say: 'Accepted' },
  working: { shape: 'half', say: 'Working' },
  parked: { shape: 'pause', say: 'Bad timing' },
  deal: { shape: 'diamond', say: 'Deal' },
  won: { shape: 'check', say: 'Won' },
  lost: { shape: 'cross', say: 'Lost' },
  rejected: { shape: 'back', say: 'Returned' },
  withdrawn: { shape: 'cross', say: 'Withdrawn' },
  merged: { shape: 'back', say: 'Merged' },
};
