import { describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../kernel/time.ts';
import { OFFICE } from '../../promise/calendarFixture.ts';
import type { Calendar } from '../../promise/clock.ts';
import { ANA, asRep, decisionOf, did, handoffOf, kinds } from '../givenFixture.ts';
import { asked, clocksIn, floor, MIA, promised, runUntil } from '../promiseFixture.ts';
import { act, rep, START } from '../worldFixture.ts';

const accepted = (...of: Parameters<typeof floor>) => {
  const w = asked(floor(...of));
  act(w, 1, did(asRep(ANA), { do: 'accept' }));
  return w;
};

describe('an edit of hours', () => {
  test('moves what runs on them and is not broken yet', () => {
    const w = accepted(promised(), OFFICE);
    expect(handoffOf(w)).toMatchObject({ response: { dueAt: START + 14 * HOUR_MS, on: 'team/inbound' } });
    const later = {
      kind: 'intervals' as const,
      days: OFFICE.kind === 'intervals' ? OFFICE.days : [],
      open: (OFFICE.kind === 'intervals' ? OFFICE.open : []).map(({ from, to }) => ({
        from: from + HOUR_MS,
        to: to + HOUR_MS,
      })),
    };
    w.teams.set('inbound', { managerId: MIA, calendar: later });
    const decision = decisionOf(act(w, 1, { kind: 'calendar-changed' }));
    expect(decision.outcome).toBe('replanned');
    expect(handoffOf(w)).toMatchObject({ response: { dueAt: START + 15 * HOUR_MS } });
    expect(kinds(decision)).toEqual(['clock-stopped', 'clock-started', 'handoff-changed', 'task-moved']);
    expect(decisionOf(act(w, 1, { kind: 'calendar-changed' })).changes).toEqual([]);
    runUntil(w, START + 16 * HOUR_MS);
    w.teams.set('inbound', { managerId: MIA });
    expect(decisionOf(act(w, 1, { kind: 'calendar-changed' })).changes).toEqual([]);
  });

  test('a team’s first hours move what began without any, and what ran on a rep’s own for want of them', () => {
    for (const calendar of [undefined, OFFICE]) {
      const w = floor();
      w.reps.set(ANA, rep(ANA, 'Ana', calendar === undefined ? {} : { calendar }));
      asked(w);
      act(w, 1, did(asRep(ANA), { do: 'accept' }));
      expect(clocksIn(w).map(([, { on }]) => on)).toEqual([calendar === undefined ? undefined : `rep/${ANA}`]);
      const { kind, open = [], days = [] } = OFFICE as Extract<Calendar, { kind: 'intervals' }>;
      const later = open.map(({ from, to }) => ({ from: from + HOUR_MS, to: to + HOUR_MS }));
      w.teams.set('inbound', { managerId: MIA, calendar: { kind, days, open: later } });
      expect(decisionOf(act(w, 1, { kind: 'calendar-changed' })).outcome).toBe('replanned');
      expect(handoffOf(w)).toMatchObject({ response: { on: 'team/inbound', dueAt: START + 15 * HOUR_MS } });
      expect(decisionOf(act(w, 1, { kind: 'calendar-changed' })).changes).toEqual([]);
    }
  });
});
