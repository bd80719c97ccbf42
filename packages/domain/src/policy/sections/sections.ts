/** Every section of the document: its key, its reader, what holds without it, and whether it acts. */
import type { PolicyDocument } from '../document.ts';
import type { Read } from '../reader.ts';
import { ACCOUNTS_DEFAULT, readAccounts } from './accounts.ts';
import { readActions } from './actions.ts';
import { AGAIN_DEFAULT, readAgain } from './again.ts';
import { readDeal } from './deal.ts';
import { readExcept } from './except.ts';
import { readExperiments } from './experiments.ts';
import { readFallback } from './fallback.ts';
import { readFeedback } from './feedback.ts';
import { readFirstTask } from './firstTask.ts';
import { readFit } from './fit.ts';
import { GATE_DEFAULT, readGate } from './gate.ts';
import { readGuards } from './guards.ts';
import { readLegs } from './legs.ts';
import { readLists } from './lists.ts';
import { readManual } from './manual.ts';
import { readNotify } from './notify.ts';
import { readPromise } from './promise.ts';
import { readQualify } from './qualify.ts';
import { readRoute } from './route.ts';
import { readSignals } from './signals.ts';
import { readStatuses } from './statuses.ts';
import { readUnknown } from './unknown.ts';

type SectionName = Exclude<keyof PolicyDocument, 'baton' | 'name'>;

export type Section<T> = {
  /** As the file writes it. */
  readonly key: string;
  readonly read: Read<T>;
  /** What holds without the section; `must` is written before it where a document can't do without. */
  readonly otherwise: { readonly value: T } | { readonly must: string };
  /** Null: it acts. Else what does not act yet, for `policy check`. */
  readonly notYet: string | null;
};

const NONE = { value: [] } as const;

/** In the order in which the page and the canonical form tell them. */
export const SECTIONS: { readonly [Name in SectionName]: Section<PolicyDocument[Name]> } = {
  signals: { key: 'signals', read: readSignals, otherwise: NONE, notYet: null },
  fit: { key: 'fit', read: readFit, otherwise: NONE, notYet: null },
  actions: { key: 'actions', read: readActions, otherwise: NONE, notYet: null },
  lists: { key: 'lists', read: readLists, otherwise: NONE, notYet: null },
  qualify: {
    key: 'qualify',
    read: readQualify,
    otherwise: { must: 'qualify: [ { id: hand-raiser, intent: high, any: [ { action: demo } ] } ]' },
    notYet: null,
  },
  manual: { key: 'manual', read: readManual, otherwise: { value: null }, notYet: null },
  unknown: {
    key: 'unknown',
    read: readUnknown,
    otherwise: { value: null },
    notYet: 'it does not act yet: nobody is asked for missing facts',
  },
  gate: { key: 'gate', read: readGate, otherwise: { value: GATE_DEFAULT }, notYet: null },
  except: { key: 'except', read: readExcept, otherwise: NONE, notYet: null },
  route: {
    key: 'route',
    read: readRoute,
    otherwise: { must: 'route: [ { id: everyone, to: { team: inbound } } ]' },
    notYet: null,
  },
  fallback: { key: 'fallback', read: readFallback, otherwise: { must: 'fallback: { queue: triage }' }, notYet: null },
  accounts: { key: 'accounts', read: readAccounts, otherwise: { value: ACCOUNTS_DEFAULT }, notYet: null },
  promise: {
    key: 'promise',
    read: readPromise,
    otherwise: NONE,
    notYet: null,
  },
  firstTask: { key: 'first-task', read: readFirstTask, otherwise: NONE, notYet: null },
  deal: { key: 'deal', read: readDeal, otherwise: NONE, notYet: null },
  legs: { key: 'legs', read: readLegs, otherwise: NONE, notYet: null },
  notify: { key: 'notify', read: readNotify, otherwise: NONE, notYet: null },
  statuses: { key: 'statuses', read: readStatuses, otherwise: NONE, notYet: null },
  feedback: { key: 'feedback', read: readFeedback, otherwise: { value: { reject: [], closedLost: [] } }, notYet: null },
  again: {
    key: 'again',
    read: readAgain,
    otherwise: { value: { afterReject: AGAIN_DEFAULT, afterLost: AGAIN_DEFAULT } },
    notYet: null,
  },
  guards: { key: 'guards', read: readGuards, otherwise: NONE, notYet: 'it does not act yet: nothing checks them' },
  experiments: {
    key: 'experiments',
    read: readExperiments,
    otherwise: NONE,
    notYet: 'it does not act yet: nobody is held out',
  },
};
