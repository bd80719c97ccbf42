import type { Placed } from '../../assignment/route.ts';
import type { Intent, QueueId, RepId } from '../../kernel/ids.ts';
import type { StageCause } from '../../lifecycle/stageMoves.ts';
import { type Draft, nameOf, note, putHandoff } from '../draft.ts';
import type { HandoffBase, OpenHandoff } from '../state.ts';
import { enterHandoff } from './accepted.ts';
import { startClock, waitFor } from './clocks.ts';
import { tellOwner, tellPlaces, tellQueue, tellRep } from './notify.ts';
import { bookPlace } from './place.ts';
import { acceptClock, asOffered, asOpen, asQueued, responseClock } from './reshape.ts';
import { enterStage } from './stages.ts';

/** What is known of a handoff before it has a place. */
export type Opening = {
  readonly kind: HandoffBase['kind'];
  readonly intent: Intent;
  readonly ruleId: string;
  readonly reason: string;
  readonly evidence: string;
  /** Null: not an MQL of anybody's policy (a rep's own lead). */
  readonly stage: StageCause | null;
  readonly exceptionId: string | null;
  /** True: sales has it already (own lead, stage set by hand), whatever the route says about accepting. */
  readonly accepted: boolean;
};

/**
 * Opens a handoff at its place: offered to an owner, accepted at once, or queued. Writes the edge, the stage, the ledger,
 * the clocks; with acceptance the owner, first task and deal; and tells whoever has it now. Its id is the decision's.
 */
export const openHandoff = (draft: Draft, opening: Opening, placed: Placed): OpenHandoff => {
  const { context, state } = draft;
  const base = newHandoff(draft, opening, placed);
  if (opening.stage !== null)
    draft.changes.push({
      kind: 'qualified',
      ruleId: opening.ruleId,
      intent: opening.intent,
      teamId: placed.teamId,
      handoffId: base.id,
      exceptionId: opening.exceptionId,
    });
  draft.changes.push({
    kind: 'handoff-opened',
    handoffId: base.id,
    ownerId: placed.ownerId,
    queueId: placed.queueId,
    touches: state.touches,
    reason: opening.reason,
  });
  draft.state = { ...state, hold: null, group: null, episodes: base.episode };
  const credited: HandoffBase = { ...base, credit: bookPlace(draft, base.id, placed) };
  const lead = { ...credited, ownerId: placed.ownerId, queueId: placed.queueId };
  const response = waitFor(draft, lead, responseClock(draft, lead), placed.opensAt);
  if (placed.ownerId === null) {
    const queued = asQueued(credited, placed.queueId as QueueId, response, placed.offeredTo);
    putHandoff(draft, queued);
    beginQualified(draft, opening);
    startClock(draft, queued.id, 'response', response, null);
    note(draft, 'queued', placed.trace.say);
    tellQueue(draft, queued, queued.queueId, placed.tell, placed.trace.say);
    for (const repId of placed.offeredTo) tellRep(draft, repId, queued, 'queued', { evidence: opening.evidence });
    tellPlaces(draft, queued, 'qualified', { evidence: opening.evidence }, placed.tell);
    return queued;
  }
  const ownerId: RepId = placed.ownerId;
  const isAccepted = opening.accepted || placed.accept.by === 'policy';
  if (!isAccepted) {
    const accept = acceptClock(draft, lead, placed.accept);
    const offered = asOffered({ ...credited, offers: 1 }, ownerId, accept, response);
    putHandoff(draft, offered);
    beginQualified(draft, opening);
    startClock(draft, offered.id, 'response', response, ownerId);
    if (accept !== null) startClock(draft, offered.id, 'accept', accept, ownerId);
    note(draft, 'assigned', `offered to ${nameOf(draft, ownerId)}: ${placed.trace.say}`);
    tellOwner(draft, offered, 'assigned', { evidence: opening.evidence });
    tellPlaces(draft, offered, 'qualified', { evidence: opening.evidence });
    return offered;
  }
  const open = asOpen({ ...credited, offers: 1 }, ownerId, context.now, response);
  putHandoff(draft, open);
  beginQualified(draft, opening);
  startClock(draft, open.id, 'response', response, ownerId);
  note(draft, 'assigned', `given to ${nameOf(draft, ownerId)}: ${placed.trace.say}`);
  const entered = enterHandoff(draft, open, opening.kind === 'own' ? 'own-lead' : 'accepted');
  tellOwner(draft, entered, 'assigned', { evidence: opening.evidence });
  if (opening.stage !== null) tellPlaces(draft, entered, 'qualified', { evidence: opening.evidence });
  return entered;
};

const beginQualified = (draft: Draft, opening: Opening): void => {
  if (opening.stage === null) return;
  note(draft, 'qualified', `qualified: ${opening.evidence === '' ? opening.reason : opening.evidence}`);
  enterStage(draft, 'mql', opening.stage);
};

const newHandoff = (
  draft: Draft,
  opening: Opening,
  placed: Pick<Placed, 'routeId' | 'teamId' | 'coversFor'>,
): HandoffBase => {
  const { context, state } = draft;
  return {
    id: context.decisionId,
    episode: state.episodes + 1,
    kind: opening.kind,
    intent: opening.intent,
    ruleId: opening.ruleId,
    reason: opening.reason,
    policyHash: context.policy.hash,
    qualifiedAt: context.now,
    raisedAt: null,
    groupId: context.decisionId,
    companyId: state.companyId,
    routeId: placed.routeId,
    teamId: placed.teamId,
    dealId: null,
    dealUntouched: false,
    credit: null,
    declinedBy: [],
    ...(placed.coversFor === undefined ? {} : { coversFor: placed.coversFor }),
    offers: 0,
    breached: false,
  };
};
