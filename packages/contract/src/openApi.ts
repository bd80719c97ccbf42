import { z } from 'zod/mini';
import { ERROR_CODES, type ErrorCode } from './errorCodes.ts';
import type { Operation, Schema } from './operation.ts';
import { Problem } from './problem.ts';

type Json = { [key: string]: unknown };

/** Said by every operation that is asked at all, so that each does not have to. */
const EVERYWHERE: readonly ErrorCode[] = ['invalid_host', 'internal', 'unavailable'];

/** The OpenAPI 3.1 document of the operations given; nothing in it is written by hand twice. Pure. */
export const openApiOf = (operations: readonly Operation[], version: string): Json => {
  const paths: { [path: string]: { [method: string]: Json } } = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    const methods = paths[path] ?? {};
    paths[path] = methods;
    methods[operation.method.toLowerCase()] = describe(operation);
  }
  return hoistDefinitions({
    openapi: '3.1.0',
    info: { title: 'Baton', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'baton_session' },
        key: { type: 'http', scheme: 'bearer' },
        writeKey: { type: 'http', scheme: 'basic', description: 'The write key as user name, no password.' },
      },
    },
  });
};

const describe = (operation: Operation): Json => ({
  operationId: operation.id,
  summary: operation.say,
  // what a person needs, by the table of roles; what a key needs stands under security
  'x-permission': operation.permission,
  ...(operation.access === 'public' ? { security: [] } : { security: securityOf(operation) }),
  parameters: [
    ...parametersOf(operation.params, 'path'),
    ...parametersOf(operation.query, 'query'),
    ...idempotency(operation),
  ],
  ...(operation.body === undefined
    ? {}
    : { requestBody: { content: { 'application/json': { schema: schemaOf(operation.body, 'input') } } } }),
  responses: {
    [operation.status]:
      operation.reply === undefined
        ? { description: 'Done.' }
        : { description: 'Done.', content: { 'application/json': { schema: schemaOf(operation.reply, 'output') } } },
    ...problemsOf(operation),
  },
});

const securityOf = (operation: Operation): Json[] => {
  if (operation.access === 'session') return [{ session: [] }];
  if (operation.access === 'events:write') return [{ writeKey: [] }, { key: [] }];
  return [{ session: [] }, { key: [operation.access] }];
};

const idempotency = (operation: Operation): Json[] =>
  operation.method === 'POST' && operation.errors.includes('idempotency_conflict')
    ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 } }]
    : [];

const parametersOf = (schema: Schema | undefined, place: 'path' | 'query'): Json[] => {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: { [name: string]: Json };
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
};

const problemsOf = (operation: Operation): Json => {
  const codes = new Set<ErrorCode>([...operation.errors, ...EVERYWHERE]);
  if (operation.access !== 'public') for (const code of ['unauthorized', 'forbidden'] as const) codes.add(code);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERROR_CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, said]) => [
      status,
      {
        description: said.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
};

const schemaOf = (schema: Schema, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  }) as Json;
  return rest;
};

type Shared = { readonly [name: string]: unknown };

/**
 * Moves what schemas define for themselves (`$defs`, which a schema that contains itself needs) to the document's
 * components, where references in a document can reach it; the same definition becomes one. Recursive over the document.
 */
const hoistDefinitions = (document: Json): Json => {
  const shared = new Map<string, { readonly name: string; readonly schema: unknown }>();
  const nameOf = (own: string, schema: unknown): string => {
    const text = JSON.stringify(schema).replaceAll(`#/$defs/${own}`, '#/self');
    const known = shared.get(text);
    if (known !== undefined) return known.name;
    const name = `Shared${shared.size + 1}`;
    const there = `#/components/schemas/${name}`;
    shared.set(text, { name, schema: JSON.parse(text.replaceAll('#/self', there)) });
    return name;
  };
  const walk = (value: unknown, names: ReadonlyMap<string, string>): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown) => walk(item, names));
    if (typeof value !== 'object' || value === null) return value;
    const { $defs, ...rest } = value as { readonly $defs?: Shared };
    const inner = new Map(names);
    for (const [own, schema] of Object.entries($defs ?? {})) inner.set(own, nameOf(own, schema));
    const { $ref } = rest as { readonly $ref?: string };
    const target = $ref?.startsWith('#/$defs/') ? inner.get($ref.slice('#/$defs/'.length)) : undefined;
    if (target !== undefined) return { $ref: `#/components/schemas/${target}` };
    return Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, walk(item, inner)]));
  };
  const hoisted = walk(document, new Map()) as { readonly components: { readonly schemas: Shared } } & Json;
  const found = Object.fromEntries([...shared.values()].map(({ name, schema }) => [name, schema]));
  return { ...hoisted, components: { ...hoisted.components, schemas: { ...hoisted.components.schemas, ...found } } };
};
