import { timeText } from '../time/dateText.ts';
import type { Checks, Leak } from './leakQueries.ts';
import { ageText, freshnessOf, leaksText } from './leakText.ts';

const number = new Intl.NumberFormat('en-GB');

type Props = { readonly state: Checks; readonly leaks: readonly Leak[]; readonly nowMs: number };

/** The one sentence that people come for. Without a look that is fresh it never says that all is well. */
export const Verdict = ({ state, leaks, nowMs }: Props) => {
  const fresh = freshnessOf(state.checks, nowMs);
  const unasked = state.checks.filter(({ error }) => error !== null).length;
  const closed =
    state.lastClosedAt === null
      ? 'No leak on record.'
      : `Last leak closed ${ageText(nowMs - Date.parse(state.lastClosedAt))} ago.`;
  if (fresh.kind === 'never')
    return (
      <Say head="Not checked yet" tone="text-warn">
        The first look comes within a minute. Until then nobody knows whether something leaks.
      </Say>
    );
  if (fresh.kind === 'stale')
    return (
      <Say head={`Not checked since ${timeText(fresh.at)}`} tone="text-breach">
        {leaksText(state.leaks)} at that look. What is not checked counts as a leak: see whether a server runs (baton
        doctor).
      </Say>
    );
  if (state.leaks > 0 || unasked > 0) {
    const oldest = Math.min(...leaks.map(({ since }) => Date.parse(since)));
    const age = Number.isFinite(oldest) ? `, the oldest ${ageText(nowMs - oldest)}` : '';
    return (
      <Say head={`${leaksText(Math.max(state.leaks, unasked))}${age}`}>
        <CheckedSay at={fresh.at} nowMs={nowMs} />
        {number.format(state.checks.length)} promises were asked of the database.
        {unasked === 0 ? '' : ` ${unasked} of them could not be asked, which counts as a leak.`}{' '}
        {state.lastClosedAt === null ? '' : closed}
      </Say>
    );
  }
  const qualified = state.checks.find(({ id }) => id === 'unhanded')?.rowsChecked ?? 0;
  return (
    <Say head={qualified === 0 ? 'Nothing leaks' : `All ${number.format(qualified)} accounted for`} large>
      <CheckedSay at={fresh.at} nowMs={nowMs} />
      {qualified === 0
        ? 'No lead has qualified yet. From the first one on, this page asks each minute whether somebody has it.'
        : 'Every qualified lead has an owner or a queue, and a clock.'}{' '}
      {closed}
    </Say>
  );
};

/** On a phone the top bar has no room for it. */
const CheckedSay = ({ at, nowMs }: { at: number; nowMs: number }) => (
  <span className="room:hidden" aria-hidden="true">
    Checked {ageText(nowMs - at)} ago.{' '}
  </span>
);

type SayProps = {
  readonly head: string;
  readonly children: React.ReactNode;
  readonly tone?: string;
  readonly large?: boolean;
};

const Say = ({ head, children, tone = '', large = false }: SayProps) => (
  <div className={`verdict ${large ? 'py-10' : 'py-5'}`}>
    <p className={`font-semibold ${large ? 'text-hero' : 'text-number'} ${tone}`} data-verdict>
      {head}
    </p>
    <p className="mt-1 max-w-text text-reading text-text2">{children}</p>
  </div>
);
