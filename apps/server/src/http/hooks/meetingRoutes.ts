import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { SealedElsewhere, type SecretBox } from '../../access/secretBox.ts';
import { CALENDARS, type Calendar, readHookSecret } from '../../evidence/hookSecrets.ts';
import { calCom } from '../../evidence/meetings/calCom.ts';
import { calendly } from '../../evidence/meetings/calendly.ts';
import type { MeetingHook } from '../../evidence/meetings/meetingHook.ts';
import { type EvidenceDeps, takeActivity } from '../../evidence/takeActivity.ts';
import { HttpProblem } from '../httpProblem.ts';

const HOOKS: { readonly [calendar in Calendar]: MeetingHook } = { 'cal-com': calCom, calendly };

/**
 * Serves what calendars tell of meetings: `POST /hooks/cal-com`, `POST /hooks/calendly`. The raw bytes are judged before they
 * are read. Without a secret nothing is believed. Answers after the commit; an answer but 2xx makes the calendar send again.
 */
export const registerMeetingRoutes = (
  app: FastifyInstance,
  deps: EvidenceDeps & {
    /** Opens the secrets that calendars sign with. */
    readonly box: SecretBox;
    readonly now: () => number;
    /** Hears of what was not believed: somebody may be trying keys, or ours is old. */
    readonly onDisbelief: (say: string) => void;
  },
): void => {
  for (const calendar of CALENDARS)
    app.post(`/hooks/${calendar}`, async (request, reply) => {
      const secret = await readSecret(deps, calendar);
      if (secret === null)
        throw new HttpProblem('not_configured', `Set it up first: baton hook set ${calendar}.`, { retryAfterS: 3_600 });
      const hook = HOOKS[calendar];
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const header = (name: string) => {
        const value = request.headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      const doubt = orMalformed(() => hook.doubt({ header, body }, secret, deps.now()));
      if (doubt !== null) {
        deps.onDisbelief(`a webhook of ${calendar} was not believed: ${doubt} (request ${request.id})`);
        throw new HttpProblem('invalid_signature', 'The signature is not ours, or it is too old.');
      }
      for (const activity of orMalformed(() => hook.read(body))) await takeActivity(deps, activity);
      return reply.status(204).send();
    });
};

const readSecret = async (
  { pool, box }: { readonly pool: Pool; readonly box: SecretBox },
  calendar: Calendar,
): Promise<string | null> => {
  try {
    return await readHookSecret(pool, calendar, box);
  } catch (error) {
    if (!(error instanceof SealedElsewhere)) throw error;
    throw new HttpProblem('not_configured', `Its secret can't be read: ${error.message}.`, { retryAfterS: 3_600 });
  }
};

/** @throws HttpProblem `malformed_json` where a signed body is not JSON. */
const orMalformed = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) throw new HttpProblem('malformed_json', 'The body is not JSON.');
    throw error;
  }
};
