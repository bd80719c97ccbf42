/**
 * The same twelve criteria as somebody would write them by hand for this one policy, keeping the very same trace. The
 * benchmark first asserts that both say the same of every contact.
 */
import type { Fact } from '@baton/domain/facts/fact.ts';
import type { Subject } from '@baton/domain/policy/compiled.ts';
import type { CriterionTrace, Evaluation, Verdict } from '@baton/domain/policy/evaluation.ts';

const INDUSTRIES = ['software', 'fintech', 'retail'];
const COUNTRIES = ['DE', 'AT', 'CH', 'FR', 'GB', 'US'];
const SENIORITIES = ['vp', 'head', 'director', 'cto'];
const LANGUAGES = ['de', 'en', 'fr'];
const SIZES = ['50', '5,000'];
const NOTHING: readonly never[] = [];

/** Exact comparison is enough for these contacts, so the hand-written function does no more. */
const text = (fact: Fact | undefined): string => fact?.value as string;
const number = (fact: Fact | undefined): number => fact?.value as number;

const verdictOf = (fact: Fact | undefined, test: boolean): Verdict =>
  fact === undefined ? 'unknown' : test ? 'met' : 'not-met';

const traceOf = (
  id: string,
  say: string,
  fact: Fact | undefined,
  test: boolean,
  needs: CriterionTrace['needs'],
): CriterionTrace => ({
  id,
  kind: 'fact',
  say,
  verdict: verdictOf(fact, test),
  value: fact === undefined ? undefined : fact.value,
  needs,
  evidence: fact === undefined ? NOTHING : [{ at: fact.at, key: fact.key, trust: fact.trust }],
  of: NOTHING,
});

const ALL = [
  'the industry is software, fintech or retail',
  'the number of employees is between 50 and 5,000',
  'the company’s country is DE, AT, CH, FR, GB or US',
  'the revenue is at least 1,000,000',
  'the country is DE, AT, CH, FR, GB or US',
  'the kind of mailbox is business',
  'the contact’s seniority is vp, head, director or cto',
  'the contact’s visits is at least 3',
  'the contact’s pages is more than 5',
  'the contact’s bounces is less than 3',
  'the language is de, en or fr',
  'the contact’s status is not unsubscribed',
] as const;
const WHOLE = ALL.map((say) => (say.includes(' or ') || say.includes(' and ') ? `(${say})` : say)).join(' and ');
const NAMED = { id: 'ideal', intent: 'high', say: 'is whom we look for' };

/** Evaluates the twelve criteria of one contact. */
export const evaluatePlainly = (subject: Subject): Evaluation => {
  const { facts } = subject;
  const company = subject.companyFacts ?? {};
  const industry = company['company.industry'];
  const employees = company['company.employees'];
  const companyCountry = company['company.country'];
  const revenue = company['company.revenue'];
  const country = facts['contact.country'];
  const mailbox = facts['contact.email-kind'];
  const seniority = facts['contact.seniority'];
  const visits = facts['contact.visits'];
  const pages = facts['contact.pages'];
  const bounces = facts['contact.bounces'];
  const language = facts['contact.language'];
  const status = facts['contact.status'];
  const size = number(employees);
  const of: CriterionTrace[] = [
    traceOf('company.industry', ALL[0], industry, INDUSTRIES.includes(text(industry)), INDUSTRIES),
    traceOf('company.employees', ALL[1], employees, size >= 50 && size <= 5000, SIZES),
    traceOf('company.country', ALL[2], companyCountry, COUNTRIES.includes(text(companyCountry)), COUNTRIES),
    traceOf('company.revenue', ALL[3], revenue, number(revenue) >= 1_000_000, 1_000_000),
    traceOf('contact.country', ALL[4], country, COUNTRIES.includes(text(country)), COUNTRIES),
    traceOf('contact.email-kind', ALL[5], mailbox, text(mailbox) === 'business', 'business'),
    traceOf('contact.seniority', ALL[6], seniority, SENIORITIES.includes(text(seniority)), SENIORITIES),
    traceOf('contact.visits', ALL[7], visits, number(visits) >= 3, 3),
    traceOf('contact.pages', ALL[8], pages, number(pages) > 5, 5),
    traceOf('contact.bounces', ALL[9], bounces, number(bounces) < 3, 3),
    traceOf('contact.language', ALL[10], language, LANGUAGES.includes(text(language)), LANGUAGES),
    traceOf('contact.status', ALL[11], status, text(status) !== 'unsubscribed', 'unsubscribed'),
  ];
  let verdict: Verdict = 'met';
  for (const part of of) {
    if (part.verdict === 'not-met') verdict = 'not-met';
    else if (part.verdict === 'unknown' && verdict === 'met') verdict = 'unknown';
  }
  const missing: string[] = [];
  if (verdict === 'unknown') for (const part of of) if (part.verdict === 'unknown') missing.push(part.id as string);
  return {
    verdict,
    rule: verdict === 'met' ? NAMED : null,
    rules: [
      {
        id: 'ideal',
        intent: 'high',
        verdict,
        criterion: {
          id: null,
          kind: 'all',
          say: WHOLE,
          verdict,
          value: undefined,
          needs: undefined,
          evidence: NOTHING,
          of,
        },
      },
    ],
    fit: { known: 0, possible: 0, parts: [] },
    engagement: { points: 0, parts: [] },
    missing,
    reevaluateAt: null,
  };
};
