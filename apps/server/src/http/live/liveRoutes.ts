import type { FastifyInstance } from 'fastify';
import { livingSessions } from '../../access/sessions.ts';
import type { Sight } from '../../access/sight.ts';
import { READ_KIND } from '../../channels/notices/notices.ts';
import { actorOf } from '../api/actorOf.ts';
import { admit, type Caller, readCaller } from '../api/caller.ts';
import type { ApiDeps } from '../api/implement.ts';
import { sightOf } from '../api/sightOf.ts';
import { HttpProblem } from '../httpProblem.ts';
import {
  type FeedPlace,
  type FeedReader,
  type FeedRow,
  isAfter,
  placeText,
  readFeed,
  readPlace,
} from './feedReader.ts';
import { tellNotices } from './tellNotices.ts';

const BEAT_MS = 15_000;
/** A client that has this much unread is cut off; it comes back with Last-Event-ID and misses nothing. */
const UNREAD_BYTES_MAX = 256 * 1024;
/** Further behind than this it is quicker to read everything again than to replay. */
const REPLAY_ROWS_MAX = 5_000;
const CLIENTS_MAX = 2_000;
const RETRY_MS = 2_000;
/** How often the sessions of open streams are looked at: a stream outlives its session by no more than this. */
const SESSIONS_EVERY_MS = 2_000;
/** When this node drains, its clients come back to others spread over this time, not all at once. */
const RETRY_SPREAD_MS = 5_000;

export type LiveDeps = ApiDeps & { readonly feed: FeedReader };

/** What others may know of the streams. */
export type LiveRoutes = { readonly clients: () => number };

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
} as const;

const message = (event: string, data: unknown, place: FeedPlace | null): string =>
  `${place === null ? '' : `id: ${placeText(place)}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** The rep whose notices a stream tells: the one who is signed in, or whom a key names; null for everybody else. */
const repOf = async (deps: LiveDeps, caller: Caller, as: string | undefined): Promise<number | null> => {
  const named = as === undefined ? undefined : Number(as);
  if (named !== undefined && !Number.isSafeInteger(named))
    throw new HttpProblem('invalid_parameter', 'as: the number of a rep.', { at: 'as' });
  const actor = await actorOf(deps.pool, caller, named);
  return actor.kind === 'rep' ? actor.id : null;
};

/** The rows that pages care for, of one handoff only the last: a page reads it again anyway. */
const messagesOf = (rows: readonly FeedRow[], sight: Sight): string => {
  const latest = new Map<number, FeedRow>();
  for (const row of rows) {
    if (row.change.handoffId === null) continue;
    latest.delete(row.change.handoffId);
    latest.set(row.change.handoffId, row);
  }
  // Whoever sees only their own is told the number alone: reading it again answers whether it is one of theirs.
  const said = ({ change }: FeedRow) => (sight === null ? change : { ...change, contactId: null, kind: 'changed' });
  return [...latest.values()].map((row) => message('change', said(row), row.place)).join('');
};

/**
 * Registers `GET /api/v1/live`, a stream of server-sent events: `change` for each handoff that changed, `notices` for what
 * the rep who asks is told, `reset` where the client is too far behind to be told, `beat` each 15 s. It starts after Last-Event-ID, else after the query's `after`,
 * else now. Closing the app ends every stream.
 */
