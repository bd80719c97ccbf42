import { CONTACT_ACTS } from '@baton/contract/contactActs.ts';
import { HANDOFF_ACTS } from '@baton/contract/handoffActs.ts';
import type { HandoffAction } from '@baton/contract/handoffs.ts';
import type { Operation } from '@baton/contract/operation.ts';
import { mayDo } from '@baton/domain/access/roles.ts';
import type { ActionId } from '@baton/domain/handoff/actions.ts';
import { type Caller, sayMayNot } from './caller.ts';

/** What each action asks of one's roles: what its operation asks. */
const PERMISSION: { readonly [action in ActionId]: Operation['permission'] } = {
  accept: HANDOFF_ACTS.accept.permission,
  claim: HANDOFF_ACTS.claim.permission,
  'log-contact': HANDOFF_ACTS.logContact.permission,
  'set-status': HANDOFF_ACTS.setStatus.permission,
  reject: HANDOFF_ACTS.reject.permission,
  park: HANDOFF_ACTS.park.permission,
  'hand-back': HANDOFF_ACTS.handBack.permission,
  'pass-on': HANDOFF_ACTS.passOn.permission,
  assign: HANDOFF_ACTS.assign.permission,
  'fast-track': 'handoffs.fast-track',
  'own-lead': CONTACT_ACTS.ownLead.permission,
  'complete-task': 'handoffs.work',
  'create-deal': 'deals.edit',
  'move-deal': 'deals.edit',
  'close-deal': 'deals.edit',
  'set-stage': CONTACT_ACTS.setStage.permission,
  undo: HANDOFF_ACTS.undo.permission,
  withdraw: CONTACT_ACTS.withdraw.permission,
};

/** The same actions, without those that a signed-in account's roles leave out: each of these says so. */
export const withinRoles = (actions: readonly HandoffAction[], caller: Caller): HandoffAction[] =>
  actions.map((action) => {
    const permission = PERMISSION[action.do as ActionId];
    if (caller.kind !== 'session' || permission === 'key' || permission === 'signed-in' || permission === 'anybody')
      return action;
    if (mayDo(caller.session.account.roles, permission)) return action;
    return { do: action.do, label: action.label, allowed: false, why: sayMayNot(permission) };
  });
