import type { FastifyRequest } from 'fastify';
import type { Place } from '../../access/passkeys.ts';

/** Where a browser is: at the public address, or, where none is set, at whatever name it reached us by. */
export const placeOf = (request: FastifyRequest, publicUrl: string | null): Place => {
  const { origin, hostname } = new URL(publicUrl ?? `http://${request.headers.host ?? 'localhost'}`);
  return { origin, host: hostname };
};
