import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vite';

/** Names the Latin text font in the page's head, so that it is under way before the style sheet has been read. */
const preloadTextFont = (): Plugin => ({
  name: 'preload-text-font',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle }) {
      const font = Object.keys(bundle ?? {}).find((name) => /public-sans-latin-wght-normal.*\.woff2$/.test(name));
      if (font === undefined) return [];
      const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${font}`, crossorigin: '' };
      return [{ tag: 'link', attrs, injectTo: 'head' }];
    },
  },
});

const TEXT = /\.(js|css|html|svg|json)$/;

/** Writes a .br and a .gz beside each text file, so that the server never compresses while somebody waits. */
const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  async closeBundle() {
    const { outDir } = this.environment.config.build;
    const dir = resolve(this.environment.config.root, outDir);
    const names = await readdir(dir, { recursive: true });
    for (const name of names.filter((each) => TEXT.test(each))) {
      const bytes = await readFile(join(dir, name));
      if (bytes.length < 1_024) continue;
      const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
      await writeFile(join(dir, `${name}.br`), brotliCompressSync(bytes, { params: quality }));
      await writeFile(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    }
  },
});

/** For `vite dev`, the running server that answers the API; its one-time link has to be opened on the dev port. */
const server = process.env['BATON_DEV_SERVER'] ?? 'http://localhost:4600';

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadTextFont(), precompress()],
  build: {
    target: 'baseline-widely-available',
    // Every byte comes from its own URL: the content security policy allows no data: sources.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': server, '/in': server } },
});
