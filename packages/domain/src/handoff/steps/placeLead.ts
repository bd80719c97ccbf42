import type { Decided } from '../decision.ts';
import { type Draft, finish } from '../draft.ts';
import { evidenceOf } from '../evidence.ts';
import type { Passage } from '../gate.ts';
import { openHandoff } from './openHandoff.ts';
import { findPlace } from './place.ts';
import { type Qualified, traceOf } from './qualified.ts';

/** Finds the owner or queue and opens the handoff there. */
export const placeLead = (
  draft: Draft,
  qualified: Qualified,
  expansion: Extract<Passage, { kind: 'expansion' }> | null,
): Decided => {
  const intent = expansion?.intent ?? qualified.intent;
  const target = expansion?.to ? { id: expansion.exceptionId, to: expansion.to } : null;
  const routed = findPlace(draft, { intent, target, declinedBy: [] });
  if (routed.kind === 'needs') return routed;
  const { placed } = routed;
  openHandoff(
    draft,
    {
      kind: expansion === null ? qualified.kind : 'expansion',
      intent,
      ruleId: qualified.ruleId,
      reason: qualified.reason,
      evidence: evidenceOf(qualified.evaluation, qualified.ruleId, draft.context.now),
      stage: qualified.kind === 'fast-track' ? 'fast-tracked' : 'qualified',
      exceptionId: expansion?.exceptionId ?? null,
      accepted: false,
    },
    placed,
  );
  return finish(draft, 'qualified', traceOf(draft, qualified, placed.trace));
};
