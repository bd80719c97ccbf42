import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const MANIFEST = parse(readFileSync(new URL('../../../../../docs/slack-manifest.yaml', import.meta.url), 'utf8'));
const CODE = ['slackApi.ts', '../../http/slack/slackRoutes.ts']
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('\n');

/** The scope that each method of Slack asks for, by Slack's documentation. */
const SCOPES: { readonly [method: string]: string | null } = {
  'auth.test': null,
  'users.lookupByEmail': 'users:read.email',
  'users.info': 'users:read',
  'conversations.open': 'im:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'views.open': null,
};

test('the app’s manifest asks for what the calls need and nothing else, and names the addresses that are served', () => {
  const called = new Set([...CODE.matchAll(/'([a-z]+\.[a-zA-Z]+)'/g)].map(([, method]) => method as string));
  expect([...called].filter((method) => method.includes('.')).toSorted()).toEqual(Object.keys(SCOPES).toSorted());
  const needed = new Set(Object.values(SCOPES).filter((scope) => scope !== null));
  expect(MANIFEST.oauth_config.scopes.bot.toSorted()).toEqual([...needed, 'commands'].toSorted());
  const addresses = [MANIFEST.settings.interactivity.request_url, MANIFEST.features.slash_commands[0].url];
  for (const address of addresses) expect(CODE).toContain(`'${new URL(address).pathname}'`);
  expect(MANIFEST.display_information.name.length).toBeLessThanOrEqual(35);
});
