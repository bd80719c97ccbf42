import type { QueueId, RepId } from '../../kernel/ids.ts';
import type { TimelineKind } from '../decision.ts';
import type { Draft } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { contactName, type Said, sayFor } from '../words.ts';
import { firstTaskFor } from './firstTask.ts';

/** Tells the handoff's owner, in the policy's words for a new lead; `subject` says it in ours for everything else. */
export const tellOwner = (
  draft: Draft,
  handoff: OpenHandoff,
  about: TimelineKind,
  said: Said & { readonly subject?: string } = {},
): void => {
  if (handoff.status !== 'queued') tellRep(draft, handoff.ownerId, handoff, about, said);
};

/** Tells one rep about a handoff. Nobody is told of what an import brings. */
export const tellRep = (
  draft: Draft,
  repId: RepId,
  handoff: OpenHandoff,
  about: TimelineKind,
  said: Said & { readonly subject?: string },
): void => {
  if (!draft.context.tells) return;
  const rule = draft.context.policy.document.notify.find(({ id }) => id === 'owner');
  const who = contactName(draft.state.facts) ?? 'a contact';
  const told = { firstTask: firstTaskFor(draft, handoff).type, ...said };
  draft.effects.push({
    kind: 'notify-rep',
    repId,
    handoffId: handoff.id,
    about,
    subject: said.subject ?? (rule?.subject ? sayFor(draft, handoff, rule.subject, told) : `${who}: ${handoff.reason}`),
    body: rule?.body
      ? sayFor(draft, handoff, rule.body, told)
      : [handoff.reason, said.evidence].filter(Boolean).join('. '),
  });
};

/** Tells whoever watches a queue. */
export const tellQueue = (
  draft: Draft,
  handoff: OpenHandoff,
  queueId: QueueId,
  tell: string | null,
  why: string,
): void => {
  if (!draft.context.tells) return;
  const who = contactName(draft.state.facts) ?? 'a contact';
  draft.effects.push({
    kind: 'notify-queue',
    queueId,
    tell,
    handoffId: handoff.id,
    subject: `${who} waits in ${queueId}: ${handoff.reason}`,
    body: why,
  });
};
