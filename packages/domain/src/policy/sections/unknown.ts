import type { UnknownRule } from '../document.ts';
import { readElapsed } from '../readDuration.ts';
import { complete, type Read, readFields, readId, readList, readOneOf } from '../reader.ts';

const EXAMPLE = '{ ask: [enrichment-webhook], wait: 60s, then: queue-for-research }';

/** `unknown`: what happens when only missing facts keep a rule from being met. */
export const readUnknown: Read<UnknownRule> = (at) => {
  const fields = readFields(at, ['ask', 'wait', 'then'], EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<UnknownRule>({
    ask: fields.required('ask', readList(readId, '[enrichment-webhook]', { min: 1, max: 10 })),
    waitMs: fields.required('wait', readElapsed),
    after: fields.required('then', readOneOf(['queue-for-research', 'leave'])),
  });
};
