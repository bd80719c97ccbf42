import type { TaskType } from '../../policy/document.ts';
import { dueOn } from '../../promise/clock.ts';
import { type Channels, channelsOf, openChannel } from '../channels.ts';
import type { Draft } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { contactName, sayFor } from '../words.ts';
import { calendarFor, calendarOf } from './clocks.ts';

/** What each kind of task needs to be possible. */
const NEEDS: { readonly [type in TaskType]: ((channels: Channels) => boolean) | null } = {
  call: (channels) => channels.phone,
  email: (channels) => channels.email,
  meeting: null,
  message: null,
  research: null,
};

/** Creates the owner's first task as the policy says for the intent; where it says nothing, a call or an e-mail. */
export const addFirstTask = (draft: Draft, handoff: Extract<OpenHandoff, { status: 'open' }>): void => {
  const { type, title, dueAt } = firstTaskFor(draft, handoff);
  draft.changes.push({ kind: 'task-created', handoffId: handoff.id, ownerId: handoff.ownerId, type, title, dueAt });
};

/** What the first task would be: its kind by what can be reached, its title, and by when. */
export const firstTaskFor = (
  draft: Draft,
  handoff: OpenHandoff,
): { readonly type: TaskType; readonly title: string; readonly dueAt: number } => {
  const { document } = draft.context.policy;
  const channels = channelsOf(document.gate, draft.state.facts);
  const rule = document.firstTask.find(({ intent }) => intent === handoff.intent);
  const promised = 'response' in handoff ? handoff.response.dueAt : draft.context.now;
  if (rule === undefined) {
    const type = openChannel(channels);
    return {
      type,
      title: `Contact ${contactName(draft.state.facts) ?? 'this lead'}: ${handoff.reason}`,
      dueAt: promised,
    };
  }
  const isPossible = (type: TaskType): boolean => NEEDS[type]?.(channels) ?? true;
  // Where neither way is open (no number, no consent to e-mail), the rep first finds out how they may be reached.
  const type = [rule.type, rule.else].find((one) => one !== null && isPossible(one)) ?? 'research';
  const { people, now } = draft.context;
  const dueAt =
    rule.due.kind === 'promise'
      ? promised
      : dueOn(calendarOf(people, calendarFor(people, handoff)), now, rule.due.duration);
  return { type, title: sayFor(draft, handoff, rule.title, { firstTask: type, dueAt }), dueAt };
};
