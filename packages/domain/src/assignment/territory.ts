import type { FactPath, Facts } from '../facts/fact.ts';
import type { RepId, TeamId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';

/**
 * One condition of a territory row, on a fact of the contact or its company. Texts are compared trimmed and without regard
 * to case; a number is compared with `between` (both ends included). A fact nobody knows matches nothing.
 */
export type TerritoryCondition =
  | { readonly path: FactPath; readonly op: 'in' | 'starts-with'; readonly values: readonly string[] }
  | { readonly path: FactPath; readonly op: 'between'; readonly low: number; readonly high: number };

export type TerritoryTarget =
  | { readonly kind: 'rep'; readonly repId: RepId }
  | { readonly kind: 'team'; readonly team: TeamId };

/** A row of the territory table: all its conditions hold (none: everyone), from `validFrom` up to before `validTo`. */
export type TerritoryRow = {
  /** How people name the row, e.g. `bavaria`; unique in the table. */
  readonly id: string;
  readonly when: readonly TerritoryCondition[];
  readonly to: TerritoryTarget;
  readonly validFrom: Instant | null;
  readonly validTo: Instant | null;
};

/** What a territory looks at. */
export type TerritorySubject = { readonly facts: Facts; readonly companyFacts: Facts | null };
