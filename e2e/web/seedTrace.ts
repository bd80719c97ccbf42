import type { DecisionTrace } from '@baton/contract/trace.ts';
import type { SeedHandoff } from './morning.ts';

const MINUTE = 60_000;
const LEAD = 1_000_000_000;

export const REPS = ['Ana Weber', 'Dana Lindqvist', 'Eli Brandt', 'Cy Duarte', 'Grace Kim', 'Ben Okafor'] as const;

/** The reasons of a seeded handoff, as a decision would have kept them. */
export const traceOf = (seed: SeedHandoff, at: number, rep: number): DecisionTrace => {
  const demo = seed.reason.startsWith('Asked');
  const name = (id: number): string => REPS[id - 1] ?? '';
  const others = [1, 2, 3].filter((id) => id !== rep);
  return {
    evaluation: {
      verdict: 'met',
      rule: { id: demo ? 'hand-raiser' : 'engaged-and-fits', intent: seed.intent ?? 'high', say: seed.reason },
      rules: [
        {
          id: 'hand-raiser',
          intent: 'high',
          verdict: demo ? 'met' : 'not-met',
          criterion: {
            id: 'demo',
            kind: 'action',
            say: 'asked for a demo',
            verdict: demo ? 'met' : 'not-met',
            value: demo ? 1 : 0,
            needs: 1,
            evidence: demo ? [{ at: at - 20_000, key: `demo${at}`, trust: 'form' }] : [],
            of: [],
          },
        },
        {
          id: 'engaged-and-fits',
          intent: 'standard',
          verdict: demo ? 'not-met' : 'met',
          criterion: {
            id: null,
            kind: 'all',
            say: 'all of',
            verdict: demo ? 'not-met' : 'met',
            evidence: [],
            of: [
              {
                id: null,
                kind: 'fit',
                say: 'fit of at least 60',
                verdict: 'met',
                value: 75,
                needs: 60,
                evidence: [],
                of: [],
              },
              {
                id: null,
                kind: 'engagement',
                say: 'engagement of at least 40',
                verdict: demo ? 'not-met' : 'met',
                value: demo ? 31 : 44,
                needs: 40,
                evidence: [],
                of: [],
              },
            ],
          },
        },
      ],
      fit: {
        known: 75,
        possible: 75,
        parts: [
          { id: 'size', say: 'size', verdict: 'met', points: 30, value: seed.size },
          { id: 'role', say: 'role', verdict: 'met', points: 25, value: seed.title },
          { id: 'region', say: 'region', verdict: 'met', points: 20, value: 'DE' },
        ],
      },
      engagement: {
        points: demo ? 31 : 44,
        parts: [
          { id: 'pricing', say: 'pricing pages', points: 15, count: 2, latestAt: at - 8 * MINUTE },
          { id: 'webinar', say: 'webinar', points: demo ? 16 : 29, count: 1, latestAt: at - 90 * MINUTE },
        ],
      },
      missing: [],
      reevaluateAt: null,
    },
    assignment: {
      routes: [{ routeId: 'dach', verdict: 'met', say: 'Company in Germany, Austria or Switzerland: team DACH' }],
      routeId: 'dach',
      how: seed.status === 'queued' ? 'queue' : 'ledger',
      say: seed.status === 'queued' ? 'Nobody of DACH could take it' : 'Next by credit in DACH, at +0.75',
      step: {
        key: `dach/${seed.intent ?? 'high'}`,
        seq: 41,
        kind: 'assigned',
        at,
        winner: rep,
        lines: [
          {
            repId: rep,
            weight: 100,
            before: String(0.35 * LEAD),
            accrued: String(0.4 * LEAD),
            after: String(-0.25 * LEAD),
          },
          {
            repId: others[0] ?? 2,
            weight: 100,
            before: String(-0.05 * LEAD),
            accrued: String(0.4 * LEAD),
            after: String(0.35 * LEAD),
          },
          { repId: others[1] ?? 3, weight: 50, before: '0', accrued: String(0.2 * LEAD), after: String(0.2 * LEAD) },
        ],
        excluded: [
          { repId: 4, code: 'cap-open', say: 'Full: 12 of 12 open leads' },
          { repId: 5, code: 'condition', say: 'Speaks no German' },
          { repId: 6, code: 'inactive', say: 'Switched off since Monday' },
        ],
      },
    },
    transition: 'qualify',
    say: `${seed.name} qualified: ${seed.reason}. ${name(rep)} is next by credit.`,
    otherwise: [
      { if: 'Without the demo request', then: 'not qualified; engagement 31 of 40' },
      { if: `${name(others[0] ?? 2)} with 0.40 more credit`, then: name(others[0] ?? 2) },
      { if: `${seed.company} with an owner in sales`, then: 'that owner, no rotation' },
    ],
  };
};
