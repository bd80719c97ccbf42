import { expect, test } from 'vitest';
import { jsonLog } from './log.ts';
import { scrub } from './scrub.ts';

const listen = () => {
  const lines: string[] = [];
  return {
    log: jsonLog(
      (line) => lines.push(line),
      () => 0,
    ),
    read: () => lines.map((line) => JSON.parse(line)),
  };
};

test('each line is one object with instant, level and event', () => {
  const { log, read } = listen();
  log.say('started', { port: 4600 });
  log.answered({ requestId: 'abcdefgh-1', method: 'GET', route: '/api/v1/contacts/:id', status: 200, ms: 3 });
  expect(read()).toEqual([
    { at: '1970-01-01T00:00:00.000Z', level: 'info', event: 'started', port: 4600 },
    {
      at: '1970-01-01T00:00:00.000Z',
      level: 'info',
      event: 'answered',
      requestId: 'abcdefgh-1',
      method: 'GET',
      route: '/api/v1/contacts/:id',
      status: 200,
      ms: 3,
    },
  ]);
});

test('a mistake names its request or its room, its code and where it happened, and nobody', () => {
  const { log, read } = listen();
  const error = Object.assign(new Error('invalid input syntax for type bigint: "mara@halden.example"'), {
    code: '22P02',
  });
  log.mistake(error, 'abcdefgh-1');
  log.mistake(Object.assign(new Error('gone'), { code: '57P01' }), 'timers');
  const [mistake, trouble] = read();
  expect(mistake).toMatchObject({ level: 'error', event: 'mistake', requestId: 'abcdefgh-1', code: '22P02' });
  expect(mistake.stack[0]).toMatch(/^at /);
  expect(trouble).toMatchObject({ level: 'warn', event: 'database-unavailable', where: 'timers' });
  expect(JSON.stringify(read())).not.toContain('mara');
});

test.each([
  ['no such contact mara.k+x@halden.example here', 'no such contact [address] here'],
  ['could not call +49 (30) 123-4567 back', 'could not call [number] back'],
  ['Key (email)=(mara) already exists', 'Key (email)=[value] already exists'],
  ['handoff 25610 of team inbound', 'handoff 25610 of team inbound'],
])('%s', (text, scrubbed) => {
  expect(scrub(text)).toBe(scrubbed);
});
