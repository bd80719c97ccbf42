/** The second policy written by hand for this one case, keeping the very same trace; see corePlain.ts. */
import type { Fact } from '@baton/domain/facts/fact.ts';
import { DAY_MS } from '@baton/domain/kernel/time.ts';
import type { Subject } from '@baton/domain/policy/compiled.ts';
import type { CriterionTrace, Evaluation, FitTrace, RuleTrace, Verdict } from '@baton/domain/policy/evaluation.ts';
import { decayed } from '@baton/domain/signals/decay.ts';
import type { SignalSet } from '@baton/domain/signals/signal.ts';
import { KEYS } from './scoresPolicy.ts';

const NOTHING: readonly never[] = [];
const INDUSTRIES = ['software', 'fintech'];
const ROLES = ['vp', 'head', 'cto'];
const REGIONS = ['DE', 'AT', 'CH'];
const LANGUAGES = ['de', 'en'];
const { view: VIEW, download: DOWNLOAD, left: LEFT, demo: DEMO, trial: TRIAL, pricing: PRICING } = KEYS;

const text = (fact: Fact | undefined): string => fact?.value as string;
const partOf = (
  id: string,
  say: string,
  fact: Fact | undefined,
  test: boolean,
  points: number,
): FitTrace['parts'][number] => ({
  id,
  say,
  verdict: fact === undefined ? 'unknown' : test ? 'met' : 'not-met',
  points,
  value: fact === undefined ? undefined : fact.value,
});

const fading = (set: SignalSet, milli: number, milliCap: number, halfLifeMs: number, now: number): number => {
  let sum = 0;
  for (const [at] of set) sum += decayed(milli, now - at, halfLifeMs);
  return Math.min(sum, milliCap);
};
const signalOf = (id: string, say: string, set: SignalSet, before: number, milli: number) => ({
  id,
  say,
  points: Math.floor((before + milli) / 1000) - Math.floor(before / 1000),
  count: set.length,
  latestAt: set.length === 0 ? null : (set[0]?.[0] ?? null),
});

const actionOf = (id: string, say: string, set: SignalSet, times: number, oldest: number): CriterionTrace => {
  const evidence: CriterionTrace['evidence'][number][] = [];
  for (const [at, key] of set) {
    if (at < oldest || evidence.length === times) break;
    evidence.push({ at, key, trust: null });
  }
  const count = evidence.length;
  const verdict: Verdict = count >= times ? 'met' : 'not-met';
  return {
    id,
    kind: 'action',
    say,
    verdict,
    value: count,
    needs: times,
    evidence: count === 0 ? NOTHING : evidence,
    of: NOTHING,
  };
};

const branch = (kind: 'all' | 'any', say: string, verdict: Verdict, of: readonly CriterionTrace[]): CriterionTrace => ({
  id: null,
  kind,
  say,
  verdict,
  value: undefined,
  needs: undefined,
  evidence: NOTHING,
  of,
});

const fitTrace = (known: number, possible: number): CriterionTrace => ({
  id: 'fit',
  kind: 'fit',
  say: 'fit of at least 60',
  verdict: known >= 60 ? 'met' : possible < 60 ? 'not-met' : 'unknown',
  value: known,
  needs: 60,
  evidence: NOTHING,
  of: NOTHING,
});

const bothOf = (one: CriterionTrace, other: CriterionTrace): Verdict =>
  one.verdict === 'not-met' || other.verdict === 'not-met'
    ? 'not-met'
    : one.verdict === 'unknown' || other.verdict === 'unknown'
      ? 'unknown'
      : 'met';

