/** One made-up handoff, as the rows that the transaction would have written. Ages and spans in minutes. */
export type SeedHandoff = {
  readonly name: string;
  readonly title: string;
  readonly company: string;
  readonly size: number;
  readonly reason: string;
  readonly status?: 'offered' | 'queued' | 'open' | 'working' | 'parked' | 'deal' | 'won' | 'rejected';
  readonly agoMin: number;
  readonly promiseMin?: number;
  readonly rep?: number;
  readonly intent?: 'high' | 'standard';
  readonly source?: string;
  readonly leadStatus?: string;
};

/** A believable morning: late, close, running, parked, queued, won and returned ones. */
export const MORNING: readonly SeedHandoff[] = [
  {
    name: 'Omar Haddad',
    title: 'COO',
    company: 'Kestrel Freight',
    size: 900,
    reason: 'Asked for a demo',
    agoMin: 258,
    source: 'paid',
  },
  {
    name: 'Priya Nair',
    title: 'VP Operations',
    company: 'Northwind',
    size: 420,
    reason: 'Asked for a demo',
    agoMin: 198,
    status: 'offered',
  },
  {
    name: 'Jonas Lindahl',
    title: 'IT Director',
    company: 'Halden Power',
    size: 2100,
    reason: 'Fit 75 and engagement 44',
    agoMin: 189,
    status: 'working',
    leadStatus: 'attempted-to-contact',
    source: 'event',
    intent: 'standard',
  },
  {
    name: 'Tom Ek',
    title: 'CTO',
    company: 'Fjord AS',
    size: 85,
    reason: 'Started a trial',
    agoMin: 110,
    source: 'referral',
  },
  {
    name: 'Lea Roth',
    title: 'Head of Procurement',
    company: 'Kanto',
    size: 1200,
    reason: 'Fit 80 and engagement 44',
    agoMin: 98,
    intent: 'standard',
  },
  {
    name: 'Ines Prat',
    title: 'Head of IT',
    company: 'Solera',
    size: 340,
    reason: 'Asked for a demo',
    agoMin: 68,
    status: 'working',
    leadStatus: 'attempted-to-contact',
  },
  {
    name: 'Marek Novák',
    title: 'CFO',
    company: 'Brno Tools',
    size: 160,
    reason: 'Asked for a demo',
    agoMin: 48,
    status: 'working',
    leadStatus: 'connected',
    source: 'event',
  },
  {
    name: 'Hanna Vogt',
    title: 'Director Digital',
    company: 'Alster Bank',
    size: 3400,
    reason: 'Asked for a demo',
    agoMin: 38,
  },
  {
    name: 'Sam Diaz',
    title: 'Head of RevOps',
    company: 'Orbit',
    size: 210,
    reason: 'Asked for pricing twice',
    agoMin: 30,
    status: 'parked',
    promiseMin: 4000,
  },
  {
    name: 'Yuki Tanaka',
    title: 'Operations Manager',
    company: 'Kobe Marine',
    size: 510,
    reason: 'Asked for a demo',
    agoMin: 22,
    status: 'queued',
    source: 'paid',
  },
  {
    name: 'Aoife Byrne',
    title: 'Head of Logistics',
    company: 'Liffey Foods',
    size: 260,
    reason: 'Asked for a demo',
    agoMin: 12,
    source: 'partner',
  },
  {
    name: 'Rosa Marín',
    title: 'Fleet Manager',
    company: 'Transportes Ebro',
    size: 75,
    reason: 'Fit 75 and engagement 51',
    agoMin: 1500,
    status: 'won',
    intent: 'standard',
  },
  {
    name: 'Karl Stein',
    title: 'Owner',
    company: 'Stein und Sohn',
    size: 8,
    reason: 'Asked for a demo',
    agoMin: 1560,
    status: 'rejected',
  },
  {
    name: 'Nadia Petrova',
    title: 'VP Supply Chain',
    company: 'Volga Steel',
    size: 5200,
    reason: 'Asked for a demo',
    agoMin: 1620,
    status: 'deal',
    source: 'social',
  },
];
