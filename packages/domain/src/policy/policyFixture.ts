import type { PolicyDocument } from './document.ts';

/** A document that says nothing yet; tests fill in the sections they are about. */
export const emptyDocument: PolicyDocument = {
  baton: 1,
  name: 'Fixture',
  signals: [],
  fit: [],
  actions: [],
  lists: [],
  qualify: [],
  manual: null,
  unknown: null,
  gate: {
    ignore: [],
    reachableRequired: false,
    consent: { emailRequiredIn: [], respectDoNotCall: true },
    hold: [],
  },
  except: [],
  route: [],
  fallback: { queue: 'triage', tell: null },
  accounts: { groupBy: 'company', secondContact: 'join-owner', openDeal: 'attach' },
  promise: [],
  firstTask: [],
  deal: [],
  legs: [],
  notify: [],
  statuses: [],
  feedback: { reject: [], closedLost: [] },
  again: {
    afterReject: { handRaise: { kind: 'at-once' }, score: { kind: 'at-once' }, byReason: [] },
    afterLost: { handRaise: { kind: 'at-once' }, score: { kind: 'at-once' }, byReason: [] },
  },
  guards: [],
  experiments: [],
};
