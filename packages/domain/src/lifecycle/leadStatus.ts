import { LEAD_STATUSES, type LeadStatus, type LeadStatusKind } from './stage.ts';

/** What each kind of status means for an open handoff when a rep sets it by hand. */
export const STATUS_KINDS = {
  new: { label: 'New', contact: null, asks: null },
  open: { label: 'Open', contact: null, asks: null },
  'in-progress': { label: 'In progress', contact: null, asks: null },
  'open-deal': { label: 'Open deal', contact: null, asks: null },
  unqualified: { label: 'Unqualified', contact: null, asks: 'reason' },
  'attempted-to-contact': { label: 'Attempted to contact', contact: 'attempt', asks: null },
  connected: { label: 'Connected', contact: 'conversation', asks: null },
  'bad-timing': { label: 'Bad timing', contact: null, asks: 'date' },
} as const satisfies {
  readonly [kind in LeadStatusKind]: {
    readonly label: string;
    /** What it counts as, with the evidence "status only". */
    readonly contact: 'attempt' | 'conversation' | null;
    /** What the rep must say with it. */
    readonly asks: 'reason' | 'date' | null;
  };
};

/** Which of the eight a status is like: itself, or what the company said of its own. Null: nobody knows it. */
export const kindOfStatus = (
  status: LeadStatus,
  own: readonly { readonly id: string; readonly like: LeadStatusKind }[],
): LeadStatusKind | null =>
  LEAD_STATUSES.find((kind) => kind === status) ?? own.find(({ id }) => id === status)?.like ?? null;

const TALKED: ReadonlySet<LeadStatusKind | null> = new Set(['connected', 'in-progress', 'open-deal'] as const);

/** True for a status, the company's own included, that is only had by whom sales has talked with. */
export const hasTalked = (status: LeadStatus | null, own: Parameters<typeof kindOfStatus>[1]): boolean =>
  status !== null && TALKED.has(kindOfStatus(status, own));
