import { setTimeout as delay } from 'node:timers/promises';
import { SocketModeClient } from '@slack/socket-mode';
import { type RefreshDeps, refreshSlack } from './refreshSlack.ts';
import type { SlackAnswer, SlackHandler } from './slackActs.ts';
import { SILENT } from './slackApi.ts';

/** Slack waits three seconds; what takes longer goes on after an empty answer. */
export const SLACK_ANSWER_MS = 2_500;
const REFRESH_EVERY_MS = 5_000;
const REFRESH_SOON_MS = 200;
const STOP_MS = 2_000;

/** The answer, or nothing when it takes too long: then the work goes on, and what comes of it is seen in the message. */
export const answerInTime = async (
  work: Promise<SlackAnswer>,
  onMistake: (error: unknown) => void,
  withinMs: number = SLACK_ANSWER_MS,
): Promise<SlackAnswer> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), withinMs);
  });
  const safe = work.catch((error: unknown) => {
    onMistake(error);
    return null;
  });
  try {
    return await Promise.race([safe, late]);
  } finally {
    clearTimeout(timer);
  }
};

type Incoming = { readonly body: unknown; readonly ack: (answer?: object) => Promise<void> };

/** Hears clicks and commands by Socket Mode, where Slack cannot reach us. Connects again by itself. */
export const listenBySocket = (
  appToken: string,
  apiUrl: string | null,
  handler: SlackHandler,
  onMistake: (error: unknown) => void,
): { readonly stop: () => Promise<void> } => {
  const client = new SocketModeClient({
    appToken,
    logger: SILENT,
    clientOptions: apiUrl === null ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` },
  });
  const answering =
    (work: (body: unknown) => Promise<SlackAnswer>) =>
    ({ body, ack }: Incoming): void => {
      answerInTime(work(body), onMistake)
        .then((answer) => (answer === null ? ack() : ack(answer)))
        .catch(onMistake);
    };
  client.on('interactive', answering(handler.interact));
  client.on('slash_commands', answering(handler.command));
  client.on('error', onMistake);
  client.start().catch(onMistake);
  return {
    // a client that still tries to connect may take long to give up, and holds nothing that we need
    stop: () => Promise.race([client.disconnect().catch(() => undefined), delay(STOP_MS, undefined, { ref: false })]),
  };
};

/** Rewrites messages as handoffs go on: soon after it is woken, and every five seconds, since another node may have acted. */
export const keepSlackFresh = (
  deps: RefreshDeps,
  onMistake: (error: unknown) => void,
): { readonly wake: () => void; readonly stop: () => Promise<void> } => {
  let running: Promise<void> | null = null;
  let soon: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  let stopped = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      if ((await refreshSlack(deps)) > 0) again = true;
    } while (again && !stopped);
  };
  const look = (): void => {
    soon = undefined;
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = run()
      .catch(onMistake)
      .finally(() => {
        running = null;
      });
  };
  // many commits in a row are one look
  const wake = (): void => {
    soon ??= setTimeout(look, REFRESH_SOON_MS);
  };
  const timer = setInterval(wake, REFRESH_EVERY_MS);
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      clearTimeout(soon);
      await running;
    },
  };
};
