import { expect, test } from 'vitest';
import { CONFIG_KEYS, ConfigError, readConfig } from './config.ts';

test('nothing set gives the defaults, which every key has with its sentence', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    BATON_PORT: 4600,
    BATON_HOST: '127.0.0.1',
    DATABASE_URL: null,
    BATON_OWN_DOMAINS: [],
  });
  expect(Object.isFrozen(config)).toBe(true);
  for (const [key, entry] of Object.entries(CONFIG_KEYS)) {
    expect(config).toHaveProperty(key);
    expect(entry.say).toMatch(/\.$/);
  }
});

test('texts become what they mean, and empty ones count as not set', () => {
  const config = readConfig({ BATON_PORT: ' 80 ', BATON_OWN_DOMAINS: 'a.example, b.example,', DATABASE_URL: '' });
  expect(config).toMatchObject({ BATON_PORT: 80, BATON_OWN_DOMAINS: ['a.example', 'b.example'], DATABASE_URL: null });
});

test('everything that is wrong is named at once', () => {
  const read = () => readConfig({ BATON_PORT: 'eighty', BATON_PUBLIC_URL: 'javascript:alert(1)' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    /BATON_PORT=eighty: must be a whole number from 0 to 65535\.[\s\S]*BATON_PUBLIC_URL=javascript.*: must be an address/,
  );
});

test('single sign-on is set up whole or not at all', () => {
  const set = { BATON_OIDC_ISSUER: 'https://login.example', BATON_OIDC_CLIENT_ID: 'baton' };
  expect(() => readConfig(set)).toThrow(/BATON_OIDC_CLIENT_SECRET: not set\. Single sign-on needs/);
  expect(readConfig({ ...set, BATON_OIDC_CLIENT_SECRET: 'x' }).BATON_OIDC_NAME).toBe('single sign-on');
});

test('docs/configuration.md is this table; `vitest -u` writes it anew', async () => {
  const shown = (key: string, value: unknown): string => {
    if (key === 'BATON_DATA') return '`.baton/` in the clone';
    return value === null || (Array.isArray(value) && value.length === 0) ? 'not set' : `\`${String(value)}\``;
  };
  const rows = Object.entries(CONFIG_KEYS).map(
    ([key, entry]) => `| \`${key}\` | ${shown(key, entry.default)} | ${entry.say} |`,
  );
  const page = [
    '# Configuration',
    '',
    'Read from the environment once, at start. What the business decides is not here: it is in the policy.',
    '',
    '| key | default | what for |',
    '|---|---|---|',
    ...rows,
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot('../../../docs/configuration.md');
});
