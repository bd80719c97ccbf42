import type { LedgerStep, RepLoad } from '../../assignment/assignment.ts';
import { chargeTeam } from '../../assignment/chargeTeam.ts';
import { movedBy, reverseStep } from '../../assignment/ledger.ts';
import {
  ACCEPT_BY_REP,
  PLAIN_ROUTE,
  type Placed,
  type Routed,
  type RouteRequest,
  routeLead,
} from '../../assignment/route.ts';
import type { RepId } from '../../kernel/ids.ts';
import type { Need } from '../context.ts';
import { type Draft, ledgerOf, recordStep } from '../draft.ts';
import type { HandoffBase, HandoffCredit } from '../state.ts';
import { subjectOf } from '../subject.ts';
import { stayingIn } from './staying.ts';

/** Asks the routes whose this lead is, with the draft's own ledgers and loads. */
export const findPlace = (draft: Draft, lead: Lead): Routed => routeLead(requestOf(draft, lead));

type Lead = Pick<RouteRequest, 'intent' | 'target' | 'routes'> & RouteRequest['refusers'];

const requestOf = (draft: Draft, lead: Lead): RouteRequest => {
  const { context, state, company } = draft;
  return {
    policy: context.policy,
    view: subjectOf(state, context, company),
    people: context.people,
    ledgerOf: (key) => ledgerOf(draft, key),
    loadOf: (repId) => draft.loads.get(repId) ?? context.loads.get(repId),
    intent: lead.intent,
    now: context.now,
    contactOwnerId: state.ownerId,
    companyOwnerId: company?.ownerId ?? null,
    refusers: lead,
    target: lead.target,
    ...(lead.routes === undefined ? {} : { routes: lead.routes }),
  };
};

/** What a lead that is given by hand costs the team whose lead it is, or would have been by the routes. */
export const chargeByHand = (draft: Draft, handoff: HandoffBase, to: RepId): ReturnType<typeof chargeTeam> => {
  const { intent, teamId, declinedBy } = handoff;
  const request = requestOf(draft, { intent, target: null, declinedBy });
  if (teamId === null) return chargeTeam(request, to, null);
  const itsTeam = { ...PLAIN_ROUTE, id: teamId, to: { kind: 'team' as const, team: teamId }, accept: ACCEPT_BY_REP };
  return chargeTeam({ ...request, routes: [itsTeam] }, to, null);
};

/** Books what a place costs: the ledger's step and the owner's load. Answers the credit that the handoff remembers. */
export const bookPlace = (draft: Draft, handoffId: number, placed: Placed): HandoffCredit | null => {
  if (placed.ownerId !== null) addLoad(draft, placed.ownerId);
  const { step } = placed;
  if (step === null) return null;
  recordStep(draft, handoffId, step);
  return creditOf(step);
};

/** What a handoff remembers of the step that it cost. */
export const creditOf = (step: LedgerStep): HandoffCredit => ({ key: step.key, seq: step.seq, moved: movedBy(step) });

/** Counts one more lead for a rep whose load is known; the others are counted when they are loaded. */
export const addLoad = (draft: Draft, repId: RepId): void => {
  const load: RepLoad | undefined = draft.loads.get(repId) ?? draft.context.loads.get(repId);
  if (load !== undefined)
    draft.loads.set(repId, { today: load.today + 1, thisWeek: load.thisWeek + 1, open: load.open + 1 });
};

/** What must be loaded before a handoff's ledger step can be undone. */
export const needsToReverse = (draft: Draft, handoff: HandoffBase): readonly Need[] => {
  const { credit } = handoff;
  if (credit === null || ledgerOf(draft, credit.key) !== undefined) return [];
  return [{ kind: 'ledger', key: credit.key, reps: credit.moved.map(([repId]) => repId) }];
};

/** Undoes the step by which the owner got it, as for every accepted decline. Its ledger is loaded. */
export const reversePlace = (draft: Draft, handoff: HandoffBase): void => {
  const { credit } = handoff;
  const ledger = credit === null ? undefined : ledgerOf(draft, credit.key);
  if (credit === null || ledger === undefined) return;
  recordStep(draft, handoff.id, reverseStep(ledger, credit, stayingIn(draft, credit.key), draft.context.now));
};
