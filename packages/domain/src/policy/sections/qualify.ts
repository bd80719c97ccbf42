import type { QualifyRule } from '../document.ts';
import { readCriterion } from '../readCriterion.ts';
import {
  type At,
  complete,
  type Read,
  readEntries,
  readFields,
  readId,
  readPlainText,
  readRules,
  report,
} from '../reader.ts';

const EXAMPLE = '{ id: hand-raiser, intent: high, any: [ { action: demo } ] }';
const OWN_KEYS = ['id', 'say', 'intent'];

/** What is left of the rule without its own keys is its criterion. */
const criterionOf = (at: At): At | undefined => {
  const entries = readEntries(at, EXAMPLE)?.filter((entry) => !OWN_KEYS.includes(entry.key));
  if (entries === undefined) return undefined;
  if (entries.length === 0)
    return report(at, 'missing-key', 'the rule asks for nothing', `name a criterion, as in ${EXAMPLE}`);
  return { ...at, node: { kind: 'map', entries, line: at.node.line, col: at.node.col } };
};

const readQualifyRule: Read<QualifyRule> = (at) => {
  const criterion = criterionOf(at);
  if (criterion === undefined || at.node.kind !== 'map') return undefined;
  const own = at.node.entries.filter((entry) => OWN_KEYS.includes(entry.key));
  const fields = readFields({ ...at, node: { ...at.node, entries: own } }, OWN_KEYS, EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<QualifyRule>({
    id: fields.required('id', readId),
    say: fields.optional('say', readPlainText(), null),
    intent: fields.required('intent', readId),
    when: readCriterion(criterion),
  });
};

/** `qualify`: the first rule that is met wins. */
export const readQualify = readRules(readQualifyRule, `[ ${EXAMPLE} ]`);
