import { TRUST } from '../../facts/fact.ts';
import { KEEP_MAX } from '../../signals/signalKey.ts';
import type { ActionRule } from '../document.ts';
import { readWhere } from '../readCondition.ts';
import { readElapsed } from '../readDuration.ts';
import { type At, complete, readById, readFields, readInteger, readOneOf, readPlainText } from '../reader.ts';

const EXAMPLE = '{ say: asked for a demo, on: Demo Requested }';
const KEYS = ['say', 'on', 'where', 'times', 'within', 'trust'];

const readAction = (at: At, id: string): ActionRule | undefined => {
  const fields = readFields(at, KEYS, EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<ActionRule>({
    id,
    say: fields.required('say', readPlainText()),
    on: fields.required('on', readPlainText(100)),
    where: fields.optional('where', readWhere, null),
    times: fields.optional('times', readInteger(1, KEEP_MAX), 1),
    withinMs: fields.optional('within', readElapsed, null),
    trust: fields.optional('trust', readOneOf(TRUST), 'form'),
  });
};

/** `actions`: what shows high intent. */
export const readActions = readById(readAction, `{ demo: ${EXAMPLE} }`);