/** Evaluates the twelve criteria of one contact at `now`; no pair of the bench's contacts lies in the future. */
export const evaluateScoresPlainly = (subject: Subject, now: number): Evaluation => {
  const { facts, signals } = subject;
  const company = subject.companyFacts ?? {};
  const industry = company['company.industry'];
  const employees = company['company.employees'];
  const seniority = facts['contact.seniority'];
  const country = facts['contact.country'];
  const language = facts['contact.language'];
  const mailbox = facts['contact.email-kind'];
  const size = employees?.value as number;
  const fitParts = [
    partOf('industry', 'works in our industries', industry, INDUSTRIES.includes(text(industry)), 25),
    partOf('size', 'has 50 to 5,000 people', employees, size >= 50 && size <= 5000, 30),
    partOf('role', 'decides', seniority, ROLES.includes(text(seniority)), 25),
    partOf('region', 'is where we sell', country, REGIONS.includes(text(country)), 20),
    partOf('language', 'speaks our languages', language, LANGUAGES.includes(text(language)), 5),
    partOf('free-mail', 'uses a private mailbox', mailbox, text(mailbox) === 'free', -30),
  ];
  let known = 0;
  let possible = 0;
  for (const { verdict, points } of fitParts) {
    if (verdict === 'met' || (verdict === 'unknown' && points < 0)) known += points;
    if (verdict === 'met' || (verdict === 'unknown' && points > 0)) possible += points;
  }
  const views = signals[VIEW] ?? NOTHING;
  const downloads = signals[DOWNLOAD] ?? NOTHING;
  const left = signals[LEFT] ?? NOTHING;
  const viewMilli = fading(views, 1_000, 10_000, 14 * DAY_MS, now);
  const downloadMilli = fading(downloads, 10_000, 30_000, 60 * DAY_MS, now);
  const leftMilli = Math.max(-50_000 * left.length, -50_000);
  const points = Math.floor((viewMilli + downloadMilli + leftMilli) / 1000);
  const engagementParts = [
    signalOf('view', 'visited the site', views, 0, viewMilli),
    signalOf('download', 'downloaded content', downloads, viewMilli, downloadMilli),
    signalOf('left', 'unsubscribed', left, viewMilli + downloadMilli, leftMilli),
  ];
  const demo = actionOf('demo', 'asked for a demo', signals[DEMO] ?? NOTHING, 1, -Infinity);
  const trial = actionOf('trial', 'started a trial', signals[TRIAL] ?? NOTHING, 1, -Infinity);
  const pricing = actionOf(
    'pricing',
    'saw pricing 3 times in a week',
    signals[PRICING] ?? NOTHING,
    3,
    now - 7 * DAY_MS,
  );
  const raised: Verdict = demo.verdict === 'met' || trial.verdict === 'met' ? 'met' : 'not-met';
  const hotFit = fitTrace(known, possible);
  const hot = bothOf(pricing, hotFit);
  const engagement: CriterionTrace = {
    id: 'engagement',
    kind: 'engagement',
    say: 'engagement of at least 20',
    verdict: points >= 20 ? 'met' : 'not-met',
    value: points,
    needs: 20,
    evidence: NOTHING,
    of: NOTHING,
  };
  const engagedFit = fitTrace(known, possible);
  const engaged = bothOf(engagement, engagedFit);
  const rules: RuleTrace[] = [
    {
      id: 'hand-raiser',
      intent: 'high',
      verdict: raised,
      criterion: branch('any', 'asked for a demo or started a trial', raised, [demo, trial]),
    },
    {
      id: 'hot',
      intent: 'high',
      verdict: hot,
      criterion: branch('all', 'saw pricing 3 times in a week and fit of at least 60', hot, [pricing, hotFit]),
    },
    {
      id: 'engaged',
      intent: 'standard',
      verdict: engaged,
      criterion: branch('all', 'engagement of at least 20 and fit of at least 60', engaged, [engagement, engagedFit]),
    },
  ];
  const rule =
    raised === 'met'
      ? { id: 'hand-raiser', intent: 'high', say: 'raised a hand' }
      : hot === 'met'
        ? { id: 'hot', intent: 'high', say: 'is hot' }
        : engaged === 'met'
          ? { id: 'engaged', intent: 'standard', say: 'is engaged' }
          : null;
  const open = hot === 'unknown' || engaged === 'unknown';
  const missing: string[] = [];
  if (open && industry === undefined) missing.push('company.industry');
  if (open && employees === undefined) missing.push('company.employees');
  if (open && seniority === undefined) missing.push('contact.seniority');
  if (open && country === undefined) missing.push('contact.country');
  if (open && language === undefined) missing.push('contact.language');
  if (open && mailbox === undefined) missing.push('contact.email-kind');
  return {
    verdict: rule !== null ? 'met' : open ? 'unknown' : 'not-met',
    rule,
    rules,
    fit: { known, possible, parts: fitParts },
    engagement: { points, parts: engagementParts },
    missing,
    reevaluateAt: null,
  };
};
