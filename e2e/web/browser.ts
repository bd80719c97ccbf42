import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { createSignInLink } from '../../apps/server/src/access/signIn.ts';
import type { RunningServer } from '../../apps/server/src/startServer.ts';
import { findChromium } from '../../scripts/findChromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const launch = async (): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error('These tests need Chromium: apt-get install chromium, or put one in PATH.');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
};

export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page said on the console as an error, and what it threw. */
  readonly complaints: readonly string[];
};

export type VisitChoice = {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
};

/** Signs in by a fresh one-time link and opens `path`. */
export const visit = async (
  browser: Browser,
  server: Pick<RunningServer, 'url' | 'pool'>,
  path: string,
  choice: VisitChoice = {},
): Promise<Visit> => {
  const context = await browser.newContext({
    viewport: { width: choice.width ?? 1440, height: choice.height ?? 900 },
    colorScheme: choice.theme ?? 'light',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const { token } = await createSignInLink(server.pool);
  await page.goto(`${server.url}/?key=${token}`);
  await page.waitForURL(`${server.url}/`);
  if (path !== '/') await page.goto(`${server.url}${path}`);
  return { page, context, complaints };
};

/** Runs axe over the whole page and expects it to find nothing. */
export const expectNoAxeFindings = async (page: Page): Promise<void> => {
  // As an expression of the debugger, which the page's content security policy does not bind.
  await page.evaluate(AXE);
  const findings = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
  expect(findings).toEqual([]);
};

/** Expects that nothing sticks out at the right edge. */
export const expectNoSidewaysScroll = async (page: Page): Promise<void> => {
  const { scroll, width } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: document.documentElement.clientWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(width);
};
