/**
 * How often each criterion of the policy in force is met among those who became customers and those who did not: what
 * marketing and sales look at when they argue about a threshold. Every contact is judged by the same evaluation as live
 * decisions, at one instant.
 */
import type { Facts } from '@baton/domain/facts/fact.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import { evaluate } from '@baton/domain/policy/evaluate.ts';
import type { CriterionTrace, Evaluation, Verdict } from '@baton/domain/policy/evaluation.ts';
import type { Queryable } from '../database/queryable.ts';
import { readState } from '../handoff/storedState.ts';

export type CriterionKind = 'rule' | 'action' | 'fit' | 'signal';
export type CriterionRow = {
  readonly id: string;
  readonly kind: CriterionKind;
  readonly say: string;
  /** How many of each side met it, and of how many it could not be told. */
  readonly met: Sides;
  readonly unknown: Sides;
  /** Of those who met it, the share that converted, in thousandths; null where nobody met it. */
  readonly convertedPerMille: number | null;
  /** That share against the share of everybody, in hundredths (150 = half again as likely); null where there is none. */
  readonly liftPercent: number | null;
};
export type Sides = { readonly converted: number; readonly notConverted: number };

export type CriteriaReport = {
  readonly leads: number;
  /** Handed off, by themselves or as a member of a colleague's handoff. */
  readonly mql: number;
  readonly converted: number;
  readonly convertedAmongMql: number;
  readonly criteria: readonly CriterionRow[];
};

type Tally = { id: string; kind: CriterionKind; say: string; met: Count; unknown: Count };
type Count = { converted: number; notConverted: number };
type Row = { id: number; state: string; company_facts: string | null; is_mql: boolean; is_won: boolean };

const PAGE = 1_000;

const READ = `
  select c.id, c.state, co.facts as company_facts,
    exists (select 1 from handoff h where h.contact_id = c.id and h.kind <> 'own')
      or exists (select 1 from handoff_member m where m.contact_id = c.id) as is_mql,
    exists (select 1 from handoff h where h.contact_id = c.id and h.status = 'won') as is_won
  from contact c left join company co on co.id = c.company_id
  where c.id > $1 and c.redirected_to is null and c.erased_at is null order by c.id limit ${PAGE}`;

/**
 * Judges every contact, a page at a time. `outcome`: the fact that says who converted (yes, true, 1); null: whose deal was
 * won. Linear in contacts and criteria; memory holds one page.
 */
export const loadCriteria = async (
  client: Queryable,
  policy: CompiledPolicy,
  now: Instant,
  outcome: string | null,
): Promise<CriteriaReport> => {
  const tallies = new Map<string, Tally>();
  const total = { leads: 0, mql: 0, converted: 0, convertedAmongMql: 0 };
  for (let after = 0; ; ) {
    const { rows } = await client.query<Row>(READ, [after]);
    for (const row of rows) {
      const state = readState(row.state);
      const isConverted = outcome === null ? row.is_won : saysYes(state.facts[outcome]?.value);
      total.leads += 1;
      if (row.is_mql) total.mql += 1;
      if (isConverted) total.converted += 1;
      if (row.is_mql && isConverted) total.convertedAmongMql += 1;
      const companyFacts = row.company_facts === null ? null : (JSON.parse(row.company_facts) as Facts);
      const evaluation = evaluate(policy, { ...state, companyFacts }, now);
      for (const verdict of verdictsOf(evaluation)) count(tallies, verdict, isConverted);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    after = last.id;
  }
  return { ...total, criteria: [...tallies.values()].map((tally) => rowOf(tally, total)) };
};

type Judged = { readonly id: string; readonly kind: CriterionKind; readonly say: string; readonly verdict: Verdict };

const verdictsOf = (evaluation: Evaluation): Judged[] => [
  ...evaluation.rules.map(({ id, verdict, criterion }) => ({ id, kind: 'rule', say: criterion.say, verdict }) as const),
  ...new Map(
    evaluation.rules.flatMap((rule) => actionsOf(rule.criterion)).map((action) => [action.id, action] as const),
  ).values(),
  ...evaluation.fit.parts.map(({ id, say, verdict }) => ({ id, kind: 'fit', say, verdict }) as const),
  ...evaluation.engagement.parts.map(
    ({ id, say, count: times }) => ({ id, kind: 'signal', say, verdict: times > 0 ? 'met' : 'not-met' }) as const,
  ),
];

const actionsOf = (trace: CriterionTrace): Judged[] =>
  trace.kind === 'action'
    ? [{ id: trace.id ?? trace.say, kind: 'action', say: trace.say, verdict: trace.verdict }]
    : trace.of.flatMap(actionsOf);

const count = (tallies: Map<string, Tally>, judged: Judged, isConverted: boolean): void => {
  const key = `${judged.kind} ${judged.id}`;
  const tally = tallies.get(key) ?? {
    id: judged.id,
    kind: judged.kind,
    say: judged.say,
    met: { converted: 0, notConverted: 0 },
    unknown: { converted: 0, notConverted: 0 },
  };
  tallies.set(key, tally);
  const side = isConverted ? 'converted' : 'notConverted';
  if (judged.verdict === 'met') tally.met[side] += 1;
  if (judged.verdict === 'unknown') tally.unknown[side] += 1;
};

const rowOf = (tally: Tally, total: { readonly leads: number; readonly converted: number }): CriterionRow => {
  const met = tally.met.converted + tally.met.notConverted;
  const hasLift = met > 0 && total.converted > 0;
  return {
    ...tally,
    convertedPerMille: met === 0 ? null : Math.round((tally.met.converted * 1_000) / met),
    liftPercent: hasLift ? Math.round((tally.met.converted * total.leads * 100) / (met * total.converted)) : null,
  };
};

const saysYes = (value: unknown): boolean =>
  value === true || value === 1 || /^(yes|true|1)$/i.test(String(value ?? ''));
