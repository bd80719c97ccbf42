/** The list and its details: themes, widths, keyboard, assistive technology, many rows, weight. In a real browser. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { expectNoAxeFindings, expectNoSidewaysScroll, launch, visit } from './web/browser.ts';
import { MORNING } from './web/morning.ts';
import { buildWeb, onPage, start } from './web/onPage.ts';
import { seedHandoff, seedMany, seedPeople } from './web/seedHandoffs.ts';

const DIST = join(import.meta.dirname, '../apps/web/dist');

let browser: Browser;
beforeAll(async () => {
  await buildWeb();
  browser = await launch();
});
afterAll(() => browser.close());

describe('a company with a long list', () => {
  const MANY = 10_000;
  let database: TestDatabase;
  let server: RunningServer;
  const priya = 2_001;

  beforeAll(async () => {
    database = await createTestDatabase();
    await seedPeople(database.pool);
    for (const [index, seed] of MORNING.entries()) await seedHandoff(database.pool, 2_000 + index, seed);
    await seedMany(database.pool, 100_000, MANY);
    server = await start(database);
  });
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1440, 320]) {
      test(`axe finds nothing in list, detail and keys, ${theme}, ${width} px wide, and nothing sticks out`, async () => {
        await onPage(browser, server, '/', { theme, width }, async (page) => {
          await page.locator('[data-row]').first().waitFor();
          await expectNoAxeFindings(page);
          await expectNoSidewaysScroll(page);
          await page.keyboard.press('Shift+?');
          await page.getByRole('dialog', { name: 'Keys' }).waitFor();
          await expectNoAxeFindings(page);
          await page.keyboard.press('Escape');
          await page.goto(`${server.url}/handoffs/${priya}`);
          await page.getByRole('heading', { name: 'Why qualified' }).waitFor();
          await page.keyboard.press('w');
          await expectNoAxeFindings(page);
          await expectNoSidewaysScroll(page);
        });
      });
    }
  }

  test('the full width shows reasons, facts and timeline side by side, and axe is content', async () => {
    await onPage(browser, server, `/handoffs/${priya}?full=true`, {}, async (page) => {
      const tops = await Promise.all(
        ['Why qualified', 'Facts', 'Timeline'].map((name) =>
          page.getByRole('heading', { name, exact: true }).boundingBox(),
        ),
      );
      expect(new Set(tops.map((box) => Math.round(box?.y ?? 0))).size).toBe(1);
      await expectNoAxeFindings(page);
    });
  });

  test('everything is done by keyboard, and the way back keeps its place', async () => {
    await onPage(browser, server, '/', {}, async (page) => {
      await page.locator('[data-row]').first().waitFor();
      for (const key of ['j', 'j', 'ArrowDown', 'k']) await page.keyboard.press(key);
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-row') ?? null);
      const second = await page.locator('[data-row]').nth(1).getAttribute('data-row');
      await expect.poll(focused).toBe(second);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/handoffs/${second}`);
      await page.keyboard.press('j');
      const third = await page.locator('[data-row]').nth(2).getAttribute('data-row');
      await page.waitForURL(`**/handoffs/${third}`);
      await page.keyboard.press('f');
      await page.getByRole('link', { name: 'All handoffs', exact: true }).waitFor();
      await page.keyboard.press('k');
      await page.waitForURL(`**/handoffs/${second}?full=true`);
      await page.keyboard.press('Escape');
      await page.locator('[data-list]').waitFor();
      await page.keyboard.press('Escape');
      await page.waitForURL(`${server.url}/`);
      await expect.poll(focused).toBe(second);

      await page.keyboard.press('/');
      await page.keyboard.type('northw');
      await expect.poll(() => page.locator('[data-row]').count()).toBe(1);
      expect(page.url()).toContain('q=northw');
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('[data-row]').count()).toBeGreaterThan(5);
    });
  });

  test('single keys can be switched off, and stay off', async () => {
    await onPage(browser, server, '/', {}, async (page) => {
      await page.locator('[data-row]').first().waitFor();
      await page.keyboard.press('Shift+?');
      await page.getByRole('switch', { name: /Single keys/ }).click();
      await page.keyboard.press('Escape');
      await page.reload();
      await page.locator('[data-row]').first().waitFor();
      await page.keyboard.press('j');
      expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-row') ?? false)).toBe(false);
      await page.keyboard.press('ArrowDown');
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-row') ?? false))
        .toBe(true);
    });
  });

  test('views, reps and addresses narrow the list, and an empty answer says why', async () => {
    await onPage(browser, server, '/', {}, async (page) => {
      await page.getByRole('link', { name: /^Closed/ }).click();
      await expect.poll(() => page.locator('[data-row]').count()).toBe(2);
      await page.getByRole('link', { name: /^All/ }).click();
      await page.getByRole('combobox', { name: 'Rep' }).click();
      await page.getByRole('option', { name: 'Grace Kim' }).click();
      await page.getByText('Nothing matches.').waitFor();
      await page.getByRole('link', { name: 'Show all handoffs' }).click();
      await page.locator('[data-row]').first().waitFor();
      await page.goto(`${server.url}/?q=zzzz`);
      await page.getByText('Nothing matches.').waitFor();
    });
  });

  test('a handoff that is not there is said so', async () => {
    const { page, context } = await visit(browser, server, '/handoffs/77', {});
    await page.getByText('There is no handoff H-77.').waitFor();
    await context.close();
  });

  test(`${MANY.toLocaleString('en')} rows: only those on screen are drawn, and a frame costs the same wherever one is`, async () => {
    await onPage(browser, server, '/', {}, async (page, { context }) => {
      await page.locator('[data-row]').first().waitFor();
      const list = page.locator('[data-list]');
      const chrome = await context.newCDPSession(page);
      // The page's own thread time: what other processes take from this machine is not counted.
      await chrome.send('Performance.enable', { timeDomain: 'threadTicks' });
      const spent = async (): Promise<number> => {
        const { metrics } = await chrome.send('Performance.getMetrics');
        const names = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];
        return metrics.filter(({ name }) => names.includes(name)).reduce((sum, { value }) => sum + value * 1_000, 0);
      };
      const frameMs = async (): Promise<number> => {
        const before = await spent();
        const frames = await list.evaluate(
          (at) =>
            new Promise<number>((resolve) => {
              let count = 0;
              const frame = (): void => {
                at.scrollTop += count % 60 < 30 ? 120 : -120;
                count += 1;
                if (count < 90) requestAnimationFrame(frame);
                else resolve(count);
              };
              requestAnimationFrame(frame);
            }),
        );
        return ((await spent()) - before) / frames;
      };
      const atFirst = await frameMs();
      for (let pages = 0; pages < 15; pages += 1) {
        await list.evaluate((at) => at.scrollTo({ top: at.scrollHeight }));
        await page.waitForTimeout(120);
      }
      const { drawn, height } = await list.evaluate((at) => ({
        drawn: at.querySelectorAll('[data-row]').length,
        height: at.scrollHeight,
      }));
      const far = await frameMs();
      console.log(
        `scrolling: ${atFirst.toFixed(1)} ms a frame at first, ${far.toFixed(1)} ms with ${Math.round(height / 56)} rows read`,
      );
      expect(drawn).toBeLessThan(60);
      expect(height).toBeGreaterThan(500 * 56);
      expect(far).toBeLessThan(2 * atFirst);
      expect(far).toBeLessThan(16);
    });
  });

  test('a chosen theme holds, and reduced motion moves nothing', async () => {
    await onPage(browser, server, '/', { theme: 'light' }, async (page) => {
      const shown = () => page.evaluate(() => document.documentElement.dataset['theme']);
      const button = page.getByRole('button', { name: /^Theme/ });
      expect(await shown()).toBe('light');
      await page.emulateMedia({ colorScheme: 'dark' });
      await expect.poll(shown).toBe('dark');
      await button.click();
      await expect.poll(shown).toBe('light');
      await page.reload();
      expect(await shown()).toBe('light');
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const animated = await page.evaluate(() => document.getAnimations().length);
      expect(animated).toBe(0);
    });
  });
});

describe('what the page weighs', () => {
  const html = () => readFileSync(join(DIST, 'index.html'), 'utf8');
  const gz = (name: string): number => gzipSync(readFileSync(join(DIST, name)), { level: 9 }).length;

  test('first JavaScript is at most 150 kB, style sheets 14 kB, gzipped', () => {
    const scripts = [...html().matchAll(/(?:src|modulepreload"[^>]*href)="\/([^"]+\.js)"/g)].map(
      (match) => match[1] ?? '',
    );
    const styles = [...html().matchAll(/href="\/([^"]+\.css)"/g)].map((match) => match[1] ?? '');
    expect(scripts.length).toBeGreaterThan(1);
    expect(styles.length).toBeGreaterThan(0);
    const weigh = (names: readonly string[]): number => names.reduce((sum, name) => sum + gz(name), 0) / 1024;
    console.log(`first JavaScript ${weigh(scripts).toFixed(1)} kB, styles ${weigh(styles).toFixed(1)} kB`);
    expect(weigh(scripts)).toBeLessThanOrEqual(150);
    expect(weigh(styles)).toBeLessThanOrEqual(14);
  });

  test('nothing inline, and every text has its compressed twin', () => {
    expect(html()).not.toMatch(/<script(?![^>]*src=)/);
    expect(html()).not.toMatch(/<style|style=/);
    const names = readdirSync(join(DIST, 'assets'));
    const large = names.filter(
      (name) => /\.(js|css)$/.test(name) && readFileSync(join(DIST, 'assets', name)).length >= 1_024,
    );
    for (const name of large) expect(names).toContain(`${name}.br`);
  });
});
