import type { ExperimentRule } from '../document.ts';
import { readCondition } from '../readCondition.ts';
import { type At, complete, type Read, readById, readFields, report } from '../reader.ts';

const EXAMPLE = '{ hold-out: 10% }';

const readShare: Read<number> = (at) => {
  const text = at.node.kind === 'scalar' ? String(at.node.value) : '';
  const match = /^([1-9]\d?)%$/.exec(text);
  if (match === null) return report(at, 'invalid-percent', `“${text.slice(0, 40)}” is no share`, 'write 1% to 99%');
  return Number(match[1]);
};

const readExperiment = (at: At, id: string): ExperimentRule | undefined => {
  const fields = readFields(at, ['hold-out', 'when'], EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<ExperimentRule>({
    id,
    holdOutPercent: fields.required('hold-out', readShare),
    when: fields.optional('when', readCondition, null),
  });
};

/** `experiments`: shares of contacts that are held out. */
export const readExperiments = readById(readExperiment, `{ control: ${EXAMPLE} }`, 20);
