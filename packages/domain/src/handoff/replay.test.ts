import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { textHash } from '../kernel/textHash.ts';
import { EVALUATOR_VERSION } from '../policy/compile.ts';
import { decisionJson } from './decisionJson.ts';
import { type History, worldOf } from './historyFixture.ts';
import { act } from './worldFixture.ts';

const folder = join(import.meta.dirname, 'histories');
const histories = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.each(histories)('the recorded history %s', (name) => {
  const history = JSON.parse(readFileSync(join(folder, name), 'utf8')) as History;

  test('is decided again as it was: the same outcome, and by the same evaluator the same bytes', () => {
    const world = worldOf(history);
    for (const [index, step] of history.steps.entries()) {
      world.now = step.now;
      const before = world.decisions.length;
      const decided = act(world, step.contactId, step.input);
      const made = world.decisions.slice(before);
      const outcomes = decided.kind === 'refused' ? [decided.refusal.code] : made.map((one) => one.outcome);
      expect(outcomes, `step ${index}, ${step.input.kind}`).toEqual(step.outcomes);
      if (history.evaluatorVersion !== EVALUATOR_VERSION || decided.kind === 'refused') continue;
      expect(textHash(made.map(decisionJson).join('\n')), `bytes of step ${index}, ${step.input.kind}`).toBe(
        step.bytes,
      );
    }
  });

  test('holds what matters: handoffs, refusals, members, deals, rejections, parked ones', () => {
    const seen = new Set(history.steps.flatMap(({ outcomes }) => outcomes));
    for (const outcome of ['qualified', 'joined', 'accepted', 'worked', 'rejected', 'parked', 'won', 'withdrawn'])
      expect(seen).toContain(outcome);
  });
});

test('the newest history holds what clocks do, and a second leg', () => {
  const history = JSON.parse(readFileSync(join(folder, `v${EVALUATOR_VERSION}.json`), 'utf8')) as History;
  const seen = new Set(history.steps.flatMap(({ outcomes }) => outcomes));
  for (const outcome of ['fired', 'rerouted', 'assigned', 'ignored', 'passed-on']) expect(seen).toContain(outcome);
});

test('there is a history of the evaluator in use', () => {
  const versions = histories.map(
    (name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as History).evaluatorVersion,
  );
  expect(versions).toContain(EVALUATOR_VERSION);
});
