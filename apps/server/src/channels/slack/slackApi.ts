import type { Logger } from '@slack/web-api';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import type { Block, View } from './slackBlocks.ts';

/** Slack said no (`code` is its own word), or could not be reached (`unreachable`), or asks to wait. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal';
  readonly code: string;
  readonly retryAfterMs: number | null;

  constructor(code: string, retryAfterMs: number | null = null) {
    super(`Slack: ${code}`);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Where a message stands. */
export type SlackPlace = { readonly channel: string; readonly ts: string };
export type SlackUser = { readonly id: string; readonly email: string | null };

/** The few calls of Slack that Baton makes. Each throws SlackRefusal; none is tried again here. */
export type SlackApi = {
  readonly findByEmail: (email: string) => Promise<SlackUser | null>;
  readonly readUser: (userId: string) => Promise<SlackUser | null>;
  readonly openDm: (userId: string) => Promise<string>;
  readonly post: (channel: string, text: string, blocks: readonly Block[], key: string) => Promise<SlackPlace>;
  readonly update: (place: SlackPlace, text: string, blocks: readonly Block[]) => Promise<void>;
  readonly whisper: (channel: string, userId: string, text: string) => Promise<void>;
  readonly openView: (triggerId: string, view: View) => Promise<void>;
  /** Who the token is: the names of the bot and its workspace. */
  readonly whoAmI: () => Promise<{ readonly team: string; readonly user: string }>;
};

const TIMEOUT_MS = 10_000;

/** Says nothing: what went wrong is kept with the delivery. */
export const SILENT: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** Slack's own client with its retries off: rows decide when to try again. */
export const makeSlackApi = (token: string, apiUrl: string | null): SlackApi => {
  const client = new WebClient(token, {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    allowAbsoluteUrls: false,
    logger: SILENT,
  });
  const call = async (method: string, sent: Record<string, unknown>): Promise<Record<string, unknown>> => {
    try {
      return (await client.apiCall(method, sent)) as unknown as Record<string, unknown>;
    } catch (error) {
      throw refusalOf(error);
    }
  };
  const userOf = (found: Record<string, unknown>): SlackUser | null => {
    const user = found['user'] as { id?: string; deleted?: boolean; is_bot?: boolean; profile?: { email?: string } };
    if (user?.id === undefined || user.deleted === true || user.is_bot === true) return null;
    return { id: user.id, email: user.profile?.email ?? null };
  };
  const orNull = async (method: string, sent: Record<string, unknown>): Promise<SlackUser | null> => {
    try {
      return userOf(await call(method, sent));
    } catch (error) {
      if (error instanceof SlackRefusal && /^users?_not_found$/.test(error.code)) return null;
      throw error;
    }
  };
  return {
    findByEmail: (email) => orNull('users.lookupByEmail', { email }),
    readUser: (user) => orNull('users.info', { user }),
    async openDm(userId) {
      const opened = await call('conversations.open', { users: userId });
      return String((opened['channel'] as { id?: string } | undefined)?.id ?? '');
    },
    async post(channel, text, blocks, key) {
      const posted = await call('chat.postMessage', {
        channel,
        text,
        blocks,
        unfurl_links: false,
        unfurl_media: false,
        metadata: { event_type: 'baton_notice', event_payload: { key } },
      });
      return { channel: String(posted['channel'] ?? channel), ts: String(posted['ts'] ?? '') };
    },
    async update({ channel, ts }, text, blocks) {
      await call('chat.update', { channel, ts, text, blocks });
    },
    async whisper(channel, user, text) {
      await call('chat.postEphemeral', { channel, user, text });
    },
    async openView(triggerId, view) {
      await call('views.open', { trigger_id: triggerId, view });
    },
    async whoAmI() {
      const who = await call('auth.test', {});
      return { team: String(who['team'] ?? ''), user: String(who['user'] ?? '') };
    },
  };
};

const refusalOf = (error: unknown): SlackRefusal => {
  const { code, data, retryAfter, statusCode, message } = error as {
    code?: string;
    data?: { error?: string };
    retryAfter?: number;
    statusCode?: number;
    message?: string;
  };
  if (code === ErrorCode.RateLimitedError) return new SlackRefusal('ratelimited', (retryAfter ?? 1) * 1_000);
  if (code === ErrorCode.PlatformError) return new SlackRefusal(data?.error ?? 'unknown_error');
  if (code === ErrorCode.HTTPError) return new SlackRefusal(`http_${statusCode}`);
  return new SlackRefusal(`unreachable: ${message ?? String(error)}`.slice(0, 200));
};
