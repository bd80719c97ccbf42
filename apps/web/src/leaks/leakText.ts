import { DAY_MS, HOUR_MS, MINUTE_MS } from '@baton/domain/kernel/time.ts';

/** How long something lasts already, in its largest unit, rounded down, never parted by a line's end: `45 s`, `22 min`, `5 h`, `3 d`. Below 0 counts as 0. */
export const ageText = (ms: number): string => {
  if (ms >= DAY_MS) return `${Math.floor(ms / DAY_MS)}\u00a0d`;
  if (ms >= HOUR_MS) return `${Math.floor(ms / HOUR_MS)}\u00a0h`;
  if (ms >= MINUTE_MS) return `${Math.floor(ms / MINUTE_MS)}\u00a0min`;
  return `${Math.max(0, Math.floor(ms / 1_000))}\u00a0s`;
};

/** What the button of each step says. */
const STEPS: Readonly<Record<string, string>> = {
  reroute: 'Route anew',
  'decide-again': 'Decide again',
  'restore-clocks': 'Restore the clocks',
  wake: 'Fire the step',
  'end-hold': 'End the hold',
  'tell-again': 'Tell the owner',
  resolve: 'Mark as seen',
  replay: 'Send again',
};

/** The button of a step; a step that a newer server knows and this page does not is still taken. */
export const stepText = (mend: string): string => STEPS[mend] ?? 'Mend';

/** A server looks each minute: what is older than this is no longer a look. */
const STALE_MS = 3 * MINUTE_MS;

type Look = { readonly checkedAt: string | null };

/** What the checks together say of when they looked. The newest counts: the recount looks once an hour only. */
export type Freshness =
  | { readonly kind: 'never' }
  | { readonly kind: 'fresh'; readonly at: number }
  | { readonly kind: 'stale'; readonly at: number };

/** How old the latest look is. Linear in the number of checks. */
export const freshnessOf = (checks: readonly Look[], nowMs: number): Freshness => {
  const looks = checks.flatMap(({ checkedAt }) => (checkedAt === null ? [] : [Date.parse(checkedAt)]));
  if (looks.length === 0) return { kind: 'never' };
  const at = Math.max(...looks);
  return { kind: nowMs - at > STALE_MS ? 'stale' : 'fresh', at };
};

/** `1 leak`, `3 leaks`, `1,204 leaks`. */
export const leaksText = (count: number): string =>
  `${new Intl.NumberFormat('en-GB').format(count)} ${count === 1 ? 'leak' : 'leaks'}`;
