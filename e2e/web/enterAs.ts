import type { Browser } from 'playwright-core';
import { signIn } from '../../apps/server/src/access/accountFixture.ts';
import type { RunningServer } from '../../apps/server/src/startServer.ts';
import type { Role } from '../../packages/domain/src/access/roles.ts';
import type { Visit, VisitChoice } from './browser.ts';

/** Opens `path` signed in with these roles; `email`: a rep's address makes the account that rep. */
export const enterAs = async (
  browser: Browser,
  server: Pick<RunningServer, 'url' | 'pool'>,
  roles: readonly Role[],
  path: string,
  choice: VisitChoice & { readonly email?: string } = {},
): Promise<Visit> => {
  const { headers } = await signIn(server, roles, choice.email === undefined ? {} : { email: choice.email });
  const [name = '', value = ''] = (headers['cookie'] ?? '').split('=');
  const context = await browser.newContext({
    viewport: { width: choice.width ?? 1440, height: choice.height ?? 900 },
    colorScheme: choice.theme ?? 'light',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${server.url}${path}`);
  return { page, context, complaints };
};
