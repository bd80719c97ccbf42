import { assertNever } from '../kernel/assertNever.ts';
import type { Context } from './context.ts';
import type { Decided } from './decision.ts';
import type { Actor, Input, RepAct } from './input.ts';
import type { ContactState } from './state.ts';
import { accept } from './transitions/accept.ts';
import { assign } from './transitions/assign.ts';
import { calendarChanged } from './transitions/calendarChanged.ts';
import { claim } from './transitions/claim.ts';
import { clockFired } from './transitions/clockFired.ts';
import { completeTask } from './transitions/completeTask.ts';
import { dealChanged } from './transitions/deal.ts';
import { fastTrack } from './transitions/fastTrack.ts';
import { groupChanged } from './transitions/groupChanged.ts';
import { handBack } from './transitions/handBack.ts';
import { endHold } from './transitions/hold.ts';
import { logContact } from './transitions/logContact.ts';
import { merge } from './transitions/merge.ts';
import { look, observe } from './transitions/observe.ts';
import { ownerGone } from './transitions/ownerGone.ts';
import { park, returnFromPark } from './transitions/park.ts';
import { passOn } from './transitions/passOn.ts';
import { policyPublished } from './transitions/policyPublished.ts';
import { reject } from './transitions/reject.ts';
import { setStatus } from './transitions/setStatus.ts';
import { stageSet } from './transitions/stageSet.ts';
import { undo } from './transitions/undo.ts';
import { unmerge } from './transitions/unmerge.ts';
import { withdraw } from './transitions/withdraw.ts';

/**
 * The one place where anything about a contact is decided: looks the transition up, nothing more. Pure and deterministic:
 * the same state, input and context give the same bytes. Answers a decision, what must be locked and loaded first (ask
 * again with it), or a refusal with its reason.
 */
export const decide = (state: ContactState, input: Input, context: Context): Decided => {
  switch (input.kind) {
    case 'event-observed':
      return observe(state, input, context);
    case 'rep-acted':
      return repActed(state, input.by, input.act, context);
    case 'timer-fired':
      return TIMERS[input.timer](state, context);
    case 'fast-tracked':
      return fastTrack(state, input, context);
    case 'manager-acted':
      return assign(state, input.by, input.act, context);
    case 'stage-set':
      return stageSet(state, input, context);
    case 'deal-changed':
      return dealChanged(state, input, context);
    case 'facts-changed':
      return look(state, context, { eventKey: null, timeOnly: false });
    case 'policy-published':
      return policyPublished(state, context);
    case 'availability-changed':
      return ownerGone(state, input, context);
    case 'calendar-changed':
      return calendarChanged(state, context);
    case 'merged':
      return merge(state, input, context);
    case 'group-changed':
      return groupChanged(state, input, context);
    case 'withdrawn':
      return withdraw(state, input, context);
    case 'undone':
      return undo(state, input, context);
    case 'unmerged':
      return unmerge(state, input, context);
    default:
      return assertNever(input);
  }
};

const repActed = (state: ContactState, by: Actor, act: RepAct, context: Context): Decided => {
  switch (act.do) {
    case 'accept':
      return accept(state, by, context);
    case 'claim':
      return claim(state, by, context);
    case 'log-contact':
      return logContact(state, by, act, context);
    case 'reject':
      return reject(state, by, act, context);
    case 'park':
      return park(state, by, act, context);
    case 'hand-back':
      return handBack(state, by, act, context);
    case 'pass-on':
      return passOn(state, by, act, context);
    case 'set-status':
      return setStatus(state, by, act, context);
    case 'complete-task':
      return completeTask(state, by, act, context);
    default:
      return assertNever(act);
  }
};

type Timer = Extract<Input, { kind: 'timer-fired' }>['timer'];

const TIMERS: { readonly [timer in Timer]: (state: ContactState, context: Context) => Decided } = {
  reevaluate: (state, context) => look(state, context, { eventKey: null, timeOnly: true }),
  'hold-ends': endHold,
  return: returnFromPark,
  accept: clockFired('accept'),
  response: clockFired('response'),
  'next-step': clockFired('next-step'),
  outcome: clockFired('outcome'),
  close: clockFired('close'),
};
