import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '@baton/domain/kernel/time.ts';
import type { Touch } from '@baton/domain/source/touch.ts';
import type { Random } from './random.ts';
import type { DemoPerson, Persona } from './world.ts';

/** One act of a person, before it becomes an event of the intake. */
export type DemoAct = {
  readonly at: Instant;
  readonly name: string;
  readonly via: 'website' | 'forms' | 'app' | 'mail';
  readonly properties: { readonly [name: string]: string | number };
};

/** Where people come from, and what the touch says of it. */
export const makeTouch = (random: Random): Omit<Touch, 'at' | 'key'> =>
  random.weighted<Omit<Touch, 'at' | 'key'>>([
    [{ source: 'organic', referrer: 'https://search.example/' }, 30],
    [
      {
        source: 'paid',
        campaign: 'spring-search',
        utm: { source: 'search', medium: 'cpc', campaign: 'spring-search' },
      },
      20,
    ],
    [
      {
        source: 'social',
        campaign: 'launch-post',
        utm: { source: 'social', medium: 'social', campaign: 'launch-post' },
      },
      12,
    ],
    [
      {
        source: 'email',
        campaign: 'newsletter',
        utm: { source: 'newsletter', medium: 'email', campaign: 'newsletter' },
      },
      14,
    ],
    [{ source: 'referral', referrer: 'https://partner-blog.example/' }, 10],
    [{ source: 'partner', campaign: 'reseller' }, 5],
    [{ source: 'direct' }, 9],
  ]);

type Habit = {
  readonly visits: readonly [number, number];
  readonly pagesEach: readonly [number, number];
  readonly pricing: number;
  readonly opens: readonly [number, number];
  readonly downloads: readonly [number, number];
  readonly form: number;
  readonly demo: number;
  readonly trial: number;
  readonly leaves: number;
};
const HABITS: { readonly [persona in Persona]: Habit } = {
  'passer-by': {
    visits: [1, 2],
    pagesEach: [1, 3],
    pricing: 0.03,
    opens: [0, 0],
    downloads: [0, 0],
    form: 0,
    demo: 0,
    trial: 0,
    leaves: 0,
  },
  reader: {
    visits: [1, 4],
    pagesEach: [1, 3],
    pricing: 0.05,
    opens: [1, 5],
    downloads: [0, 1],
    form: 0.2,
    demo: 0,
    trial: 0,
    leaves: 0.03,
  },
  researcher: {
    visits: [2, 6],
    pagesEach: [2, 5],
    pricing: 0.3,
    opens: [1, 6],
    downloads: [1, 3],
    form: 0.5,
    demo: 0.03,
    trial: 0.05,
    leaves: 0,
  },
  evaluator: {
    visits: [3, 7],
    pagesEach: [2, 6],
    pricing: 0.7,
    opens: [1, 4],
    downloads: [1, 3],
    form: 0.6,
    demo: 0.3,
    trial: 0.35,
    leaves: 0,
  },
  'hand-raiser': {
    visits: [1, 3],
    pagesEach: [2, 4],
    pricing: 0.5,
    opens: [0, 2],
    downloads: [0, 1],
    form: 0.3,
    demo: 1,
    trial: 0.1,
    leaves: 0,
  },
  student: {
    visits: [2, 6],
    pagesEach: [3, 8],
    pricing: 0.1,
    opens: [1, 3],
    downloads: [2, 4],
    form: 0.6,
    demo: 0.02,
    trial: 0,
    leaves: 0,
  },
  leaver: {
    visits: [1, 3],
    pagesEach: [1, 4],
    pricing: 0.1,
    opens: [2, 5],
    downloads: [0, 1],
    form: 0.3,
    demo: 0.05,
    trial: 0,
    leaves: 1,
  },
};

const PAGES = ['/', '/product', '/blog/handoff', '/blog/lead-scoring', '/customers', '/docs/start', '/about'] as const;
const DOWNLOADS = ['handoff-guide', 'sla-template', 'scoring-worksheet'] as const;

/** A moment of a working day after `at`: most people read at work, some in the evening. UTC is close enough for a demo. */
const workingMoment = (random: Random, at: Instant): Instant => {
  const day = Math.floor(at / DAY_MS);
  const weekday = (day + 4) % 7;
  const moved = weekday === 0 && random.chance(0.8) ? day + 1 : weekday === 6 && random.chance(0.8) ? day + 2 : day;
  return (
    moved * DAY_MS + (random.chance(0.85) ? random.whole(7 * 60, 17 * 60) : random.whole(17 * 60, 21 * 60)) * MINUTE_MS
  );
};

/** What one person did from `from` on, in order of time; nothing later than `until`. */
export const makeJourney = (random: Random, person: DemoPerson, from: Instant, until: Instant): DemoAct[] => {
  const habit = HABITS[person.persona];
  const acts: DemoAct[] = [];
  const act = (at: Instant, name: string, via: DemoAct['via'], properties: DemoAct['properties'] = {}): void => {
    if (at <= until) acts.push({ at, name, via, properties });
  };
  let at = workingMoment(random, from);
  const visits = random.whole(...habit.visits);
  for (let visit = 0; visit < visits; visit += 1) {
    const pages = random.whole(...habit.pagesEach);
    for (let page = 0; page < pages; page += 1)
      act(at + page * random.whole(20, 160) * 1_000, 'page', 'website', { path: random.pick(PAGES) });
    if (random.chance(habit.pricing)) act(at + 9 * MINUTE_MS, 'page', 'website', { path: '/pricing' });
    at = workingMoment(random, at + random.whole(8, 96) * HOUR_MS);
  }
  for (let open = random.whole(...habit.opens); open > 0; open -= 1) {
    const opened = workingMoment(random, from + random.whole(0, 20) * DAY_MS);
    act(opened, 'Email Opened', 'mail', { campaign: 'newsletter' });
    if (random.chance(0.3)) act(opened + MINUTE_MS, 'Email Link Clicked', 'mail', { campaign: 'newsletter' });
  }
  for (let count = random.whole(...habit.downloads); count > 0; count -= 1) {
    act(workingMoment(random, from + random.whole(0, 12) * DAY_MS), 'Content Downloaded', 'forms', {
      asset: random.pick(DOWNLOADS),
    });
  }
  const decided = workingMoment(random, from + random.whole(1, 14) * DAY_MS);
  if (random.chance(habit.form)) act(decided, 'Form Submitted', 'forms', { form: 'contact' });
  if (random.chance(habit.trial)) act(decided + 2 * HOUR_MS, 'Trial Started', 'app', { plan: 'team' });
  if (random.chance(habit.demo)) act(decided + 3 * HOUR_MS, 'Demo Requested', 'forms', { form: 'demo' });
  if (random.chance(habit.leaves)) act(decided + 2 * DAY_MS, 'Unsubscribed', 'mail', {});
  return acts.sort((left, right) => left.at - right.at);
};
