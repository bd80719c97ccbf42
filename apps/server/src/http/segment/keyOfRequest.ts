const remembered = new Map<string, string | null>();

/** The key in an Authorization header: user name of basic auth (as Segment's clients send it), or a bearer token. */
export const keyOfRequest = (authorization: string | undefined): string | undefined => {
  if (authorization === undefined || authorization.length > 500) return undefined;
  const known = remembered.get(authorization);
  if (known !== undefined) return known ?? undefined;
  const key = read(authorization);
  if (remembered.size > 1_000) remembered.clear();
  remembered.set(authorization, key ?? null);
  return key;
};

const read = (authorization: string): string | undefined => {
  const [scheme = '', value = ''] = authorization.trim().split(/\s+/, 2);
  if (/^bearer$/i.test(scheme)) return value === '' ? undefined : value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const user = Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0];
  return user === '' ? undefined : user;
};
