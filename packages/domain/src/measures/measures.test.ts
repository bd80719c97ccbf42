import { describe, expect, test } from 'vitest';
import { type CountedHandoff, countFunnel, promiseKeptPerMille } from './counts.ts';
import { MEASURES, type MeasureId, measure } from './measures.ts';

const times = { qualifiedAt: 100, acceptedAt: 160, contactedAt: 400, dealAt: 900, wonAt: null };

describe('measures', () => {
  test('each runs from its start to its end, and has no value before it ends', () => {
    const ids = Object.keys(MEASURES) as MeasureId[];
    expect(ids.map((id) => [id, measure(id, times)])).toEqual([
      ['handoff-to-accept', 60],
      ['handoff-to-contact', 300],
      ['accept-to-contact', 240],
      ['handoff-to-deal', 800],
      ['handoff-to-won', null],
    ]);
    expect(measure('accept-to-contact', { ...times, acceptedAt: null })).toBeNull();
  });

  test('a rep’s own lead is no MQL and has a line of its own', () => {
    const one: CountedHandoff = {
      kind: 'inbound',
      status: 'won',
      isAccepted: true,
      isContacted: true,
      hasDeal: true,
      response: 'kept',
    };
    const rejected: CountedHandoff = { ...one, status: 'rejected', hasDeal: false, response: 'broken' };
    const funnel = countFunnel([
      one,
      rejected,
      { ...one, kind: 'own' },
      { ...one, status: 'offered', isAccepted: false, isContacted: false, hasDeal: false, response: null },
    ]);
    expect(funnel).toEqual({
      own: 1,
      counts: { mql: 3, sql: 2, 'sql-withdrawn': 1, contacted: 2, deal: 1, won: 1, lost: 0, rejected: 1 },
    });
  });

  test('a promise that still runs is neither kept nor broken', () => {
    expect(
      promiseKeptPerMille([{ response: 'kept' }, { response: 'kept' }, { response: 'broken' }, { response: null }]),
    ).toBe(666);
    expect(promiseKeptPerMille([{ response: null }])).toBeNull();
  });
});
