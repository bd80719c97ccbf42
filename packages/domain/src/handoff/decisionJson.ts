import { exactJson } from '../kernel/exactJson.ts';
import type { Decision } from './decision.ts';
import type { Trace } from './trace.ts';

/** A trace as it is stored: the same decision, the same bytes; bigints as decimal texts. */
export const traceJson = (trace: Trace): string => exactJson(trace);

/** A whole decision as bytes, to compare a replay with what was. */
export const decisionJson = (decision: Decision): string =>
  exactJson({ ...decision, loads: [...decision.loads].sort(([a], [b]) => a - b) });
