import { TRUST } from '../../facts/fact.ts';
import { SIGNAL_POINTS_MAX } from '../../signals/decay.ts';
import { KEEP_MAX, timesToCap } from '../../signals/signalKey.ts';
import type { SignalRule } from '../document.ts';
import { readWhere } from '../readCondition.ts';
import { readElapsed } from '../readDuration.ts';
import { type At, complete, readById, readFields, readInteger, readOneOf, readPlainText, report } from '../reader.ts';

const EXAMPLE = '{ say: visited the site, on: page, points: 1, cap: 10, half-life: 14d }';
const KEYS = ['say', 'on', 'where', 'points', 'cap', 'half-life', 'trust'];
const readSignal = (at: At, id: string): SignalRule | undefined => {
  const fields = readFields(at, KEYS, EXAMPLE);
  if (fields === undefined) return undefined;
  const rule = complete<SignalRule>({
    id,
    say: fields.required('say', readPlainText()),
    on: fields.required('on', readPlainText(100)),
    where: fields.optional('where', readWhere, null),
    points: fields.required('points', readInteger(-SIGNAL_POINTS_MAX, SIGNAL_POINTS_MAX)),
    cap: fields.required('cap', readInteger(-100_000, 100_000)),
    halfLifeMs: fields.optional('half-life', readElapsed, null),
    trust: fields.optional('trust', readOneOf(TRUST), 'browser'),
  });
  return rule !== undefined && isSound(at, rule) ? rule : undefined;
};

const isSound = (at: At, rule: SignalRule): boolean => {
  const before = at.reading.findings.length;
  if (rule.points === 0) report(at, 'invalid-number', '0 points say nothing', 'give points, or leave the signal out');
  else if (Math.sign(rule.cap) !== Math.sign(rule.points))
    report(
      at,
      'invalid-cap',
      `the cap ${rule.cap} and the points ${rule.points} must have the same sign`,
      rule.points > 0 ? 'write a cap above 0' : `write a negative cap, e.g. ${rule.points}`,
    );
  else if (Math.abs(rule.cap) < Math.abs(rule.points))
    report(at, 'invalid-cap', `the cap ${rule.cap} is less than one time ${rule.points}`, `raise it to ${rule.points}`);
  else if (timesToCap(rule) > KEEP_MAX)
    report(
      at,
      'invalid-cap',
      `${timesToCap(rule)} times fill the cap; at most ${KEEP_MAX} are remembered`,
      `lower the cap to ${rule.points * KEEP_MAX}, or raise the points`,
    );
  if (rule.points < 0 && rule.halfLifeMs !== null)
    report(at, 'invalid-duration', 'negative points don’t fade', 'leave out half-life');
  return at.reading.findings.length === before;
};

/** `signals`: what a contact does, and what it is worth. */
export const readSignals = readById(readSignal, `{ page-view: ${EXAMPLE} }`);
