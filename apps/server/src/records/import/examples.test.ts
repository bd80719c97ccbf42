import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkPolicyFile, testPolicyFile } from '../../agreement/policyCommands.ts';
import { parseImportMap } from './parseImportMap.ts';

const path = (file: string): string => fileURLToPath(new URL(`../../../../../${file}`, import.meta.url));

test.each(['examples/olist/policy.yaml', 'examples/xeducation/policy.yaml'])('%s does what its cases say', (file) => {
  const run = testPolicyFile(path(file));
  expect(run.exitCode, run.text).toBe(0);
});

test('the demo’s policy can be signed', () => {
  const check = checkPolicyFile(path('apps/server/src/demo/demoPolicy.yaml'), {
    teams: new Set(['demo-inbound', 'demo-dach']),
  });
  expect(check.exitCode, check.text).toBe(0);
});

test.each([
  ['examples/olist/maps/mql.yaml', 'contacts'],
  ['examples/olist/maps/deals.yaml', 'deals'],
  ['examples/xeducation/map.yaml', 'contacts'],
])('%s is a map of %s', (file, rows) => {
  expect(parseImportMap(readFileSync(path(file), 'utf8'), file).rows).toBe(rows);
});
