import { makeRandom, type Random } from './random.ts';
import { COMPANY_HEADS, COMPANY_KINDS, COMPANY_TAILS, COUNTRIES, FIRST_NAMES, LAST_NAMES, TITLES } from './words.ts';

export const DEMO_SEED = 20_261;
export const DEMO_DOMAIN = 'brightlane.example';

export type DemoCompany = {
  readonly name: string;
  readonly domain: string;
  readonly industry: string;
  readonly employees: number;
  readonly country: string;
};

/** What a person is up to; it decides what they do on the site and how often it ends in a handoff. */
export const PERSONAS = ['passer-by', 'reader', 'researcher', 'evaluator', 'hand-raiser', 'student', 'leaver'] as const;
export type Persona = (typeof PERSONAS)[number];

export type DemoPerson = {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly title: string;
  readonly company: DemoCompany | null;
  readonly country: string;
  readonly persona: Persona;
};

/** `count` companies, none twice. */
export const makeCompanies = (random: Random, count: number): DemoCompany[] => {
  const companies = new Map<string, DemoCompany>();
  while (companies.size < count) {
    const word = `${random.pick(COMPANY_HEADS)}${random.pick(COMPANY_TAILS)}`;
    const domain = `${word.toLowerCase()}.example`;
    if (companies.has(domain)) continue;
    const industry = random.weighted([
      ['software', 34],
      ['fintech', 16],
      ['manufacturing', 18],
      ['logistics', 12],
      ['healthcare', 10],
      ['retail', 10],
    ] as const);
    companies.set(domain, {
      name: `${word} ${random.pick(COMPANY_KINDS[industry] ?? ['Group'])}`,
      domain,
      industry,
      employees: Math.round(10 ** (1 + random.next() * 3)),
      country: random.weighted(COUNTRIES),
    });
  }
  return [...companies.values()];
};

/** Person number `index`: the same for the same seed, so that a second load meets the same people. */
export const makePerson = (index: number, companies: readonly DemoCompany[], seed = DEMO_SEED): DemoPerson => {
  const random = makeRandom(seed + index * 7_919);
  const firstName = random.pick(FIRST_NAMES);
  const lastName = random.pick(LAST_NAMES);
  const persona = random.weighted([
    ['passer-by', 30],
    ['reader', 28],
    ['researcher', 18],
    ['evaluator', 9],
    ['hand-raiser', 6],
    ['student', 6],
    ['leaver', 3],
  ] as const);
  const company = persona === 'student' || random.chance(0.06) ? null : random.pick(companies);
  const local = `${firstName}.${lastName}${index}`.toLowerCase();
  return {
    id: `demo-${index}`,
    firstName,
    lastName,
    email: `${local}@${company?.domain ?? 'freemail.example'}`,
    phone: random.chance(0.55) ? `+49 30 555 ${String(random.whole(0, 9_999)).padStart(4, '0')}` : null,
    title: persona === 'student' ? 'Student' : random.weighted(TITLES),
    company,
    country: company?.country ?? random.weighted(COUNTRIES),
    persona,
  };
};
