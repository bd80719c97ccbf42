/** Reads what a `qualify` rule asks: actions, score thresholds and facts, nested. */
import type { Criterion, CriterionLeaf, ThresholdOperator } from './condition.ts';
import { nearest } from './nearest.ts';
import { allOf, type ReadLeaf, readFactEntry, readTree } from './readCondition.ts';
import { type At, into, type Read, readEntries, readInteger, readReference, report } from './reader.ts';
import type { SourceEntry } from './source.ts';

const THRESHOLDS = ['gt', 'gte', 'lt', 'lte'] as const satisfies readonly ThresholdOperator[];
const LEAVES = ['action', 'fit', 'engagement', 'all', 'any', 'not'] as const;
const readAction = readReference(
  (at) => at.reading.declared.actions,
  'unknown-action',
  'an action of the actions section',
);
const readPoints = readInteger(-100_000, 100_000);

const readThreshold = (at: At, kind: 'fit' | 'engagement'): Criterion | undefined => {
  const entries = readEntries(at, '{ gte: 60 }');
  if (entries === undefined) return undefined;
  if (entries.length === 0) return report(at, 'always-matches', 'there is no threshold', 'write { gte: 60 }');
  const tests = entries.map((entry) => {
    const op = THRESHOLDS.find((known) => known === entry.key);
    const child = into(at, entry.value, entry.key.slice(0, 40));
    if (op === undefined) {
      const mend = `a score is compared with ${THRESHOLDS.join(', ')}`;
      return report(
        child,
        'unknown-operator',
        `“${entry.key.slice(0, 40)}” does not compare scores`,
        mend,
        'error',
        entry.at,
      );
    }
    const points = readPoints(child);
    return points === undefined ? undefined : ({ kind, op, points } as const);
  });
  return tests.every((test) => test !== undefined) ? allOf<CriterionLeaf>(tests) : undefined;
};

const readLeaf: ReadLeaf<CriterionLeaf> = (at, entry: SourceEntry) => {
  const child = into(at, entry.value, entry.key.slice(0, 80));
  if (entry.key === 'action') {
    const action = readAction(child);
    return action === undefined ? undefined : { kind: 'action', action };
  }
  if (entry.key === 'fit' || entry.key === 'engagement') return readThreshold(child, entry.key);
  if (entry.key.includes('.')) return readFactEntry(at, entry);
  const meant = nearest(entry.key, LEAVES);
  const mend =
    meant === undefined
      ? `known here: ${LEAVES.join(', ')}, and facts such as contact.country`
      : `did you mean ${meant}?`;
  return report(child, 'unknown-key', `“${entry.key.slice(0, 60)}” is no criterion`, mend, 'error', entry.at);
};

/** A criterion tree. */
export const readCriterion: Read<Criterion> = readTree<CriterionLeaf>(readLeaf, '{ action: demo }');
