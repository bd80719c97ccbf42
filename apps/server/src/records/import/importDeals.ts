import type { IntakeMode } from '../../intake/incomingEvent.ts';
import type { RowErrorCode } from './importRefusal.ts';
import type { ImportRun } from './importRun.ts';
import type { DealRow } from './mapRow.ts';

/** What became of one deal's row. `flags`: what is odd about it and was kept. */
export type DealOutcome =
  | { readonly kind: 'accepted'; readonly flags: readonly string[] }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'bad'; readonly code: RowErrorCode; readonly say: string };

/** Takes deals set-wise and answers each, in the order given, after their commit. */
export type ImportDeals = (
  run: Pick<ImportRun, 'sourceId' | 'sourceName' | 'startedAt'>,
  deals: readonly DealRow[],
  mode: IntakeMode,
) => Promise<readonly DealOutcome[]>;
