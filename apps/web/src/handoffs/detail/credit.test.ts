import type { LedgerStepTrace } from '@baton/contract/trace.ts';
import { describe, expect, test } from 'vitest';
import { creditRows, creditText } from './credit.ts';

const LEAD = 1_000_000_000;
const lead = (of: number): string => String(BigInt(Math.round(of * 100)) * 10_000_000n);

describe('credit in words', () => {
  test.each([
    ['0', '0.00'],
    [lead(0.75), '+0.75'],
    [lead(-0.25), '−0.25'],
    [lead(12), '+12.00'],
    ['4999999', '0.00'],
    ['-5000000', '−0.01'],
    [String(LEAD / 3), '+0.33'],
  ])('%s micro-credits are %s', (credits, text) => {
    expect(creditText(credits.split('.')[0] ?? '')).toBe(text);
  });

  test('the winner first with what it pays, the others by how far they are behind, the excluded with why', () => {
    const step: LedgerStepTrace = {
      key: 'dach/high',
      seq: 1,
      kind: 'assigned',
      at: 0,
      winner: 2,
      lines: [
        { repId: 1, weight: 100, before: lead(-0.05), accrued: lead(0.4), after: lead(0.35) },
        { repId: 2, weight: 100, before: lead(0.35), accrued: lead(0.4), after: lead(-0.25) },
        { repId: 3, weight: 50, before: '0', accrued: lead(0.2), after: lead(0.2) },
      ],
      excluded: [{ repId: 4, code: 'cap-open', say: 'full' }],
    };
    expect(creditRows(step).map(({ repId, role, say }) => [repId, role, say])).toEqual([
      [2, 'winner', 'Pays 1.00, now −0.25'],
      [1, 'eligible', 'Behind by 0.40'],
      [3, 'eligible', 'Behind by 0.55, at weight 50'],
      [4, 'excluded', 'full'],
    ]);
  });
});
