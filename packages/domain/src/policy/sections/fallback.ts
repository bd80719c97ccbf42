import type { Fallback } from '../document.ts';
import { complete, type Read, readFields, readId } from '../reader.ts';

/** `fallback`: where a lead waits when no route has anybody for it. */
export const readFallback: Read<Fallback> = (at) => {
  const fields = readFields(at, ['queue', 'tell'], '{ queue: triage, tell: sales-managers }');
  if (fields === undefined) return undefined;
  return complete<Fallback>({
    queue: fields.required('queue', readId),
    tell: fields.optional('tell', readId, null),
  });
};
