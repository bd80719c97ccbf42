import { deepStrictEqual } from 'node:assert/strict';
import { evaluate } from '@baton/domain/policy/evaluate.ts';
import jsonLogic from 'json-logic-js';
import type { Engine } from 'json-rules-engine';
import { assertPeersAgree, logicRule, makeEngine, nested } from './corePeers.ts';
import { evaluatePlainly } from './corePlain.ts';
import { contacts, factsPolicy, NOW, subjects } from './corePolicy.ts';
import { type Contender, cpuMicrosEach } from './measure.ts';
import { atLeast, atMost, type Bench, row } from './row.ts';
import { evaluateScoresPlainly } from './scoresPlain.ts';
import { scoredSubjects, scoresPolicy } from './scoresPolicy.ts';

/**
 * Twelve criteria with their full trace: against functions written by hand for them (once facts alone, once fit, actions
 * and engagement under three rules), and against two rules engines.
 */
export const benchCore: Bench = async (note) => {
  const engine = makeEngine();
  await assertPeersAgree(engine);
  for (const subject of subjects) deepStrictEqual(evaluate(factsPolicy, subject, NOW), evaluatePlainly(subject));
  for (const subject of scoredSubjects)
    deepStrictEqual(evaluate(scoresPolicy, subject, NOW), evaluateScoresPlainly(subject, NOW));

  const facts = await cpuMicrosEach([
    each('ours', 200_000, (i) => evaluate(factsPolicy, at(subjects, i), NOW).verdict),
    each('plain', 200_000, (i) => evaluatePlainly(at(subjects, i)).verdict),
    each('json-logic-js', 50_000, (i) => (jsonLogic.apply(logicRule, at(nested, i)) === true ? 'met' : 'not-met')),
    { name: 'json-rules-engine', times: 2_000, run: (times) => runEngine(engine, times) },
  ]);
  const scores = await cpuMicrosEach([
    each('ours, scores', 100_000, (i) => evaluate(scoresPolicy, at(scoredSubjects, i), NOW).verdict),
    each('plain, scores', 100_000, (i) => evaluateScoresPlainly(at(scoredSubjects, i), NOW).verdict),
  ]);
  const figures = new Map([...facts, ...scores]);
  for (const [name, figure] of figures) note(`${name}: ${figure.toFixed(3)} us of CPU for one contact`);

  const micros = (name: string): number => figures.get(name) ?? Number.NaN;
  const against = (name: string) => `${name} ${micros(name).toFixed(3)} us`;
  const slower = (bench: string, mine: string, peer: string) => ({
    bench,
    value: micros(mine),
    unit: 'us cpu',
    against: against(peer),
    ratio: micros(mine) / micros(peer),
  });
  const faster = (bench: string, peer: string) => ({
    ...slower(bench, 'ours', peer),
    ratio: micros(peer) / micros('ours'),
  });
  return [
    row(slower('core-evaluate', 'ours', 'plain'), atMost(3.5)),
    row(slower('core-evaluate-scores', 'ours, scores', 'plain, scores'), atMost(3.5)),
    row(faster('core-vs-json-rules-engine', 'json-rules-engine'), atLeast(50)),
    row(faster('core-vs-json-logic-js', 'json-logic-js'), atLeast(2)),
  ];
};

const at = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;

/** A contender that evaluates contact after contact and counts those who are met. */
const each = (name: string, times: number, verdict: (index: number) => string): Contender => ({
  name,
  times,
  run: (count) => {
    let met = 0;
    for (let index = 0; index < count; index += 1) if (verdict(index) === 'met') met += 1;
    return met;
  },
});

const runEngine = async (engine: Engine, times: number): Promise<number> => {
  let met = 0;
  for (let index = 0; index < times; index += 1) met += (await engine.run({ ...at(contacts, index) })).events.length;
  return met;
};
