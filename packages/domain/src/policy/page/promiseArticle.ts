import { promiseFor } from '../../promise/promises.ts';
import type { LadderAct, PolicyDocument, PromiseRule } from '../document.ts';
import { andList, clause, type Run, type Said, strong } from './clause.ts';
import { sayDuration, sayIntent } from './sayParts.ts';

const ACTS: { readonly [Act in LadderAct]: string } = {
  remind: 'the rep is reminded',
  'remind-task': 'the rep gets a reminder task',
  'tell-manager': 'the manager is told',
  reassign: 'another rep gets the lead',
};

/** What sales promises, by intent. */
export const promiseClauses = ({ promise }: PolicyDocument): readonly Said[] => [
  ...promise.map((rule) =>
    clause(`promise.${rule.intent}.contact-within`, [
      sayIntent(rule.intent),
      ': a first attempt within ',
      strong(sayDuration(rule.contactWithin)),
      '.',
    ]),
  ),
  ...promise.flatMap(furtherClause),
  ...promise.flatMap(ladderClause),
];

const furtherClause = (rule: PromiseRule): readonly Said[] => {
  const parts: (readonly (string | Run)[])[] = [];
  if (rule.nextStepWithin !== null) parts.push(['the next step within ', strong(sayDuration(rule.nextStepWithin))]);
  if (rule.outcomeWithin !== null) parts.push(['an outcome within ', strong(sayDuration(rule.outcomeWithin))]);
  if (rule.tries !== null)
    parts.push([
      strong(rule.tries.count),
      ` tries in ${sayDuration(rule.tries.within)} before anybody is reached, or the manager is told`,
    ]);
  if (rule.graceAfterReassign !== null)
    parts.push(['a new owner has ', strong(sayDuration(rule.graceAfterReassign)), ' of their own']);
  if (parts.length === 0) return [];
  const words = parts.flatMap((part, index) => (index === 0 ? part : [', ', ...part]));
  return [clause(`promise.${rule.intent}`, [sayIntent(rule.intent), ': ', words, '.'])];
};

const ladderClause = (rule: PromiseRule): readonly Said[] => {
  const steps = promiseFor({ promise: [rule] }, rule.intent).ladder.map(
    (step) => `at ${step.atPercent} % of the time ${andList(step.do.map((act) => ACTS[act]))}`,
  );
  const words = `${steps.join('; ')}; after that the manager is told each working day.`;
  return [clause(`promise.${rule.intent}.ladder`, [sayIntent(rule.intent), `: ${words}`])];
};