export const registerLiveRoutes = (app: FastifyInstance, deps: LiveDeps): LiveRoutes => {
  const ends = new Set<(retryMs?: number) => void>();
  /** The open streams of each session. */
  const bySession = new Map<string, Set<() => void>>();
  const watch = endDeadStreams(deps, bySession);
  app.addHook('preClose', async () => {
    clearInterval(watch);
    const all = [...ends];
    for (const [index, end] of all.entries()) end(RETRY_MS + Math.round((RETRY_SPREAD_MS * (index + 1)) / all.length));
  });

  app.get<{ Querystring: { after?: string; as?: string } }>('/api/v1/live', async (request, reply) => {
    const caller = await readCaller(request, deps.findKey, deps.sessions);
    admit(request, caller, { access: 'handoffs:read', permission: 'handoffs.read' });
    if (ends.size >= CLIENTS_MAX) {
      throw new HttpProblem('overloaded', 'This node follows as many pages as it can.', { retryAfterS: 10 });
    }
    const asked = request.headers['last-event-id'] ?? request.query.after;
    const from = typeof asked === 'string' ? readPlace(asked) : null;
    if (asked !== undefined && from === null) {
      throw new HttpProblem('invalid_cursor', 'Send the id of the last message that you got, unchanged.', {
        at: 'after',
      });
    }

    const repId = await repOf(deps, caller, request.query.as);
    const sight = sightOf(caller);
    const sessionId = caller.kind === 'session' ? caller.session.id : null;

    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, HEADERS);
    raw.socket?.setNoDelay(true);

    let place = from ?? deps.feed.place();
    let held: FeedRow[] | null = [];
    const end = (retryMs?: number): void => {
      if (!ends.delete(end)) return;
      clearInterval(beat);
      if (sessionId !== null) {
        bySession.get(sessionId)?.delete(end);
        if (bySession.get(sessionId)?.size === 0) bySession.delete(sessionId);
      }
      leave();
      notices?.stop();
      raw.end(retryMs === undefined ? '' : `retry: ${retryMs}\n\n`);
    };
    const write = (text: string): void => {
      if (text === '' || raw.destroyed) return;
      raw.write(text);
      if (raw.writableLength > UNREAD_BYTES_MAX) {
        end();
        raw.destroy();
      }
    };
    const tell = (rows: readonly FeedRow[]): void => {
      const news = rows.filter((row) => isAfter(row.place, place));
      const last = news.at(-1);
      if (last === undefined) return;
      const from = place;
      place = last.place;
      const said = messagesOf(news, sight);
      if (notices === null) write(said);
      else
        notices.tell(
          from,
          last.place,
          said,
          news.some((row) => row.change.kind === READ_KIND),
        );
    };
    const sayBeat = (): void => write(`: beat\n${message('beat', { serverNow: new Date().toISOString() }, null)}`);
    const beat = setInterval(async () => {
      // A session that has ended, or a key that was revoked, ends its stream too.
      const still = await readCaller(request, deps.findKey, deps.sessions).catch(() => caller);
      if (still.kind === 'nobody') end();
      else sayBeat();
    }, BEAT_MS);
    const leave = deps.feed.subscribe((rows) => {
      if (held === null) tell(rows);
      else held.push(...rows);
    });
    const notices =
      repId === null
        ? null
        : tellNotices(deps.pool, repId, {
            write,
            say: (data) => message('notices', data, null),
            onError: (error) => {
              deps.feed.report(error);
              end();
            },
          });
    ends.add(end);
    if (sessionId !== null) bySession.set(sessionId, (bySession.get(sessionId) ?? new Set()).add(end));
    raw.on('close', () => end());

    write(`retry: ${RETRY_MS}\n`);
    sayBeat();
    notices?.begin();
    try {
      for (let replayed = 0; ; ) {
        const rows = await readFeed(deps.pool, place);
        tell(rows);
        replayed += rows.length;
        if (rows.length === 0) break;
        if (replayed < REPLAY_ROWS_MAX) continue;
        place = deps.feed.place();
        write(message('reset', {}, place));
        notices?.begin();
        break;
      }
      const waiting = held;
      held = null;
      tell(waiting);
    } catch (error) {
      // The stream has begun, so there is no status to answer with: the client comes back by itself.
      deps.feed.report(error);
      end();
    }
  });
  return { clients: () => ends.size };
};

/** Ends the streams of sessions that are no more: signed out, revoked, or their account deactivated. One query for all. */
const endDeadStreams = (
  { pool, feed }: LiveDeps,
  bySession: ReadonlyMap<string, ReadonlySet<() => void>>,
): ReturnType<typeof setInterval> => {
  let looking = false;
  const look = async (): Promise<void> => {
    const ids = [...bySession.keys()];
    const living = await livingSessions(pool, ids);
    for (const id of ids) if (!living.has(id)) for (const end of [...(bySession.get(id) ?? [])]) end();
  };
  return setInterval(() => {
    if (looking || bySession.size === 0) return;
    looking = true;
    look()
      .catch((error: unknown) => feed.report(error))
      .finally(() => {
        looking = false;
      });
  }, SESSIONS_EVERY_MS);
};
