/**
 * Each measure once: where it starts, where it ends, and the sentence that says so. Reports, exports and screens read
 * this table, so that two of them can't mean different things by one name.
 */
import type { DurationMs, Instant } from '../kernel/time.ts';

/** What a handoff's row tells of its way; null: has not happened (yet). */
export type HandoffTimes = {
  readonly qualifiedAt: Instant;
  readonly acceptedAt: Instant | null;
  /** The first attempt or conversation of a person. */
  readonly contactedAt: Instant | null;
  /** A person's deal, or the first move of one that policy made. */
  readonly dealAt: Instant | null;
  readonly wonAt: Instant | null;
};

export type MeasureTime = keyof HandoffTimes;

export const MEASURES = {
  'handoff-to-accept': {
    label: 'Handoff to accept',
    start: 'qualifiedAt',
    end: 'acceptedAt',
    say: 'from the instant of qualifying until sales accepted it; what policy accepts at once counts as nothing',
  },
  'handoff-to-contact': {
    label: 'Handoff to contact',
    start: 'qualifiedAt',
    end: 'contactedAt',
    say: 'from the instant of qualifying until somebody of sales first tried to reach the contact; a machine’s mail is no contact',
  },
  'accept-to-contact': {
    label: 'Accept to contact',
    start: 'acceptedAt',
    end: 'contactedAt',
    say: 'the same, from acceptance: what the rep alone has in hand',
  },
  'handoff-to-deal': {
    label: 'Handoff to deal creation',
    start: 'qualifiedAt',
    end: 'dealAt',
    say: 'from the instant of qualifying until a person made a deal, or moved on the one that policy made',
  },
  'handoff-to-won': {
    label: 'Handoff to won',
    start: 'qualifiedAt',
    end: 'wonAt',
    say: 'from the instant of qualifying until the deal was won',
  },
} as const satisfies {
  readonly [measure: string]: {
    readonly label: string;
    readonly start: MeasureTime;
    readonly end: MeasureTime;
    readonly say: string;
  };
};
export type MeasureId = keyof typeof MEASURES;

/** How long a handoff took by one measure, in elapsed milliseconds; null while it has not ended, or never began. */
export const measure = (id: MeasureId, times: HandoffTimes): DurationMs | null => {
  const { start, end } = MEASURES[id];
  const from = times[start];
  const to = times[end];
  return from === null || to === null ? null : to - from;
};
