import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answerInTime } from '../../channels/slack/listenToSlack.ts';
import type { SlackHandler } from '../../channels/slack/slackActs.ts';
import { judgeSlackSignature } from '../../channels/slack/slackSignature.ts';
import { HttpProblem } from '../httpProblem.ts';

/** What hearing Slack over HTTP needs. */
export type SlackRouteDeps = {
  readonly signingSecret: string;
  readonly handler: SlackHandler;
  readonly onMistake: (error: unknown, requestId: string) => void;
  readonly now: () => number;
};

const BODY_BYTES_MAX = 256 * 1_024;

const NOT_SLACK = {
  missing: 'The request is not signed.',
  stale: 'The request is older than five minutes.',
  forged: 'The signature is not that of your Slack app.',
} as const;

/**
 * Registers where Slack sends clicks, windows and `/handoff`. The signature is checked over the bytes as they came, before
 * anything of them is read; Slack has its answer within three seconds.
 */
export const registerSlackRoutes = (app: FastifyInstance, deps: SlackRouteDeps): void => {
  const { handler } = deps;
  const config = { bodyBytesMax: BODY_BYTES_MAX };
  const onMistake = (request: FastifyRequest) => (error: unknown) => deps.onMistake(error, request.id);
  app.post('/slack/interactions', { config }, async (request, reply) => {
    const fields = readSigned(request, deps);
    const payload = parseJson(fields.get('payload'));
    const answer = await answerInTime(handler.interact(payload), onMistake(request));
    return answer === null ? reply.status(200).send() : reply.send(answer);
  });
  app.post('/slack/commands', { config }, async (request, reply) => {
    const fields = readSigned(request, deps);
    const answer = await answerInTime(handler.command(Object.fromEntries(fields)), onMistake(request));
    return answer === null ? reply.status(200).send() : reply.send(answer);
  });
};

const readSigned = (request: FastifyRequest, { signingSecret, now }: SlackRouteDeps): URLSearchParams => {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const wrong = judgeSlackSignature(
    signingSecret,
    { timestamp: header('x-slack-request-timestamp'), signature: header('x-slack-signature') },
    bytes,
    now(),
  );
  if (wrong !== null) throw new HttpProblem('unauthorized', NOT_SLACK[wrong]);
  return new URLSearchParams(bytes.toString('utf8'));
};

const parseJson = (text: string | null): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new HttpProblem('malformed_json', 'The payload is not JSON.', { at: 'payload' });
  }
};
