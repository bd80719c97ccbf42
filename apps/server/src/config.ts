import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseSecretKey } from './access/secretKey.ts';
import { parseNetwork } from './net/ipAddress.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .readonly();
const url = z.url({ protocol: /^https?$/, error: 'must be an address with http or https' }).nullable();
const count = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

const networks = list.pipe(
  z.array(
    z.string().transform((text, context) => {
      const network = parseNetwork(text);
      if (network !== null) return network;
      context.addIssue(`must be networks such as 10.1.0.0/16, not ${text}`);
      return z.NEVER;
    }),
  ),
);

/** `Name <address>` or an address alone, on one line. */
const mailbox = z
  .string()
  .regex(/^([^<>\r\n]{1,100} )?<?[^\s<>@,;]+@[^\s<>@,;]+>?$/, { error: 'must be an address, or Name <address>' })
  .nullable();

/** One key of the environment: how it is read, what it is where it is not set, and what it is for. */
type Key = {
  readonly reads: z.ZodType;
  readonly default: unknown;
  readonly say: string;
  /** What it holds lets others in: a message that it is wrong does not repeat it. */
  readonly secret?: true;
};

/** Everything that the environment can say. Business settings are not here: they are in the policy. */
export const CONFIG_KEYS = {
  BATON_PORT: { reads: count(0, 65_535), default: 4600, say: 'Port to listen on; 0 takes a free one.' },
  BATON_HOST: {
    reads: z.string().min(1),
    default: '127.0.0.1',
    say: 'Address to listen on. On loopback only loopback names and BATON_PUBLIC_URL are served.',
  },
  BATON_PUBLIC_URL: {
    reads: url,
    default: null,
    say: 'Address that people and browsers reach Baton by, when it is not the one it listens on. With https, cookies are Secure.',
  },
  BATON_DATA: {
    reads: z
      .string()
      .min(1)
      .transform((path) => resolve(path)),
    default: resolve(ROOT, '.baton'),
    say: 'Directory of the embedded PostgreSQL and its data.',
  },
  BATON_SECRET_KEY: {
    reads: z
      .string()
      .transform((text, context) => {
        const key = parseSecretKey(text);
        if (key !== null) return key;
        context.addIssue('must be 32 bytes, as 64 hex digits or in base64');
        return z.NEVER;
      })
      .nullable(),
    default: null,
    secret: true,
    say: 'Key that seals secrets in the database, 32 bytes as hex or base64. Without it secret.key in BATON_DATA is made and used; servers on several machines need one and the same.',
  },
  DATABASE_URL: {
    reads: z.string().min(1).nullable(),
    default: null,
    say: 'A PostgreSQL (>= 15) of yours, instead of the embedded one.',
  },
  DATABASE_DIRECT_URL: {
    reads: z.string().min(1).nullable(),
    default: null,
    say: 'The same database past PgBouncer, for LISTEN.',
  },
  BATON_DATABASE_CONNECTIONS: {
    reads: count(5, 200),
    default: 12,
    say: 'Most connections to the database at a time.',
  },
  BATON_LOG: {
    reads: z.enum(['text', 'json'], { error: 'must be text or json' }),
    default: 'text',
    say: 'What the server prints: text for people, or json, one object a line with every request and nothing personal.',
  },
  BATON_DRAIN_SECONDS: {
    reads: count(0, 300),
    default: 0,
    say: 'After SIGTERM, how long it goes on serving while /readyz says 503, so that a balancer sends nothing more.',
  },
  BATON_TRUSTED_PROXIES: {
    reads: list,
    default: [],
    say: 'Addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas.',
  },
  BATON_OWN_DOMAINS: {
    reads: list,
    default: [],
    say: 'Your own mail domains, separated by commas: what their people do is marked as own staff.',
  },
  BATON_OUTBOUND_NETWORKS: {
    reads: networks,
    default: [],
    say: 'Private networks that webhooks, chats and calendars may be in, separated by commas; without any only public addresses are called, by https.',
  },
  BATON_MAILBOX: {
    reads: z
      .url({ protocol: /^imaps?$/, error: 'must be an address with imaps or imap' })
      .refine((text) => new URL(text).username !== '', { error: 'must name its user' })
      .nullable(),
    default: null,
    secret: true,
    say: 'Mailbox that reps copy their mails to or that answers arrive in, such as imaps://user:password@mail.example/INBOX. It is only read.',
  },
  BATON_MAILBOX_SECONDS: {
    reads: count(5, 3_600),
    default: 60,
    say: 'How often the mailbox is looked at, where its server does not tell by itself what is new.',
  },
  BATON_SMTP_URL: {
    reads: z.url({ protocol: /^smtps?$/, error: 'must be an address with smtp or smtps' }).nullable(),
    default: null,
    secret: true,
    say: 'Mail server that notices go out by, such as smtp://user:password@mail.example:587. Without it there is no e-mail.',
  },
  BATON_MAIL_FROM: {
    reads: mailbox,
    default: null,
    say: 'Address that mails come from, such as Baton <baton@company.example>.',
  },
  BATON_MAIL_REPLY_TO: {
    reads: mailbox,
    default: null,
    say: 'Address that answers to mails go to; without it they go to BATON_MAIL_FROM.',
  },
  BATON_SLACK_BOT_TOKEN: {
    reads: z
      .string()
      .regex(/^xox[bp]-\S+$/, { error: 'must be a token that begins with xoxb-' })
      .nullable(),
    default: null,
    secret: true,
    say: 'Bot token of your Slack app. Without it there is no Slack.',
  },
  BATON_SLACK_SIGNING_SECRET: {
    reads: z.string().min(16).nullable(),
    default: null,
    secret: true,
    say: 'Signing secret of your Slack app, where Slack reaches Baton by BATON_PUBLIC_URL.',
  },
  BATON_SLACK_APP_TOKEN: {
    reads: z
      .string()
      .regex(/^xapp-\S+$/, { error: 'must be a token that begins with xapp-' })
      .nullable(),
    default: null,
    secret: true,
    say: 'App-level token of your Slack app, for Socket Mode, where Slack cannot reach Baton.',
  },
  BATON_SLACK_API_URL: {
    reads: url,
    default: null,
    say: 'Address of the Slack API, when it is not https://slack.com/api/.',
  },
  BATON_TEAMS_WEBHOOK_URL: {
    reads: url,
    default: null,
    secret: true,
    say: 'Incoming webhook of a Microsoft Teams channel, for notices whose place is no address of its own.',
  },
  BATON_OIDC_ISSUER: {
    reads: url,
    default: null,
    say: 'Issuer of your single sign-on (OpenID Connect), such as https://login.example. Its discovery document must be below it.',
  },
  BATON_OIDC_CLIENT_ID: {
    reads: z.string().min(1).nullable(),
    default: null,
    say: 'Client id that your single sign-on gave Baton; its redirect address is BATON_PUBLIC_URL/api/v1/auth/callback/sso.',
  },
  BATON_OIDC_CLIENT_SECRET: {
    reads: z.string().min(1).nullable(),
    default: null,
    secret: true,
    say: 'Client secret that your single sign-on gave Baton.',
  },
  BATON_OIDC_NAME: {
    reads: z.string().min(1).max(40),
    default: 'single sign-on',
    say: 'What the button for single sign-on says, such as Okta.',
  },
  BATON_FORMS_PER_MINUTE: {
    reads: count(1, 100_000),
    default: 10,
    say: 'Form submissions a minute from one address, in the long run; twice as many at once.',
  },
} as const satisfies { readonly [key: string]: Key };

