import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOfStatus, STATUS_KINDS } from './leadStatus.ts';
import { LEAD_STATUSES, LIFECYCLE_STAGES } from './stage.ts';
import { canMoveStage, isForward, STAGE_CAUSES, type StageCause } from './stageMoves.ts';

const stage = fc.constantFrom(...LIFECYCLE_STAGES);
const cause = fc.constantFrom(...(Object.keys(STAGE_CAUSES) as StageCause[]));

describe('lifecycle stages', () => {
  test('a stage moves back only by a cause that is named as a way back', () => {
    fc.assert(
      fc.property(stage, stage, cause, (from, to, why) => {
        if (canMoveStage(from, to, why) && !isForward(from, to)) expect(STAGE_CAUSES[why].back).toBe(true);
      }),
    );
    expect(canMoveStage('sql', 'lead', 'qualified')).toBe(false);
    expect(canMoveStage('sql', 'lead', 'rejected')).toBe(true);
  });

  test('moving to the stage it is in is no move, whatever the cause', () => {
    fc.assert(fc.property(stage, cause, (one, why) => !canMoveStage(one, one, why)));
  });

  test('of two stages at most one is forward of the other', () => {
    fc.assert(fc.property(stage, stage, (a, b) => !(isForward(a, b) && isForward(b, a))));
  });

  test('a contact outside the order can qualify', () => {
    expect(canMoveStage('other', 'mql', 'qualified')).toBe(true);
    expect(canMoveStage(null, 'mql', 'qualified')).toBe(true);
  });
});

describe('lead statuses', () => {
  test('every status has a meaning, and a company’s own means what it is like', () => {
    for (const kind of LEAD_STATUSES) expect(STATUS_KINDS[kind].label).not.toBe('');
    expect(kindOfStatus('nurturing', [{ id: 'nurturing', like: 'bad-timing' }])).toBe('bad-timing');
    expect(kindOfStatus('connected', [])).toBe('connected');
    expect(kindOfStatus('made-up', [])).toBeNull();
  });
});
