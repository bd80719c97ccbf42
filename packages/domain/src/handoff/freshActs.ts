import type { Instant } from '../kernel/time.ts';
import type { CompiledPolicy, View } from '../policy/compiled.ts';
import type { SignalSet } from '../signals/signal.ts';

/**
 * The same contact without the acts of high intent that an earlier handoff already answered: what led to a handoff that is
 * closed is no reason for another. Engagement keeps its points; `again` says how many of them must be new. Answers the
 * same view where nothing is left out.
 */
export const withFreshActs = (policy: CompiledPolicy, view: View, since: Instant): View => {
  let signals: { [key: string]: SignalSet } | null = null;
  for (const { key } of policy.actions.values()) {
    const done = view.signals[key];
    if (done === undefined || done.every(([at]) => at > since)) continue;
    signals ??= { ...view.signals };
    signals[key] = done.filter(([at]) => at > since);
  }
  return signals === null ? view : { ...view, signals };
};
