import type { ExceptRule, Hold } from '../document.ts';
import { readCondition } from '../readCondition.ts';
import { readElapsed } from '../readDuration.ts';
import { complete, type Read, readEntries, readFields, readId, readOneOf, readRules, report } from '../reader.ts';
import { readTarget } from '../readTarget.ts';

const EXAMPLE =
  '{ id: competitor, when: { company.domain: { in-list: competitors } }, then: { hold: 30d, queue: triage } }';

const readInstead: Read<ExceptRule['instead']> = (at) => {
  const entries = readEntries(at, '{ hold: 30d, queue: triage }');
  if (entries === undefined) return undefined;
  const keys = entries.map((entry) => entry.key);
  if (keys.includes('handoff')) {
    const fields = readFields(at, ['handoff', 'to'], '{ handoff: expansion, to: company-owner }');
    const intent = fields?.required('handoff', readId);
    const to = fields?.required('to', readTarget);
    return intent === undefined || to === undefined ? undefined : { kind: 'handoff', intent, to };
  }
  if (!keys.includes('hold'))
    return report(
      at,
      'no-exit',
      'an exception says where the lead goes and until when',
      'write { hold: 30d, queue: triage } or { handoff: expansion, to: company-owner }',
    );
  const fields = readFields(at, ['hold', 'queue', 'after'], '{ hold: 30d, queue: triage, after: drop }');
  if (fields === undefined) return undefined;
  const hold = complete<Hold>({
    ms: fields.required('hold', readElapsed),
    queue: fields.required('queue', readId),
    after: fields.optional('after', readOneOf(['drop', 'hand-off']), 'drop'),
  });
  return hold === undefined ? undefined : { kind: 'hold', hold };
};

const readExceptRule: Read<ExceptRule> = (at) => {
  const fields = readFields(at, ['id', 'when', 'then'], EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<ExceptRule>({
    id: fields.required('id', readId),
    when: fields.required('when', readCondition),
    instead: fields.required('then', readInstead),
  });
};

/** `except`: somebody who qualified and is not handed off the usual way. */
export const readExcept = readRules(readExceptRule, `[ ${EXAMPLE} ]`);
