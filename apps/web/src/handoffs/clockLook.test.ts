import type { Clock } from '@baton/contract/handoffs.ts';
import { describe, expect, test } from 'vitest';
import { lookOfClock, lookOfRow } from './clockLook.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 19, 9);
const clock = (more: Partial<Clock> = {}): Clock => ({
  kind: 'response',
  startedAt: new Date(START).toISOString(),
  dueAt: new Date(START + 240 * MINUTE).toISOString(),
  stoppedAt: null,
  how: null,
  ...more,
});
const look = (minutes: number, more?: Partial<Clock>) => lookOfClock(clock(more), START + minutes * MINUTE);

describe('a clock as it looks', () => {
  test('runs, warns in its last hour, and is late from its due instant on', () => {
    expect(look(60)).toMatchObject({ ring: 'run', remaining: '3:00', tone: 'plain', left: 0.75 });
    expect(look(180)).toMatchObject({ ring: 'run' });
    expect(look(181)).toMatchObject({ ring: 'warn', remaining: '0:59', tone: 'warn' });
    expect(look(240)).toMatchObject({ ring: 'warn', remaining: '0:00' });
    expect(look(258)).toMatchObject({ ring: 'breach', remaining: '−0:18', tone: 'breach', left: 0 });
  });

  test('a short promise warns in its last quarter, not from its start', () => {
    const short = { dueAt: new Date(START + 40 * MINUTE).toISOString() };
    expect(look(20, short).ring).toBe('run');
    expect(look(31, short).ring).toBe('warn');
  });

  test('a stopped clock tells how it ended, whatever the time is now', () => {
    const stoppedAt = new Date(START + 300 * MINUTE).toISOString();
    expect(look(9_999, { stoppedAt, how: 'kept' })).toMatchObject({ ring: 'kept', remaining: 'kept' });
    expect(look(9_999, { stoppedAt, how: 'broken' })).toMatchObject({ ring: 'late', tone: 'breach' });
    expect(look(9_999, { stoppedAt, how: 'closed' })).toMatchObject({ ring: 'none' });
  });

  test('a parked one waits, and none is none', () => {
    expect(look(10, { kind: 'return' })).toMatchObject({ ring: 'parked', remaining: 'parked' });
    expect(lookOfClock(null, START)).toMatchObject({ ring: 'none', when: 'no clock' });
  });

  test('an offer shows by when to accept it, unless the first contact is owed earlier', () => {
    const acceptBy = { startedAt: clock().startedAt, dueAt: new Date(START + 30 * MINUTE).toISOString(), leftMs: 0 };
    const at = START + 10 * MINUTE;
    const offered = lookOfRow({ clock: clock(), acceptBy }, at);
    expect(offered).toMatchObject({ remaining: '0:20', ring: 'run' });
    expect(offered.when).toMatch(/^accept by /);
    expect(offered.spoken).toMatch(/^20 minutes left, accept by .*; first contact: 3 hours left, due /);
    const early = { clock: clock({ dueAt: new Date(START + 20 * MINUTE).toISOString() }), acceptBy };
    expect(lookOfRow(early, at).when).toMatch(/^due /);
    expect(lookOfRow({ clock: clock(), acceptBy: null }, at).when).toMatch(/^due /);
  });
});
