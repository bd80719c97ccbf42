import { usePending } from './pending.ts';

/** What is shown is not confirmed by the server yet. */
export const PendingDot = ({ id }: { id: number }) =>
  usePending(id) ? (
    <span className="size-1.5 shrink-0 rounded-round bg-accent" data-pending="" title="Being saved">
      <span className="sr-only">being saved</span>
    </span>
  ) : null;
