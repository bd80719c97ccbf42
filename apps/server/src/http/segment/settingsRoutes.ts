import type { FastifyInstance } from 'fastify';
import type { FindKey } from '../../access/keyRing.ts';
import { HttpProblem } from '../httpProblem.ts';
import { keyOfRequest } from './keyOfRequest.ts';
import { preflight } from './preflight.ts';

/** What the settings of a source are made from. */
export type SettingsDeps = {
  readonly findKey: FindKey;
  /** Where browsers reach us, without a path; null: as the request did. */
  readonly publicUrl: string | null;
};

/**
 * Answers what the browser clients ask before they send: Segment's settings of a project, and Rudder's source
 * configuration. Both say: no other destinations, and send here.
 */
export const registerSettingsRoutes = (app: FastifyInstance, deps: SettingsDeps): void => {
  const config = { ingest: true };
  const settings = async (key: string, host: string, secure: boolean) => {
    if ((await deps.findKey(key)) === null) throw new HttpProblem('not_found', 'There is no such write key.');
    const base = new URL(deps.publicUrl ?? `${secure ? 'https' : 'http'}://${host}`);
    return {
      integrations: {
        'Segment.io': {
          apiKey: key,
          apiHost: `${base.host}/v1`,
          protocol: base.protocol.slice(0, -1),
          unbundledIntegrations: [],
          addBundledMetadata: true,
        },
      },
      plan: { track: { __default: { enabled: true, integrations: {} } }, identify: { __default: { enabled: true } } },
      edgeFunction: {},
      analyticsNextEnabled: true,
      middlewareSettings: {},
      enabledMiddleware: {},
      metrics: { sampleRate: 0 },
      legacyVideoPluginsEnabled: false,
      remotePlugins: [],
    };
  };
  app.get<{ Params: { key: string } }>('/v1/projects/:key/settings', { config }, (request, reply) =>
    settings(request.params.key, request.headers.host ?? 'localhost', request.protocol === 'https').then((body) =>
      reply.header('cache-control', 'public, max-age=60').send(body),
    ),
  );
  const sourceConfig = async (key: string | undefined, host: string, secure: boolean) => {
    const holder = key === undefined ? null : await deps.findKey(key);
    if (holder === null || key === undefined) throw new HttpProblem('unauthorized', 'There is no such write key.');
    const base = deps.publicUrl ?? `${secure ? 'https' : 'http'}://${host}`;
    return {
      source: {
        id: `baton-${holder.sourceId}`,
        name: holder.sourceName,
        writeKey: key,
        enabled: true,
        workspaceId: 'baton',
        destinations: [],
        config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
        connections: [],
        dataplanes: {},
      },
      dataPlaneUrl: base,
      updatedAt: '2026-01-01T00:00:00.000Z',
      consentManagementMetadata: { providers: [] },
    };
  };
  for (const path of ['/sourceConfig', '/v1/sourceConfig']) {
    app.options(path, { config }, (_request, reply) => preflight(reply));
    app.get<{ Querystring: { writeKey?: string } }>(path, { config }, async (request, reply) => {
      const key = keyOfRequest(request.headers.authorization) ?? request.query.writeKey;
      const body = await sourceConfig(key, request.headers.host ?? 'localhost', request.protocol === 'https');
      return reply.header('cache-control', 'no-store').send(body);
    });
  }
};
