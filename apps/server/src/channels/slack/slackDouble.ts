import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Any JSON object that Slack is sent. */
// biome-ignore lint/suspicious/noExplicitAny: a double looks into payloads of every shape
export type Json = any;

/** A message as it stands in the double's Slack. */
export type StandingMessage = {
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: Json[];
  edits: number;
};

/** What stands in for Slack in tests: it takes what Slack takes and refuses what Slack refuses. */
export type SlackDouble = {
  readonly apiUrl: string;
  readonly token: string;
  readonly signingSecret: string;
  readonly messages: StandingMessage[];
  readonly whispers: { readonly channel: string; readonly user: string; readonly text: string }[];
  readonly views: Json[];
  readonly calls: string[];
  readonly addUser: (id: string, email: string) => void;
  /** A trigger as a click brings it: good once, for three seconds. */
  readonly makeTrigger: () => string;
  /** Answers the next call of a method with this error, or with 429 and Retry-After. */
  readonly failNext: (method: string, error: string | { readonly retryAfterS: number }) => void;
  /** Headers by which Slack signs a body. */
  readonly sign: (body: string, at?: number) => { readonly [name: string]: string };
  readonly stop: () => Promise<void>;
};

const TRIGGER_MS = 3_000;

/** Starts the double on a port of its own, with one channel `C0INBOUND` named #inbound. */
export const startSlackDouble = async (): Promise<SlackDouble> => {
  const token = 'xoxb-0123-test';
  const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
  const users = new Map<string, string>();
  const channels = new Set(['C0INBOUND', '#inbound']);
  const triggers = new Map<string, number>();
  const failing = new Map<string, string | { readonly retryAfterS: number }>();
  const messages: StandingMessage[] = [];
  const whispers: { channel: string; user: string; text: string }[] = [];
  const views: Json[] = [];
  const calls: string[] = [];
  let next = 1;
  const no = (error: string, messages: string[] = []) => ({
    ok: false,
    error,
    ...(messages.length === 0 ? {} : { response_metadata: { messages } }),
  });
  const userOf = (id: string) => ({ id, deleted: false, is_bot: false, profile: { email: users.get(id) } });

  const methods: { readonly [method: string]: (sent: Json) => Json } = {
    'auth.test': () => ({ ok: true, team: 'Acme', user: 'baton' }),
    'users.lookupByEmail': ({ email }) => {
      const id = [...users].find(([, has]) => has.toLowerCase() === String(email).toLowerCase())?.[0];
      return id === undefined ? no('users_not_found') : { ok: true, user: userOf(id) };
    },
    'users.info': ({ user }) => (users.has(user) ? { ok: true, user: userOf(user) } : no('user_not_found')),
    'conversations.open': ({ users: id }) => {
      if (!users.has(id)) return no('user_not_found');
      channels.add(`D${id}`);
      return { ok: true, channel: { id: `D${id}` } };
    },
    'chat.postMessage': ({ channel, text, blocks }) => {
      if (!channels.has(channel)) return no('channel_not_found');
      const wrong = wrongMessage(text, blocks);
      if (wrong.length > 0) return no('invalid_blocks', wrong);
      const message = {
        channel: channel === '#inbound' ? 'C0INBOUND' : channel,
        ts: `17${next++}.0001`,
        text,
        blocks,
        edits: 0,
      };
      messages.push(message);
      return { ok: true, channel: message.channel, ts: message.ts };
    },
    'chat.update': ({ channel, ts, text, blocks }) => {
      const message = messages.find((one) => one.channel === channel && one.ts === ts);
      if (message === undefined) return no('message_not_found');
      const wrong = wrongMessage(text, blocks);
      if (wrong.length > 0) return no('invalid_blocks', wrong);
      Object.assign(message, { text, blocks, edits: message.edits + 1 });
      return { ok: true, channel, ts };
    },
    'chat.postEphemeral': ({ channel, user, text }) => {
      if (!channels.has(channel)) return no('channel_not_found');
      if (typeof text !== 'string' || text === '') return no('no_text');
      whispers.push({ channel, user, text });
      return { ok: true };
    },
    'views.open': ({ trigger_id: trigger, view }) => {
      const madeAt = triggers.get(trigger);
      if (madeAt === undefined) return no('invalid_trigger_id');
      triggers.delete(trigger);
      if (Date.now() - madeAt > TRIGGER_MS) return no('expired_trigger_id');
      const wrong = wrongView(view);
      if (wrong.length > 0) return no('invalid_arguments', wrong);
      views.push(view);
      return { ok: true, view: { id: `V${next++}` } };
    },
  };

  const server = createServer(async (request, response) => {
    const method = (request.url ?? '').split('?')[0]?.replace(/^\/api\//, '') ?? '';
    const sent = await readSent(request);
    const answer = (status: number, body: Json, headers: { readonly [name: string]: string } = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    calls.push(method);
    if (request.headers.authorization === undefined) return answer(200, no('not_authed'));
    if (request.headers.authorization !== `Bearer ${token}`) return answer(200, no('invalid_auth'));
    const fails = failing.get(method);
    failing.delete(method);
    if (typeof fails === 'string') return answer(200, no(fails));
    if (fails !== undefined) return answer(429, no('ratelimited'), { 'retry-after': String(fails.retryAfterS) });
    return answer(200, methods[method]?.(sent) ?? no('unknown_method'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    token,
    signingSecret,
    messages,
    whispers,
    views,
    calls,
    addUser: (id, email) => void users.set(id, email),
    makeTrigger: () => {
      const trigger = `${next++}.trigger`;
      triggers.set(trigger, Date.now());
      return trigger;
    },
    failNext: (method, error) => void failing.set(method, error),
    sign: (body, at = Date.now()) => {
      const timestamp = String(Math.floor(at / 1_000));
      const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
      return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` };
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** Slack takes forms, in which objects are JSON texts, and JSON. */
const readSent = async (request: IncomingMessage): Promise<Json> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (request.headers['content-type']?.includes('json')) return JSON.parse(text);
  const sent: { [name: string]: Json } = {};
  for (const [name, value] of new URLSearchParams(text))
    sent[name] = ['blocks', 'view', 'metadata'].includes(name) ? JSON.parse(value) : value;
  return sent;
};

const between = (text: unknown, min: number, max: number): boolean =>
  typeof text === 'string' && text.length >= min && text.length <= max;
const isMarkup = (text: Json, max: number): boolean =>
  (text?.type === 'mrkdwn' || text?.type === 'plain_text') && between(text.text, 1, max);
const isPlain = (text: Json, max: number): boolean => text?.type === 'plain_text' && between(text.text, 1, max);

const isButton = (one: Json): boolean =>
  one.type === 'button' &&
  isPlain(one.text, 75) &&
  between(one.action_id, 1, 255) &&
  (one.value === undefined || between(one.value, 1, 2_000)) &&
  (one.url === undefined || (between(one.url, 1, 3_000) && URL.canParse(one.url))) &&
  (one.style === undefined || ['primary', 'danger'].includes(one.style));

const ELEMENTS: { readonly [type: string]: (one: Json) => boolean } = {
  plain_text_input: (one) => one.max_length === undefined || one.max_length <= 3_000,
  datepicker: (one) => one.initial_date === undefined || /^\d{4}-\d{2}-\d{2}$/.test(one.initial_date),
  static_select: (one) =>
    Array.isArray(one.options) &&
    one.options.length >= 1 &&
    one.options.length <= 100 &&
    one.options.every((option: Json) => isPlain(option.text, 75) && between(option.value, 1, 150)),
};

const BLOCKS: { readonly [type: string]: (block: Json) => boolean } = {
  section: (block) =>
    (block.text !== undefined || block.fields !== undefined) &&
    (block.text === undefined || isMarkup(block.text, 3_000)) &&
    (block.fields === undefined ||
      (block.fields.length >= 1 &&
        block.fields.length <= 10 &&
        block.fields.every((field: Json) => isMarkup(field, 2_000)))),
  context: (block) =>
    block.elements?.length >= 1 &&
    block.elements.length <= 10 &&
    block.elements.every((one: Json) => isMarkup(one, 3_000)),
  actions: (block) => {
    const ids = block.elements?.map((one: Json) => one.action_id) ?? [];
    return ids.length >= 1 && ids.length <= 25 && new Set(ids).size === ids.length && block.elements.every(isButton);
  },
  input: (block) =>
    isPlain(block.label, 2_000) &&
    between(block.element?.action_id, 1, 255) &&
    ELEMENTS[block.element.type]?.(block.element) === true,
};

const wrongBlocks = (blocks: Json, max: number): string[] => {
  if (!Array.isArray(blocks) || blocks.length === 0 || blocks.length > max) return [`between 1 and ${max} blocks`];
  return blocks.flatMap((block, index) =>
    BLOCKS[block?.type]?.(block) === true ? [] : [`[ERROR] invalid block at ${index}: ${JSON.stringify(block)}`],
  );
};

const wrongMessage = (text: unknown, blocks: Json): string[] => [
  ...(between(text, 1, 3_000) ? [] : ['text of 1 to 3000 characters']),
  ...wrongBlocks(blocks, 50),
];

const wrongView = (view: Json): string[] => [
  ...(view?.type === 'modal' ? [] : ['type']),
  ...(isPlain(view?.title, 24) ? [] : ['title of at most 24 characters']),
  ...(isPlain(view?.submit, 24) ? [] : ['submit of at most 24 characters']),
  ...(between(view?.callback_id, 1, 255) ? [] : ['callback_id']),
  ...(between(view?.private_metadata, 0, 3_000) ? [] : ['private_metadata']),
  ...wrongBlocks(view?.blocks, 100),
];
