import type { DealRule } from '../document.ts';
import { readElapsed } from '../readDuration.ts';
import { type At, complete, readById, readFields, readId, readOneOf } from '../reader.ts';
import { readTemplate } from '../readTemplate.ts';

const EXAMPLE = '{ pipeline: sales, stage: appointment, name: "{{ company.name }}" }';
const KEYS = ['pipeline', 'stage', 'name', 'owner', 'close-in', 'if-open', 'if-rejected'];

const readDealRule = (at: At, intent: string): DealRule | undefined => {
  const fields = readFields(at, KEYS, EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<DealRule>({
    intent,
    pipeline: fields.required('pipeline', readId),
    stage: fields.required('stage', readId),
    name: fields.required('name', readTemplate()),
    owner: fields.optional('owner', readOneOf(['handoff', 'none']), 'handoff'),
    closeInMs: fields.optional('close-in', readElapsed, null),
    ifOpen: fields.optional('if-open', readOneOf(['attach', 'new']), 'attach'),
    ifRejected: fields.optional('if-rejected', readOneOf(['close-lost', 'keep']), 'close-lost'),
  });
};

/** `deal`: the deal that is made without manual work, by intent. */
export const readDeal = readById(readDealRule, `{ high: ${EXAMPLE} }`, 20);
