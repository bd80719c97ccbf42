import { type FirstTaskRule, TASK_TYPES } from '../document.ts';
import { readDuration } from '../readDuration.ts';
import { type At, complete, type Read, readById, readFields, readOneOf } from '../reader.ts';
import { readTemplate } from '../readTemplate.ts';

const EXAMPLE = '{ type: call, else: email, title: "Call {{ contact.name }}", due: promise }';

const readDue: Read<FirstTaskRule['due']> = (at) => {
  if (at.node.kind === 'scalar' && at.node.value === 'promise') return { kind: 'promise' };
  const duration = readDuration(at);
  return duration === undefined ? undefined : { kind: 'after', duration };
};

const readTask = (at: At, intent: string): FirstTaskRule | undefined => {
  const fields = readFields(at, ['type', 'else', 'title', 'due'], EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<FirstTaskRule>({
    intent,
    type: fields.required('type', readOneOf(TASK_TYPES)),
    else: fields.optional('else', readOneOf(TASK_TYPES), null),
    title: fields.required('title', readTemplate()),
    due: fields.optional('due', readDue, { kind: 'promise' }),
  });
};

/** `first-task`: what the rep does first, by intent. */
export const readFirstTask = readById(readTask, `{ high: ${EXAMPLE} }`, 20);
