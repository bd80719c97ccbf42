import { LADDER_ACTS, type LadderStep, type PromiseRule } from '../document.ts';
import { parseDuration, readDuration } from '../readDuration.ts';
import {
  type At,
  complete,
  type Read,
  readById,
  readFields,
  readList,
  readOneOf,
  readOneOrMore,
  report,
} from '../reader.ts';

const EXAMPLE = '{ contact-within: 4h, next-step-within: 1wd }';
const KEYS = ['contact-within', 'next-step-within', 'outcome-within', 'tries', 'grace-after-reassign', 'ladder'];

const readTries: Read<NonNullable<PromiseRule['tries']>> = (at) => {
  const text = at.node.kind === 'scalar' ? String(at.node.value) : '';
  const match = /^([1-9]\d?) in (.{2,24})$/.exec(text);
  const within = match?.[2] === undefined ? undefined : parseDuration(match[2]);
  if (match === null || within === undefined)
    return report(
      at,
      'invalid-rate',
      `“${text.slice(0, 40)}” does not say how many tries in which time`,
      'write 6 in 10wd',
    );
  return { count: Number(match[1]), within };
};

const readPercent: Read<number> = (at) => {
  const text = at.node.kind === 'scalar' ? String(at.node.value) : '';
  const match = /^([1-9]\d{0,3})%$/.exec(text);
  const percent = Number(match?.[1]);
  if (match !== null && percent <= 1_000) return percent;
  return report(
    at,
    'invalid-percent',
    `“${text.slice(0, 40)}” is no share of the time`,
    'write it like 50%, at most 1000%',
  );
};

const readStep: Read<LadderStep> = (at) => {
  const fields = readFields(at, ['at', 'do'], '{ at: 50%, do: remind }');
  if (fields === undefined) return undefined;
  return complete<LadderStep>({
    atPercent: fields.required('at', readPercent),
    do: fields.required('do', readOneOrMore(readOneOf(LADDER_ACTS), '[remind-task, tell-manager]', 4)),
  });
};

const readSteps = readList(readStep, '[ { at: 50%, do: remind } ]', { min: 0, max: 10 });
const readLadder: Read<readonly LadderStep[]> = (at) => {
  const steps = readSteps(at);
  const ascends = steps?.every((step, index) => index === 0 || step.atPercent > (steps[index - 1]?.atPercent ?? 0));
  if (ascends === false)
    return report(at, 'not-in-vocabulary', 'the steps are not in order', 'write the earliest first');
  return steps;
};

const readPromiseRule = (at: At, intent: string): PromiseRule | undefined => {
  const fields = readFields(at, KEYS, EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<PromiseRule>({
    intent,
    contactWithin: fields.required('contact-within', readDuration),
    nextStepWithin: fields.optional('next-step-within', readDuration, null),
    outcomeWithin: fields.optional('outcome-within', readDuration, null),
    tries: fields.optional('tries', readTries, null),
    graceAfterReassign: fields.optional('grace-after-reassign', readDuration, null),
    ladder: fields.optional('ladder', readLadder, []),
  });
};

/** `promise`: what sales promises, by intent. */
export const readPromise = readById(readPromiseRule, `{ high: ${EXAMPLE} }`, 20);
