import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerInTime, listenBySocket } from './listenToSlack.ts';
import type { SlackHandler } from './slackActs.ts';
import { type SocketDouble, startSocketDouble } from './socketDouble.ts';

let slack: SocketDouble;
const heard: unknown[] = [];
const mistakes: unknown[] = [];
const handler: SlackHandler = {
  async interact(payload) {
    heard.push(payload);
    if ((payload as { slow?: boolean }).slow) await wait(4_000);
    if ((payload as { broken?: boolean }).broken) throw new Error('broken');
    return null;
  },
  command: async () => ({ response_type: 'ephemeral', text: 'You owe nothing.' }),
};

beforeAll(async () => {
  slack = await startSocketDouble();
});
afterAll(() => slack.stop());

test('clicks and commands come by the socket, are answered within three seconds whatever happens, and again after a drop', async () => {
  const socket = listenBySocket(slack.appToken, slack.apiUrl, handler, (error) => mistakes.push(error));
  await expect.poll(slack.isConnected, { timeout: 10_000 }).toBe(true);
  slack.say('e1', 'interactive', { type: 'block_actions' });
  slack.say('e2', 'slash_commands', { command: '/handoff', text: 'next' });
  slack.say('e3', 'interactive', { slow: true });
  slack.say('e4', 'interactive', { broken: true });
  await expect.poll(() => slack.acks.size, { timeout: 10_000 }).toBe(4);
  expect(slack.acks.get('e2')?.payload).toEqual({ response_type: 'ephemeral', text: 'You owe nothing.' });
  for (const { tookMs } of slack.acks.values()) expect(tookMs).toBeLessThan(3_000);
  expect(heard).toHaveLength(3);
  expect(String(mistakes[0])).toContain('broken');
  slack.drop();
  await expect.poll(slack.isConnected, { timeout: 10_000 }).toBe(false);
  await expect.poll(slack.isConnected, { timeout: 20_000 }).toBe(true);
  slack.say('e5', 'interactive', { type: 'block_actions' });
  await expect.poll(() => slack.acks.has('e5'), { timeout: 10_000 }).toBe(true);
  await socket.stop();
  await expect.poll(slack.isConnected, { timeout: 10_000 }).toBe(false);
});

test('a token that Slack refuses is told, and stopping does not wait for it', async () => {
  const told: unknown[] = [];
  const socket = listenBySocket('xapp-wrong', slack.apiUrl, handler, (error) => told.push(error));
  await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThan(0);
  await socket.stop();
  const nowhere = listenBySocket('xapp-1-test', 'http://127.0.0.1:1/api/', handler, () => undefined);
  const started = Date.now();
  await nowhere.stop();
  expect(Date.now() - started).toBeLessThan(4_000);
});

test('an answer that takes too long is empty, and the work goes on', async () => {
  let done = false;
  const work = wait(60).then(() => {
    done = true;
    return { text: 'late' };
  });
  expect(await answerInTime(work, () => undefined, 10)).toBeNull();
  await work;
  expect(done).toBe(true);
});
