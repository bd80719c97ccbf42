import { expect, test } from 'vitest';
import { ERROR_CODES } from './errorCodes.ts';
import { openApiOf } from './openApi.ts';
import { OPERATIONS } from './operations.ts';

const document = openApiOf(OPERATIONS, '0.1.0');

test('the committed document is the one that the operations give; `vitest -u` writes it anew', async () => {
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../openapi.json');
});

test('no two operations share an id, or a method and path', () => {
  const ids = OPERATIONS.map((operation) => operation.id);
  expect(new Set(ids).size).toBe(ids.length);
  const places = OPERATIONS.map((operation) => `${operation.method} ${operation.path}`);
  expect(new Set(places).size).toBe(places.length);
});

test('every parameter in a path is described, and every refusal that an operation names is in the catalogue', () => {
  for (const operation of OPERATIONS) {
    const names = [...operation.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
    const described = document['paths'] as {
      [path: string]: { [method: string]: { parameters: { name: string; in: string }[] } };
    };
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    const parameters = described[path]?.[operation.method.toLowerCase()]?.parameters ?? [];
    expect(parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(names);
    for (const code of operation.errors) expect(ERROR_CODES).toHaveProperty(code);
  }
});

test('every reference leads somewhere in the document', () => {
  const text = JSON.stringify(document);
  expect(text).not.toContain('$defs');
  const references = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? ''));
  expect(references.size).toBeGreaterThan(1);
  for (const reference of references) {
    const target = reference
      .split('/')
      .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
    expect([reference, typeof target]).toEqual([reference, 'object']);
  }
});
