import type { RepId } from '../../kernel/ids.ts';
import { type Draft, nameOf } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { tellRep } from './notify.ts';
import type { HandoffIn } from './reshape.ts';

/** Whoever else a lead was offered to hears who has it now. */
export const tellGroup = (draft: Draft, queued: HandoffIn<'queued'>, ownerId: RepId, now: OpenHandoff): void => {
  for (const repId of queued.offeredTo ?? [])
    if (repId !== ownerId)
      tellRep(draft, repId, now, 'accepted', { subject: `${nameOf(draft, ownerId)} has it: ${now.reason}` });
};
