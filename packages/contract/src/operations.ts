import * as access from './access.ts';
import * as contacts from './contacts.ts';
import { readDemo, removeDemo, startDemo } from './demo.ts';
import { fastTrackContact } from './fastTrack.ts';
import { describeForm, listForms } from './forms.ts';
import { HANDOFF_ACTS } from './handoffActs.ts';
import * as handoffs from './handoffs.ts';
import { readFormToken, SEGMENT_OPERATIONS, sendEvents, submitForm } from './ingest.ts';
import * as leaks from './leaks.ts';
import { mergeContacts } from './mergeContacts.ts';
import type { Operation } from './operation.ts';
import { readPolicyInForce } from './policyInForce.ts';
import { listQuarantine } from './quarantine.ts';

/** Every operation of the API, in the order in which its document shows them. */
export const OPERATIONS = [
  sendEvents,
  ...Object.values(SEGMENT_OPERATIONS),
  submitForm,
  readFormToken,
  listForms,
  describeForm,
  handoffs.listHandoffs,
  handoffs.countHandoffs,
  handoffs.readHandoff,
  ...Object.values(HANDOFF_ACTS),
  contacts.listContacts,
  contacts.readContact,
  mergeContacts,
  fastTrackContact,
  readPolicyInForce,
  listQuarantine,
  leaks.listLeaks,
  leaks.listLeakChecks,
  leaks.checkLeaks,
  leaks.mendLeak,
  startDemo,
  readDemo,
  removeDemo,
  access.login,
  access.logout,
  access.readMe,
  access.listKeys,
  access.createKey,
  access.revokeKey,
] as const satisfies readonly Operation[];
