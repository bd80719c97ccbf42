import { openApiOf } from '@baton/contract/openApi.ts';
import { OPERATIONS } from '@baton/contract/operations.ts';
import type { FastifyInstance } from 'fastify';

/** Serves the OpenAPI 3.1 document, made from the contract at start. */
export const registerOpenApiRoute = (app: FastifyInstance, version: string): void => {
  const document = JSON.stringify(openApiOf(OPERATIONS, version));
  app.get('/openapi.json', (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(document),
  );
};
