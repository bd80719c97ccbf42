import type { GuardRule } from '../document.ts';
import { type At, complete, type Read, readById, readFields, readOneOf, report } from '../reader.ts';

const EXAMPLE = '{ measure: handoffs-per-rep, at-most: +15% }';
const MEASURES = ['handoffs', 'handoffs-per-rep', 'handoffs-per-day', 'rejections'] as const;

const readMore: Read<number> = (at) => {
  const text = at.node.kind === 'scalar' ? String(at.node.value) : '';
  const match = /^\+(\d{1,4})%$/.exec(text);
  if (match === null) return report(at, 'invalid-percent', `“${text.slice(0, 40)}” is no limit`, 'write it like +15%');
  return Number(match[1]);
};

const readGuard = (at: At, id: string): GuardRule | undefined => {
  const fields = readFields(at, ['measure', 'at-most'], EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<GuardRule>({
    id,
    measure: fields.required('measure', readOneOf(MEASURES)),
    atMostPercentMore: fields.required('at-most', readMore),
  });
};

/** `guards`: limits that a backtest of this policy must keep. */
export const readGuards = readById(readGuard, `{ load: ${EXAMPLE} }`, 20);
