import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { cookieNames, isSecure, makeAuth, type SsoSettings } from '../access/auth.ts';
import { makeKeyRing } from '../access/keyRing.ts';
import { serverSecret } from '../access/serverSecret.ts';
import { makeSessions } from '../access/sessions.ts';
import type { Submit } from '../intake/incomingEvent.ts';
import { registerAccessRoutes } from './api/accessRoutes.ts';
import { registerContactRoutes } from './api/contactRoutes.ts';
import { registerEventRoutes } from './api/eventRoutes.ts';
import { registerFormAdminRoutes } from './api/formAdminRoutes.ts';
import { registerHealthRoutes } from './api/healthRoutes.ts';
import type { ApiDeps } from './api/implement.ts';
import { registerKeyRoutes } from './api/keyRoutes.ts';
import { registerPolicyRoutes } from './api/policyRoutes.ts';
import { registerQuarantineRoutes } from './api/quarantineRoutes.ts';
import { createHttpServer, type HttpServerOptions } from './createHttpServer.ts';
import { makeScannerClicks } from './events/scannerClicks.ts';
import { makeForms } from './forms/form.ts';
import { registerFormRoutes } from './forms/formRoutes.ts';
import { registerOpenApiRoute } from './openApiRoute.ts';
import { registerSegmentRoutes } from './segment/segmentRoutes.ts';
import { registerSettingsRoutes } from './segment/settingsRoutes.ts';

/** What the surfaces need from the rest of the server. */
export type SurfaceDeps = {
  readonly pool: Pool;
  readonly submit: Submit;
  readonly now: () => number;
  readonly takesWork: () => boolean;
  readonly onMistake: (error: unknown, requestId: string) => void;
  readonly onAnswered?: HttpServerOptions['onAnswered'];
  readonly version: string;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly trustedProxies: readonly string[];
  readonly ownDomains: readonly string[];
  readonly formsPerMinute: number;
  /** Single sign-on, where it is set up. */
  readonly sso?: SsoSettings | null;
};

/** Builds the HTTP server with every surface but the live page, which compose adds. Nothing listens yet. */
export const createHttpSurfaces = async (
  deps: SurfaceDeps,
): Promise<{ readonly app: FastifyInstance; readonly api: ApiDeps }> => {
  const { pool, now, submit, publicUrl } = deps;
  const app = createHttpServer(deps);
  const findKey = makeKeyRing(pool, now);
  const api: ApiDeps = { pool, findKey, sessions: makeSessions(pool, now, cookieNames(isSecure(publicUrl)).session) };
  const auth = await makeAuth(pool, { publicUrl, sso: deps.sso ?? null });
  const ownDomains = new Set(deps.ownDomains.map((domain) => domain.toLowerCase()));
  const ingest = { ...api, submit, mark: makeScannerClicks(), now, ownDomains };
  registerHealthRoutes(app, { pool, takesWork: deps.takesWork });
  registerSegmentRoutes(app, ingest);
  registerSettingsRoutes(app, { findKey, publicUrl });
  registerEventRoutes(app, ingest);
  registerFormRoutes(app, {
    pool,
    submit,
    now,
    ownDomains,
    findForm: makeForms(pool, now),
    tokenSecret: await serverSecret(pool, 'form-token'),
    perMinute: deps.formsPerMinute,
  });
  registerAccessRoutes(app, { ...api, auth, publicUrl, now });
  registerKeyRoutes(app, api);
  registerContactRoutes(app, api);
  registerPolicyRoutes(app, api);
  registerQuarantineRoutes(app, api);
  registerFormAdminRoutes(app, api);
  registerOpenApiRoute(app, deps.version);
  return { app, api };
};
