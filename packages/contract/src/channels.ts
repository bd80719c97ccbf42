import { z } from 'zod/mini';
import { operation } from './operation.ts';

/** The ways out of the house that are set up by the environment; webhooks are rows and have operations of their own. */
export const CHANNEL_NAMES = ['email', 'slack', 'teams'] as const;

/** How a channel fares. */
export const ChannelRow = z.object({
  channel: z.enum(CHANNEL_NAMES),
  configured: z.boolean(),
  /** Where it leads, or what to set to have it. */
  say: z.string(),
  lastSuccessAt: z.nullable(z.iso.datetime()),
  lastErrorAt: z.nullable(z.iso.datetime()),
  lastError: z.nullable(z.string()),
});
export type ChannelRow = z.output<typeof ChannelRow>;

export const listChannels = operation({
  id: 'list-channels',
  method: 'GET',
  path: '/api/v1/channels',
  say: 'List the channels: which are set up, when each last worked, and what it said when it did not',
  access: 'keys:write',
  permission: 'integrations.read',
  reply: z.object({ rows: z.array(ChannelRow) }),
  status: 200,
  errors: [],
});

/** What came of a test, with what both sides said; secrets are left out. */
export const ChannelTested = z.object({ ok: z.boolean(), say: z.string(), transcript: z.array(z.string()) });
export type ChannelTested = z.output<typeof ChannelTested>;

export const testChannel = operation({
  id: 'test-channel',
  method: 'POST',
  path: '/api/v1/channels/:channel/test',
  say: 'Send a test message by a channel and show the conversation',
  access: 'keys:write',
  permission: 'integrations.edit',
  params: z.object({ channel: z.enum(CHANNEL_NAMES) }),
  body: z.object({
    /** An address; for Slack also a channel such as #deals; for Teams nothing, or the address of a webhook. */
    to: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
  }),
  reply: ChannelTested,
  status: 200,
  errors: ['invalid_field', 'not_found'],
});
