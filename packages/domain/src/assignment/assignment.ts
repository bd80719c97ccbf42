import type { Intent, RepId, TeamId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Calendar } from '../promise/clock.ts';
import type { TerritoryRow } from './territory.ts';

/** One lead in micro-credits (assignment.md, "Units"). Bigint: no floats, no random. */
export const LEAD_CREDITS = 1_000_000_000n;

/** A sales rep as the core needs to know them at the instant of a decision. */
export type Rep = {
  readonly id: RepId;
  readonly name: string;
  readonly email: string;
  /** False: left or switched off; owns nothing new. */
  readonly active: boolean;
  /** False: a person who does not take leads (manager, marketing); an owner who does not sell is no owner for a route. */
  readonly selling: boolean;
  /**
   * At most so many new leads a day or week (the shell counts, on the rep's working calendar where there is one), and so
   * many open ones; absent = no cap.
   */
  readonly caps: { readonly perDay?: number; readonly perWeek?: number; readonly open?: number };
  /** When the rep works: lunch breaks and public holidays taken out, resolved to UTC; absent = always. */
  readonly calendar?: Calendar;
  /** When the rep is not there though the calendar is open; in any order, overlaps allowed. */
  readonly absences?: readonly Absence[];
  /** Who stands in while the rep is away. */
  readonly coverId?: RepId;
  readonly managerId?: RepId;
  readonly skills?: readonly string[];
  /** For words only, e.g. `Europe/Berlin`: the calendar holds the instants. */
  readonly timeZone?: string;
};

/** Why a rep is away: switched off by hand, entered as time off, or read from a calendar. */
export const ABSENCE_WHYS = ['away', 'time-off', 'out-of-office'] as const;
export type AbsenceWhy = (typeof ABSENCE_WHYS)[number];
/** From this instant up to but not including `to`; null: until further notice. */
export type Absence = { readonly from: Instant; readonly to: Instant | null; readonly why: AbsenceWhy };

/** A member's weight from an instant on. */
export type RampStep = { readonly from: Instant; readonly weight: number };

/**
 * A member of a team; weight 100 is a full share, 0 takes none. With a `ramp` (ascending by `from`) the last step that
 * has begun counts instead of `weight`; before the first one `weight` does.
 */
export type TeamMember = { readonly repId: RepId; readonly weight: number; readonly ramp?: readonly RampStep[] };
/** A team as it is at the instant of a decision. */
export type Team = {
  readonly id: TeamId;
  readonly name: string;
  readonly members: readonly TeamMember[];
  /** When the team works, for its promises and for routes that hold until it opens; absent = always. */
  readonly calendar?: Calendar;
  readonly managerId?: RepId;
  /** True: who was away is granted, zero-sum, what would have accrued (`grantCatchUp`). Absent = false. */
  readonly catchUp?: boolean;
};

/** Reps and teams as valid at the instant of the decision. */
export type People = {
  readonly reps: ReadonlyMap<RepId, Rep>;
  readonly teams: ReadonlyMap<TeamId, Team>;
  /** The territory table, in its order: the first row that is valid and matches wins. */
  readonly territories?: readonly TerritoryRow[];
  /** The version of the time-zone data by which the calendars were resolved. */
  readonly zoneData?: string;
};

/** What a rep already carries, counted under the lock of the rep's row. */
export type RepLoad = { readonly today: number; readonly thisWeek: number; readonly open: number };

/** `team/intent`: one ledger, one row, one lock. */
export type LedgerKey = `${TeamId}/${Intent}`;

/** Where one rep stands in a ledger. */
export type Standing = {
  readonly repId: RepId;
  readonly balance: bigint;
  /** The step at which the rep last won, 0 for never; ties go to the one who waited longest. */
  readonly lastWon: number;
};

/**
 * A ledger's live balances: the fold of its steps. They sum to zero, always. A sorted array and not a Map: copying a Map
 * of twenty reps alone costs more than the rest of a pick.
 */
export type Ledger = {
  readonly key: LedgerKey;
  /** Steps so far; the next step has this number plus one. */
  readonly seq: number;
  /** By rep id, ascending, each rep once; a rep that is not in it stands at 0. */
  readonly standings: readonly Standing[];
};

/** Why a member was not in E, in words a rep can read and a code a query can count. */
export const EXCLUSIONS = [
  'inactive',
  'not-selling',
  'no-weight',
  'declined-this-lead',
  'let-this-lead-lapse',
  'passed-this-lead-on',
  'skill',
  'away',
  'time-off',
  'out-of-office',
  'cap-day',
  'cap-week',
  'cap-open',
  'off-hours',
] as const;
export type ExclusionCode = (typeof EXCLUSIONS)[number];
/** A member who was not in E for a lead: the reason to count, and the sentence to read. */
export type Exclusion = { readonly repId: RepId; readonly code: ExclusionCode; readonly say: string };

/** Where one eligible rep stood before and after a step. */
export type LedgerLine = {
  readonly repId: RepId;
  readonly weight: number;
  readonly before: bigint;
  readonly accrued: bigint;
  readonly after: bigint;
};

/** One step of a ledger: trace and accounting at once. `joined`, `left`, `reversed` and `granted` steps are zero-sum too. */
export type LedgerStep = {
  readonly key: LedgerKey;
  readonly seq: number;
  readonly kind: 'assigned' | 'reversed' | 'left' | 'granted' | 'forced';
  readonly at: Instant;
  readonly winner: RepId | null;
  readonly lines: readonly LedgerLine[];
  readonly excluded: readonly Exclusion[];
  /** Of a `forced` step: what the winner would have paid below the floor of minus one lead. */
  readonly uncharged?: bigint;
  /** The step that a `reversed` one undoes. */
  readonly reverses?: number;
};
