import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '@baton/contract/errorCodes.ts';
import { QUARANTINE_CODES, WARNING_CODES } from '@baton/contract/receiptCodes.ts';
import { expect, test } from 'vitest';

const source = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .join('\n');

test.each(Object.keys({ ...ERROR_CODES, ...QUARANTINE_CODES, ...WARNING_CODES }))('%s is said somewhere', (code) => {
  expect(source).toContain(`'${code}'`);
});
