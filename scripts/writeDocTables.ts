/** `npm run docs`: writes the tables of the documents anew, after the code that they tell of changed. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from './docTables.ts';

const root = join(import.meta.dirname, '..');
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name));
for (const file of ['README.md', ...pages].filter((name) => name.endsWith('.md'))) {
  const before = readFileSync(join(root, file), 'utf8');
  const after = withTables(before);
  if (after === before) continue;
  writeFileSync(join(root, file), after);
  process.stdout.write(`${file}\n`);
}
