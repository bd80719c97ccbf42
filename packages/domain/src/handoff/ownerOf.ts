import type { RepId } from '../kernel/ids.ts';
import type { OpenHandoff } from './state.ts';

/** Who has an open handoff; null while it waits in a queue. */
export const ownerOf = (handoff: OpenHandoff): RepId | null => (handoff.status === 'queued' ? null : handoff.ownerId);
