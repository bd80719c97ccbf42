import type { FastifyReply } from 'fastify';

/** Answers a browser that asks whether a page of another site may send here: it may, without cookies. */
export const preflight = (reply: FastifyReply): FastifyReply =>
  reply
    .status(204)
    .header('access-control-allow-methods', 'GET, POST')
    .header('access-control-allow-headers', 'authorization, content-type, content-encoding, anonymousid')
    .header('access-control-max-age', '86400')
    .send();
