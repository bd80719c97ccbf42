import type { Config } from '../config.ts';
import type { SsoSettings } from './auth.ts';

/** What a configuration says of single sign-on; null where issuer, client or secret is not set. */
export const ssoSettings = (config: Config): SsoSettings | null => {
  const { BATON_OIDC_ISSUER: issuer, BATON_OIDC_CLIENT_ID: clientId, BATON_OIDC_CLIENT_SECRET: clientSecret } = config;
  if (issuer === null || clientId === null || clientSecret === null) return null;
  return { issuer, clientId, clientSecret, name: config.BATON_OIDC_NAME };
};
