import { LEAD_STATUSES } from '../../lifecycle/stage.ts';
import type { StatusRule } from '../document.ts';
import { type At, complete, readById, readFields, readOneOf, readPlainText, report } from '../reader.ts';

const EXAMPLE = '{ like: bad-timing, label: Nurturing }';

const readStatus = (at: At, id: string): StatusRule | undefined => {
  const fields = readFields(at, ['like', 'label'], EXAMPLE);
  if (fields === undefined) return undefined;
  const rule = complete<StatusRule>({
    id,
    like: fields.required('like', readOneOf(LEAD_STATUSES)),
    label: fields.required('label', readPlainText(40)),
  });
  const own = LEAD_STATUSES.find((status) => status === id);
  if (rule === undefined || own === undefined || rule.like === own) return rule;
  return report(
    at,
    'duplicate-id',
    `${id} is a status of its own`,
    `write like: ${id} to relabel it, or choose another name`,
  );
};

/** `statuses`: a company's own lead statuses, and new labels for the eight. */
export const readStatuses = readById(readStatus, `{ nurturing: ${EXAMPLE} }`, 50);
