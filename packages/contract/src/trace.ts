/**
 * The reasons of a decision as they travel and as they are stored: the domain's `Trace`, with bigints as decimal texts and
 * instants as epoch ms (a trace is evidence, kept byte for byte, so it isn't rewritten for the wire).
 */
import { ASSIGNMENT_HOWS } from '@baton/domain/handoff/trace.ts';
import { z } from 'zod/mini';

const verdict = z.enum(['met', 'not-met', 'unknown']);
const factValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

/** One criterion as it stood, with nested ones under `of`. */
export const criterionTrace = z.looseObject({
  id: z.nullable(z.string()),
  kind: z.enum(['fact', 'action', 'fit', 'engagement', 'all', 'any', 'not']),
  say: z.string(),
  verdict,
  value: z.optional(factValue),
  needs: z.optional(factValue),
  evidence: z.array(z.looseObject({ at: z.number(), key: z.string(), trust: z.nullable(z.string()) })),
  get of(): z.ZodMiniArray<z.ZodMiniType<CriterionTrace>> {
    return z.array(criterionTrace) as never;
  },
});
export type CriterionTrace = {
  id: string | null;
  kind: 'fact' | 'action' | 'fit' | 'engagement' | 'all' | 'any' | 'not';
  say: string;
  verdict: 'met' | 'not-met' | 'unknown';
  value?: FactValue | undefined;
  needs?: FactValue | undefined;
  evidence: { at: number; key: string; trust: string | null }[];
  of: CriterionTrace[];
};

/** What the policy made of the contact at the instant of the decision. */
export const evaluationTrace = z.looseObject({
  verdict,
  rule: z.nullable(z.looseObject({ id: z.string(), intent: z.string(), say: z.string() })),
  rules: z.array(z.looseObject({ id: z.string(), intent: z.string(), verdict, criterion: criterionTrace })),
  fit: z.looseObject({
    known: z.number(),
    possible: z.number(),
    parts: z.array(
      z.looseObject({ id: z.string(), say: z.string(), verdict, points: z.number(), value: z.optional(factValue) }),
    ),
  }),
  engagement: z.looseObject({
    points: z.number(),
    parts: z.array(
      z.looseObject({
        id: z.string(),
        say: z.string(),
        points: z.number(),
        count: z.number(),
        latestAt: z.nullable(z.number()),
      }),
    ),
  }),
  missing: z.array(z.string()),
  reevaluateAt: z.nullable(z.number()),
});

const exclusion = z.looseObject({ repId: z.number(), code: z.string(), say: z.string() });

/** One step of a credit ledger. Credits are decimal texts of micro-credits, 1 000 000 000 for one lead. */
export const ledgerStep = z.looseObject({
  key: z.string(),
  seq: z.number(),
  kind: z.enum(['assigned', 'reversed', 'left', 'granted', 'forced']),
  at: z.number(),
  winner: z.nullable(z.number()),
  lines: z.array(
    z.looseObject({
      repId: z.number(),
      weight: z.number(),
      before: z.string(),
      accrued: z.string(),
      after: z.string(),
    }),
  ),
  excluded: z.array(exclusion),
  /** Of a `forced` step: what the winner would have paid below the floor. */
  uncharged: z.optional(z.string()),
  reverses: z.optional(z.number()),
});

/** Why this owner: the routes in the order tried, and the ledger's step where one was taken. */
export const assignmentTrace = z.looseObject({
  routes: z.array(z.looseObject({ routeId: z.string(), verdict, say: z.string() })),
  routeId: z.nullable(z.string()),
  how: z.enum(ASSIGNMENT_HOWS),
  step: z.nullable(ledgerStep),
  say: z.string(),
  /** The teams in which nobody could take it, with the reason for each member. */
  nobody: z.optional(z.array(z.looseObject({ teamId: z.string(), excluded: z.array(exclusion) }))),
});

export const decisionTrace = z.looseObject({
  evaluation: z.nullable(evaluationTrace),
  assignment: z.nullable(assignmentTrace),
  transition: z.string(),
  say: z.string(),
  otherwise: z.array(z.looseObject({ if: z.string(), then: z.string() })),
});

export type FactValue = z.infer<typeof factValue>;
export type EvaluationTrace = z.infer<typeof evaluationTrace>;
export type LedgerStepTrace = z.infer<typeof ledgerStep>;
export type AssignmentTrace = z.infer<typeof assignmentTrace>;
export type DecisionTrace = z.infer<typeof decisionTrace>;
