import type { LifecycleStage } from './stage.ts';

/** How far along a stage is. `other` stands outside the order: from it every stage is forward, to it is a way back. */
const RANK: { readonly [stage in LifecycleStage]: number } = {
  other: -1,
  subscriber: 0,
  lead: 1,
  mql: 2,
  sql: 3,
  opportunity: 4,
  customer: 5,
  evangelist: 6,
};

/** Which causes may move a stage, and whether they may move it back. The relation moves forward unless one of these says so. */
export const STAGE_CAUSES = {
  qualified: { back: false, say: 'qualified by policy' },
  'fast-tracked': { back: false, say: 'named by marketing' },
  joined: { back: false, say: 'joined a colleague’s handoff' },
  accepted: { back: false, say: 'accepted by sales' },
  'own-lead': { back: false, say: 'brought by a rep' },
  'deal-created': { back: false, say: 'a deal was created' },
  'deal-moved': { back: false, say: 'the deal left its first stage' },
  'deal-won': { back: false, say: 'the deal was won' },
  'deal-lost': { back: true, say: 'the deal was lost' },
  rejected: { back: true, say: 'rejected by sales' },
  withdrawn: { back: true, say: 'withdrawn' },
  merged: { back: false, say: 'merged with another contact' },
  'set-by-hand': { back: true, say: 'set by hand' },
  unmerged: { back: true, say: 'a merge was undone' },
  undone: { back: true, say: 'an act was undone' },
  imported: { back: true, say: 'set by an import' },
} as const satisfies { readonly [cause: string]: { readonly back: boolean; readonly say: string } };
export type StageCause = keyof typeof STAGE_CAUSES;

/** True where a stage is further along than another. No stage at all is before every stage. */
export const isForward = (from: LifecycleStage | null, to: LifecycleStage): boolean =>
  from === null || RANK[to] > RANK[from];

/** True where this cause may move the relation so. Moving to the stage it is in is no move. */
export const canMoveStage = (from: LifecycleStage | null, to: LifecycleStage, cause: StageCause): boolean =>
  from !== to && (STAGE_CAUSES[cause].back || isForward(from, to));
