import { describe, expect, test } from 'vitest';
import { availabilityOf, type Rep } from './availability.ts';
import { membersOf, standText, type Team, type Turns } from './members.ts';
import { readTeamSearch } from './teamSearch.ts';

const NOW = Date.parse('2026-11-19T12:38:00Z');
const rep = (change: Partial<Rep> = {}): Rep => ({
  id: 1,
  name: 'Ana Weber',
  email: 'ana@baton.example',
  active: true,
  selling: true,
  caps: {},
  skills: [],
  cover: null,
  manager: null,
  timeZone: 'America/New_York',
  hours: 'mon-fri 09:00-17:00',
  holidays: null,
  closed: [],
  worked: [],
  teams: [],
  absence: null,
  openHandoffs: 0,
  ...change,
});
const free = { atWork: true, keptOut: undefined };

describe('whether somebody is there', () => {
  test('what lasts longest is told first: switched off before away, away before full, full before the hour', () => {
    const absence = { from: '2026-11-19T00:00:00Z', to: null, why: 'away' } as const;
    const full = { code: 'cap-open', say: 'Ana Weber has 3 of at most 3 open leads' };
    const all = { atWork: false, keptOut: full };
    expect(availabilityOf(rep({ active: false, absence }), all, NOW).presence).toBe('off');
    expect(availabilityOf(rep({ selling: false }), free, NOW)).toMatchObject({
      presence: 'off',
      say: 'Takes no leads',
    });
    expect(availabilityOf(rep({ absence }), all, NOW)).toEqual({
      presence: 'away',
      say: 'Away until further notice',
      more: 'Nobody covers',
    });
    expect(availabilityOf(rep(), all, NOW)).toEqual({ presence: 'full', say: 'Full', more: full.say });
    expect(availabilityOf(rep(), { ...free, atWork: false }, NOW)).toMatchObject({
      presence: 'closed',
      more: 'mon-fri 09:00-17:00, New York',
    });
    expect(availabilityOf(rep(), free, NOW).presence).toBe('here');
  });

  test('a reason that has no word of its own is told as it is', () => {
    const keptOut = { code: 'skill', say: 'Ana Weber does not have the skill german' };
    expect(availabilityOf(rep(), { atWork: true, keptOut }, NOW)).toMatchObject({
      presence: 'full',
      say: 'Passed over',
      more: keptOut.say,
    });
  });
});

describe('the rows of a team', () => {
  const team = {
    id: 'dach',
    members: [1, 2, 9].map((repId) => ({ repId, name: '', weight: 100, ramp: [] })),
  } as unknown as Team;
  const turns: Turns = {
    next: [{ repId: 2, name: 'Ben', say: '', excluded: [] }],
    standings: [
      { repId: 1, name: 'Ana', weight: 100, weightNow: 50, balance: '-250000000', atWork: true, say: '' },
      { repId: 2, name: 'Ben', weight: 100, weightNow: 100, balance: '250000000', atWork: true, say: '' },
      { repId: 9, name: 'New', weight: 100, weightNow: 0, balance: '0', atWork: true, say: '' },
    ],
  };
  const reps = new Map([rep(), rep({ id: 2, name: 'Ben' })].map((one) => [one.id, one]));

  test('the promise follows the weight that counts now; who is not listed yet waits for the list', () => {
    const rows = membersOf(team, reps, turns, NOW);
    expect(rows.map((row) => [row.rep.id, row.promised, row.isNext])).toEqual([
      [1, 33, false],
      [2, 67, true],
    ]);
  });

  test('a team without any weight promises nothing', () => {
    const none = { ...turns, standings: turns.standings.map((one) => ({ ...one, weightNow: 0 })) };
    expect(membersOf(team, reps, none, NOW).map((row) => row.promised)).toEqual([null, null]);
  });

  test('balances in words', () => {
    expect(standText(-250_000_000n)).toBe('0.25 leads ahead of their share');
    expect(standText(1_500_000_000n)).toBe('owed 1.50 leads');
    expect(standText(1n)).toBe('level with their share');
  });
});

test('the address: what it does not understand it leaves out, and one panel is open', () => {
  expect(readTeamSearch({ team: 42, rep: '3', simulate: true })).toEqual({
    team: '42',
    intent: undefined,
    rep: 3,
    simulate: undefined,
  });
  expect(readTeamSearch({ rep: -1, simulate: 'yes', intent: '' })).toEqual({
    team: undefined,
    intent: undefined,
    rep: undefined,
    simulate: undefined,
  });
});
