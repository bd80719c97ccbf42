import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = import.meta.dirname;
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
const read = (name: string): string => readFileSync(join(SRC, name), 'utf8');

describe('the look', () => {
  test('classes name tokens only: no arbitrary values, no colour of their own', () => {
    const wrong = files
      .filter((name) => name.endsWith('.tsx'))
      .flatMap((name) =>
        [...read(name).matchAll(/className=(?:"([^"]*)"|\{`([^`]*)`\})/g)]
          .map((match) => match[1] ?? match[2] ?? '')
          .filter((classes) => /[a-z]-\[/.test(classes))
          .map((classes) => `${name}: ${classes}`),
      );
    expect(wrong).toEqual([]);
    for (const name of files.filter((each) => each.endsWith('.tsx')))
      expect(read(name), name).not.toMatch(/#[0-9a-f]{3,8}\b|oklch\(|rgb\(/i);
  });

  test('both themes have the same tokens', () => {
    const css = read('tokens.css');
    const tokensOf = (selector: string): string[] => {
      const from = css.indexOf(selector);
      const block = css.slice(from, css.indexOf('}', from));
      return [...block.matchAll(/(--[\w-]+):/g)].map((match) => match[1] ?? '').sort();
    };
    expect(tokensOf(':root[data-theme="dark"] {')).toEqual(tokensOf(':root {'));
    expect(tokensOf(':root {').length).toBeGreaterThan(20);
  });
});
