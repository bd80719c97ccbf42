import type { QueueId, RepId } from '../../kernel/ids.ts';
import type { Channel, NotifyRule } from '../../policy/document.ts';
import type { TimelineKind } from '../decision.ts';
import type { Draft } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { contactName, type Said, sayFor } from '../words.ts';
import { firstTaskFor } from './firstTask.ts';

type Words = Said & { readonly subject?: string; readonly body?: string };

/** Tells the handoff's owner, in the policy's words for a new lead; `subject` says it in ours for everything else. */
export const tellOwner = (draft: Draft, handoff: OpenHandoff, about: TimelineKind, said: Words = {}): void => {
  if (handoff.status !== 'queued') tellRep(draft, handoff.ownerId, handoff, about, said);
};

/** Tells one rep about a handoff. Nobody is told of what an import brings. */
export const tellRep = (draft: Draft, repId: RepId, handoff: OpenHandoff, about: TimelineKind, said: Words): void => {
  if (!draft.context.tells) return;
  const rule = draft.context.policy.document.notify.find(({ id }) => id === OWNER);
  const told = { firstTask: firstTaskFor(draft, handoff).type, ...said };
  draft.effects.push({
    kind: 'notify-rep',
    repId,
    handoffId: handoff.id,
    about,
    ...viaOwner(draft),
    subject:
      said.subject ?? (rule?.subject ? sayFor(draft, handoff, rule.subject, told) : plainSubject(draft, handoff)),
    body: said.body ?? (rule?.body ? sayFor(draft, handoff, rule.body, told) : plainBody(handoff, said)),
  });
};

const OWNER = 'owner';

/** A person is not reached by a webhook, and the notice in the app is always written. */
const NOT_TO_PEOPLE: ReadonlySet<Channel> = new Set(['in-app', 'webhook']);

/** By which ways the policy has owners told, besides the notice in the app; no field where there is none. */
export const viaOwner = (draft: Draft): { readonly via?: readonly Channel[] } => {
  const rule = draft.context.policy.document.notify.find(({ id }) => id === OWNER);
  const via = rule?.via.filter((channel) => !NOT_TO_PEOPLE.has(channel)) ?? [];
  return via.length === 0 ? {} : { via };
};

/**
 * Tells the places that the policy names besides the owner: channels of a chat, addresses, for the intents it says.
 * `toldAlready`: the rule that has just heard that the handoff waits in a queue.
 */
export const tellPlaces = (
  draft: Draft,
  handoff: OpenHandoff,
  about: TimelineKind,
  said: Words,
  toldAlready: string | null = null,
): void => {
  if (!draft.context.tells) return;
  const told = { firstTask: firstTaskFor(draft, handoff).type, ...said };
  for (const rule of draft.context.policy.document.notify) {
    if (!isPlaceFor(rule, handoff) || rule.id === toldAlready) continue;
    const subject = rule.subject ? sayFor(draft, handoff, rule.subject, told) : plainSubject(draft, handoff);
    const body = rule.body ? sayFor(draft, handoff, rule.body, told) : plainBody(handoff, said);
    tellPlace(draft, rule, handoff, about, subject, body);
  }
};

const isPlaceFor = (rule: NotifyRule, handoff: OpenHandoff): rule is NotifyRule & { readonly to: string } =>
  rule.id !== OWNER && rule.to !== null && (rule.for === null || rule.for.includes(handoff.intent));

const tellPlace = (
  draft: Draft,
  rule: NotifyRule & { readonly to: string },
  handoff: OpenHandoff,
  about: TimelineKind,
  subject: string,
  body: string,
): void => {
  for (const via of rule.via)
    if (via !== 'in-app')
      draft.effects.push({ kind: 'notify-place', via, to: rule.to, handoffId: handoff.id, about, subject, body });
};

const plainSubject = (draft: Draft, handoff: OpenHandoff): string =>
  `${contactName(draft.state.facts) ?? 'a contact'}: ${handoff.reason}`;

const plainBody = (handoff: OpenHandoff, said: Words): string =>
  [handoff.reason, said.evidence].filter(Boolean).join('. ');

/** Who answers for the owner: the owner's manager, else the team's; undefined: nobody. A rep is not their own manager. */
export const managerOf = ({ context: { people } }: Draft, handoff: OpenHandoff): RepId | undefined => {
  const ownerId = handoff.status === 'queued' ? null : handoff.ownerId;
  const ofOwner = ownerId === null ? undefined : people.reps.get(ownerId)?.managerId;
  const ofTeam = handoff.teamId === null ? undefined : people.teams.get(handoff.teamId)?.managerId;
  return [ofOwner, ofTeam].find((id) => id !== undefined && id !== ownerId && people.reps.get(id)?.active === true);
};

/** Tells whoever answers for the owner, else those who watch the queue. */
export const tellManager = (draft: Draft, handoff: OpenHandoff, subject: string, why: string): void => {
  const { policy } = draft.context;
  const manager = managerOf(draft, handoff);
  if (manager !== undefined) {
    tellRep(draft, manager, handoff, 'promise', { subject, body: why });
    return;
  }
  const { queue, tell } = policy.document.fallback;
  tellQueue(draft, handoff, handoff.status === 'queued' ? handoff.queueId : queue, tell, why, subject);
};

/** Whom the policy has told of what waits in this queue; null: nobody by name. */
export const watchersOf = ({ context }: Draft, queueId: QueueId): string | null => {
  const { queue, tell } = context.policy.document.fallback;
  return queueId === queue ? tell : null;
};

/** Tells whoever watches a queue: in the app, and in the place of the `notify` rule that `tell` names. */
export const tellQueue = (
  draft: Draft,
  handoff: OpenHandoff,
  queueId: QueueId,
  tell: string | null,
  why: string,
  subject?: string,
): void => {
  if (!draft.context.tells) return;
  const who = contactName(draft.state.facts) ?? 'a contact';
  const words = subject ?? `${who} waits in ${queueId}: ${handoff.reason}`;
  draft.effects.push({ kind: 'notify-queue', queueId, tell, handoffId: handoff.id, subject: words, body: why });
  const rule = draft.context.policy.document.notify.find(({ id }) => id === tell);
  if (rule !== undefined && isPlaceFor(rule, handoff))
    tellPlace(draft, rule, handoff, handoff.status === 'queued' ? 'queued' : 'promise', words, why);
};
