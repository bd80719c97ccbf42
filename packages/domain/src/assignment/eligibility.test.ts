import { expect, test } from 'vitest';
import { rep, START } from '../handoff/worldFixture.ts';
import { EXCLUSIONS } from './assignment.ts';
import { type Asked, findEligible } from './eligibility.ts';

const ASKED: Asked = { now: START, skills: [], inHours: false, teamCalendar: undefined };

test('whoever is left out is left out for one named reason with a sentence, the rest are eligible with their weights', () => {
  const reps = new Map(
    [
      rep(1, 'Ana'),
      rep(2, 'Ben', { active: false }),
      rep(3, 'Cem', { selling: false }),
      rep(4, 'Dee'),
      rep(5, 'Eva'),
      rep(6, 'Fin'),
      rep(7, 'Gus', { caps: { perDay: 2 } }),
      rep(8, 'Hal', { caps: { perWeek: 5 } }),
      rep(9, 'Ida', { caps: { open: 0 } }),
      rep(10, 'Jon', { caps: { perDay: 2 } }),
    ].map((one) => [one.id, one]),
  );
  const members = [
    ...[...reps.keys()].map((repId) => ({ repId, weight: repId === 4 ? 0 : 50 })),
    { repId: 99, weight: 1 },
  ];
  const loads = new Map(
    [7, 8, 9, 10].map((repId) => [
      repId,
      repId === 10 ? { today: 1, thisWeek: 1, open: 1 } : { today: 2, thisWeek: 5, open: 0 },
    ]),
  );
  const { eligible, excluded } = findEligible(members, { reps }, loads, { declinedBy: [5], lapsedBy: [6] }, ASKED);
  expect(eligible).toEqual([
    { repId: 1, weight: 50 },
    { repId: 10, weight: 50 },
  ]);
  expect(excluded.map(({ repId, code }) => [repId, code])).toEqual([
    [2, 'inactive'],
    [3, 'not-selling'],
    [4, 'no-weight'],
    [5, 'declined-this-lead'],
    [6, 'let-this-lead-lapse'],
    [7, 'cap-day'],
    [8, 'cap-week'],
    [9, 'cap-open'],
    [99, 'inactive'],
  ]);
  for (const { code, say } of excluded) {
    expect(EXCLUSIONS).toContain(code);
    expect(say).not.toBe('');
  }
});
