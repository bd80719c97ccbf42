import type { ManualRule } from '../document.ts';
import { complete, type Read, readFields, readList, readOneOf, report } from '../reader.ts';

const EXAMPLE = '{ by: marketing, needs: [note, intent], at-most: 10/week }';

const readRate: Read<{ readonly count: number; readonly per: 'day' | 'week' }> = (at) => {
  const text = at.node.kind === 'scalar' ? String(at.node.value) : '';
  const match = /^([1-9]\d{0,4})\/(day|week)$/.exec(text);
  if (match === null)
    return report(at, 'invalid-rate', `“${text.slice(0, 40)}” is no rate`, 'write it like 10/week or 3/day');
  return { count: Number(match[1]), per: match[2] === 'day' ? 'day' : 'week' };
};

/** `manual`: marketing's fast track. */
export const readManual: Read<ManualRule> = (at) => {
  const fields = readFields(at, ['by', 'needs', 'at-most'], EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<ManualRule>({
    by: fields.required('by', readOneOf(['marketing'])),
    needs: fields.optional('needs', readList(readOneOf(['note', 'intent']), '[note, intent]'), []),
    atMost: fields.optional('at-most', readRate, null),
  });
};
