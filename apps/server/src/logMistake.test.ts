import { describe, expect, test } from 'vitest';
import { makeMistakeLog } from './logMistake.ts';

const listen = () => {
  const lines: string[] = [];
  let clock = 0;
  const log = makeMistakeLog(
    (line) => lines.push(line),
    () => clock,
  );
  return { lines, log, pass: (ms: number) => (clock += ms) };
};

const failed = (message: string, more: object): Error => Object.assign(new Error(message), more);

describe('what a server logs', () => {
  test('a database that is away is one line, and not again at once', () => {
    const { lines, log, pass } = listen();
    const starting = failed('the database system is not yet accepting connections\nDETAIL: wait', { code: '57P03' });
    for (let turn = 0; turn < 5; turn += 1) log(starting, 'reevaluation');
    expect(lines).toEqual([
      'reevaluation: the database cannot be reached now (the database system is not yet accepting connections); it is tried again.',
    ]);
    log(starting, 'live feed');
    pass(10_000);
    log(starting, 'reevaluation');
    expect(lines).toHaveLength(3);
  });

  test('a refused connection without a message has its code', () => {
    const { lines, log } = listen();
    log(failed('', { code: 'ECONNREFUSED' }), 'demo');
    expect(lines).toEqual(['demo: the database cannot be reached now (ECONNREFUSED); it is tried again.']);
  });

  test('a mistake of ours shows where it happened, each time, without the rows it carries', () => {
    const { lines, log } = listen();
    const broken = failed('duplicate key', { code: '23505', detail: 'Key (email)=(mara@halden.example)' });
    log(broken, 'request-7');
    log(broken, 'request-7');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('request-7: Error: duplicate key\n    at ');
    expect(lines.join()).not.toContain('mara@');
  });
});