/** Set all or none: a part of them would look like single sign-on that is set up, and be none. */
const TOGETHER = ['BATON_OIDC_ISSUER', 'BATON_OIDC_CLIENT_ID', 'BATON_OIDC_CLIENT_SECRET'] as const;

/** The configuration of one process, read once at its start. */
export type Config = Readonly<{ [K in keyof typeof CONFIG_KEYS]: z.output<(typeof CONFIG_KEYS)[K]['reads']> }>;

/** Thrown where the environment says something that cannot be used; the message names each key and why. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the environment. Empty texts count as not set. @throws ConfigError naming every key that is wrong. */
export const readConfig = (environment: { readonly [key: string]: string | undefined } = process.env): Config => {
  const config: { [key: string]: unknown } = {};
  const wrong: string[] = [];
  for (const [key, entry] of Object.entries<Key>(CONFIG_KEYS)) {
    const text = environment[key];
    if (text === undefined || text.trim() === '') {
      config[key] = entry.default;
      continue;
    }
    const read = entry.reads.safeParse(text.trim());
    if (read.success) config[key] = read.data;
    else
      wrong.push(
        `${key}${entry.secret ? '' : `=${text}`}: ${read.error.issues[0]?.message ?? 'not valid'}. ${entry.say}`,
      );
  }
  const missing = TOGETHER.filter((key) => config[key] === null && !wrong.some((say) => say.startsWith(key)));
  if (missing.length > 0 && missing.length < TOGETHER.length)
    wrong.push(`${missing.join(', ')}: not set. Single sign-on needs ${TOGETHER.join(', ')} together.`);
  if (wrong.length > 0) throw new ConfigError(`The environment cannot be used:\n  ${wrong.join('\n  ')}`);
  return Object.freeze(config) as Config;
};
