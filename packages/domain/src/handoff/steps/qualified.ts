import type { Evaluation } from '../../policy/evaluation.ts';
import type { Draft } from '../draft.ts';
import { otherwiseOf } from '../otherwise.ts';
import type { AssignmentTrace, Trace } from '../trace.ts';

/** What is handed off, once a rule (or a person) says that somebody qualifies. */
export type Qualified = {
  readonly kind: 'inbound' | 'fast-track';
  readonly intent: string;
  readonly ruleId: string;
  readonly reason: string;
  readonly evaluation: Evaluation | null;
};

/** The trace of somebody who qualified. */
export const traceOf = (draft: Draft, qualified: Qualified, assignment: AssignmentTrace | null): Trace => ({
  evaluation: qualified.evaluation,
  assignment,
  transition: qualified.kind === 'fast-track' ? 'fast-track' : 'qualify',
  say: assignment === null ? qualified.reason : `${qualified.reason}; ${assignment.say}`,
  otherwise: otherwiseOf(draft, qualified.evaluation, assignment),
});
