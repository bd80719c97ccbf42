import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { SendAccountLink } from '../access/accountMail.ts';
import { cookieNames, isSecure, makeAuth, type SsoSettings } from '../access/auth.ts';
import { makeKeyRing } from '../access/keyRing.ts';
import type { SecretBox } from '../access/secretBox.ts';
import { serverSecret } from '../access/serverSecret.ts';
import { makeSessions } from '../access/sessions.ts';
import type { Submit } from '../intake/incomingEvent.ts';
import { registerAccessRoutes } from './api/accessRoutes.ts';
import { registerAccountLinkRoutes } from './api/accountLinkRoutes.ts';
import { registerAccountRoutes } from './api/accountRoutes.ts';
import { registerContactRoutes } from './api/contactRoutes.ts';
import { registerEventRoutes } from './api/eventRoutes.ts';
import { registerFormAdminRoutes } from './api/formAdminRoutes.ts';
import { registerHealthRoutes } from './api/healthRoutes.ts';
import type { ApiDeps } from './api/implement.ts';
import { registerKeyRoutes } from './api/keyRoutes.ts';
import { registerMyAccountRoutes } from './api/myAccountRoutes.ts';
import { registerPasskeyRoutes } from './api/passkeyRoutes.ts';
import { registerPolicyRoutes } from './api/policyRoutes.ts';
import { registerQuarantineRoutes } from './api/quarantineRoutes.ts';
import { registerSsoRoutes } from './api/ssoRoutes.ts';
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
  /** Seals what must not be read from a copy of the database. */
  readonly box?: SecretBox;
  /** Sends invitations; null where e-mail is not set up. */
  readonly sendLink?: SendAccountLink | null;
};

/** Builds the HTTP server with every surface but the live page, which compose adds. Nothing listens yet. */
export const createHttpSurfaces = async (
  deps: SurfaceDeps,
): Promise<{ readonly app: FastifyInstance; readonly api: ApiDeps }> => {
  const { pool, now, submit, publicUrl } = deps;
  const app = createHttpServer(deps);
  const findKey = makeKeyRing(pool, now);
  const api: ApiDeps = { pool, findKey, sessions: makeSessions(pool, now, cookieNames(isSecure(publicUrl)).session) };
  const auth = await makeAuth(pool, { publicUrl, sso: deps.sso ?? null, box: deps.box ?? null });
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
  const sso = deps.sso ?? null;
  const access = { ...api, auth, publicUrl, now, sso, sendLink: deps.sendLink ?? null };
  const door = registerAccessRoutes(app, access);
  registerAccountRoutes(app, access);
  registerAccountLinkRoutes(app, access, door);
  registerMyAccountRoutes(app, access);
  registerPasskeyRoutes(app, access, door);
  registerSsoRoutes(app, access, door);
  registerKeyRoutes(app, api);
  registerContactRoutes(app, api);
  registerPolicyRoutes(app, api);
  registerQuarantineRoutes(app, api);
  registerFormAdminRoutes(app, api);
  registerOpenApiRoute(app, deps.version);
  return { app, api };
};
