import type { FitRule } from '../document.ts';
import { readCondition } from '../readCondition.ts';
import { type At, complete, readById, readFields, readInteger, readPlainText, report } from '../reader.ts';

const EXAMPLE = '{ say: is where we sell, when: { contact.country: { in: [DE, FR] } }, points: 20 }';

const readFitRule = (at: At, id: string): FitRule | undefined => {
  const fields = readFields(at, ['say', 'when', 'points'], EXAMPLE);
  if (fields === undefined) return undefined;
  const rule = complete<FitRule>({
    id,
    say: fields.required('say', readPlainText()),
    when: fields.required('when', readCondition),
    points: fields.required('points', readInteger(-10_000, 10_000)),
  });
  if (rule?.points === 0)
    return report(at, 'invalid-number', '0 points say nothing', 'give points, or leave the part out');
  return rule;
};

/** `fit`: who the contact is, and what it is worth. */
export const readFit = readById(readFitRule, `{ region: ${EXAMPLE} }`);
