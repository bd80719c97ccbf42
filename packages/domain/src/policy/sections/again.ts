import type { Again, AgainRule, AgainWay } from '../document.ts';
import { nearest } from '../nearest.ts';
import { readElapsed } from '../readDuration.ts';
import {
  type At,
  complete,
  into,
  type Read,
  readEntries,
  readFields,
  readInteger,
  readOneOf,
  report,
} from '../reader.ts';

/** What holds where nothing is said: who raises a hand is heard, a score alone does not come back. */
export const AGAIN_DEFAULT: AgainRule = { handRaise: { kind: 'at-once' }, score: { kind: 'never' }, byReason: [] };

const EXAMPLE = '{ hand-raise: at-once, score: { new-points: 20, wait: 30d }, spam: never }';
const WAYS = {
  'at-once': 'at-once',
  never: 'never',
  'when a fit fact changed': 'fit-changed',
} as const;
const readWord = readOneOf(Object.keys(WAYS) as (keyof typeof WAYS)[]);

const readWay: Read<AgainWay> = (at) => {
  if (at.node.kind === 'scalar') {
    const word = readWord(at);
    return word === undefined ? undefined : { kind: WAYS[word] };
  }
  const fields = readFields(at, ['new-points', 'wait'], '{ new-points: 20, wait: 30d }');
  const newPoints = fields?.optional('new-points', readInteger(0, 100_000), 0);
  const waitMs = fields?.required('wait', readElapsed);
  return newPoints === undefined || waitMs === undefined ? undefined : { kind: 'after', newPoints, waitMs };
};

const readRule =
  (reasonsOf: (at: At) => ReadonlySet<string>): Read<AgainRule> =>
  (at) => {
    const entries = readEntries(at, EXAMPLE);
    if (entries === undefined) return undefined;
    const reasons = reasonsOf(at);
    const byReason: AgainRule['byReason'][number][] = [];
    let handRaise: AgainWay | undefined = AGAIN_DEFAULT.handRaise;
    let score: AgainWay | undefined = AGAIN_DEFAULT.score;
    for (const entry of entries) {
      const child = into(at, entry.value, entry.key.slice(0, 64));
      if (entry.key === 'hand-raise') handRaise = readWay(child);
      else if (entry.key === 'score') score = readWay(child);
      else if (reasons.has(entry.key)) {
        const way = readWay(child);
        if (way !== undefined) byReason.push({ reason: entry.key, way });
      } else {
        const meant = nearest(entry.key, ['hand-raise', 'score', ...reasons]);
        const known = reasons.size === 0 ? 'hand-raise and score' : `hand-raise, score, ${[...reasons].join(', ')}`;
        const mend = meant === undefined ? `known here: ${known}` : `did you mean ${meant}?`;
        report(
          child,
          'unknown-reason',
          `“${entry.key.slice(0, 60)}” is no reason of feedback`,
          mend,
          'error',
          entry.at,
        );
      }
    }
    return complete<AgainRule>({ handRaise, score, byReason });
  };

/** `again`: when somebody may qualify once more. */
export const readAgain: Read<Again> = (at) => {
  const fields = readFields(at, ['after-reject', 'after-lost'], `{ after-reject: ${EXAMPLE} }`);
  if (fields === undefined) return undefined;
  return complete<Again>({
    afterReject: fields.optional(
      'after-reject',
      readRule((inner) => inner.reading.declared.rejectReasons),
      AGAIN_DEFAULT,
    ),
    afterLost: fields.optional(
      'after-lost',
      readRule((inner) => inner.reading.declared.lostReasons),
      AGAIN_DEFAULT,
    ),
  });
};
