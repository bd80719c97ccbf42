import { z } from 'zod/mini';
import { Event, EventBatch } from './event.ts';
import { operation } from './operation.ts';
import { Receipts } from './receipt.ts';

const errors = [
  'malformed_json',
  'malformed_encoding',
  'too_deep',
  'payload_too_large',
  'batch_too_large',
  'unsupported_media_type',
  'unsupported_encoding',
  'invalid_event',
  'duplicate_key',
  'overloaded',
  'unavailable',
] as const;

/** Our own way to send events, with a secret or write key as bearer. Segment's paths under /v1 take the same. */
export const sendEvents = operation({
  id: 'send-events',
  method: 'POST',
  path: '/api/v1/events',
  say: 'Send events; each gets a receipt, given after it was committed',
  access: 'events:write',
  permission: 'key',
  body: EventBatch,
  reply: Receipts,
  status: 200,
  errors,
});

const segment = (name: string, say: string, body: typeof Event | typeof EventBatch) =>
  operation({
    id: `segment-${name}`,
    method: 'POST',
    path: `/v1/${name}`,
    say,
    access: 'events:write',
    permission: 'key',
    body: body as z.ZodMiniType,
    reply: Receipts,
    status: 200,
    errors: [...errors, 'event_too_large', 'too_many_keys', 'identity_required', 'invalid_field'],
  });

/** Segment's HTTP tracking API. Key: user name of basic auth, or `writeKey` in the body. */
export const SEGMENT_OPERATIONS = {
  track: segment('track', 'Somebody did something', Event),
  identify: segment('identify', 'Who somebody is', Event),
  page: segment('page', 'Somebody looked at a page', Event),
  screen: segment('screen', 'Somebody looked at a screen of an app', Event),
  group: segment('group', 'Which company somebody belongs to', Event),
  alias: segment('alias', 'Two ids are one person', Event),
  batch: segment('batch', 'Several of these at once', EventBatch),
} as const;

/** A form's submission by JSON; plain HTML forms send the same fields urlencoded or as multipart text. */
export const submitForm = operation({
  id: 'submit-form',
  method: 'POST',
  path: '/forms/:id',
  say: 'Submit a form. HTML forms are sent on to where `redirect` says, if the form allows it',
  access: 'public',
  permission: 'anybody',
  params: z.object({ id: z.string() }),
  body: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  reply: z.object({ success: z.literal(true), messageId: z.string() }),
  status: 200,
  errors: [
    'malformed_json',
    'unsupported_media_type',
    'payload_too_large',
    'not_found',
    'invalid_field',
    'invalid_email',
    'identity_required',
    'too_many_fields',
    'rate_limited',
  ],
});

/** The token that proves that a form was shown before it was sent. */
export const readFormToken = operation({
  id: 'read-form-token',
  method: 'GET',
  path: '/forms/:id/token',
  say: 'A fresh token to send along as `baton_token`; it is good from 2 seconds to 24 hours later, once',
  access: 'public',
  permission: 'anybody',
  params: z.object({ id: z.string() }),
  reply: z.object({ token: z.string() }),
  status: 200,
  errors: ['not_found'],
});
