import type { Delivery, SendResult } from '../../outbox/sender.ts';
import { type Channel, type ChannelDeps, testDelivery } from '../channel.ts';
import { gatherReads } from '../gatherReads.ts';
import type { LinkMaker } from '../links.ts';
import { type AskedFacts, readAllNoticeFacts } from '../noticeFacts.ts';
import { teamsCard } from './teamsCard.ts';

const NOT_SET = 'Set BATON_TEAMS_WEBHOOK_URL to post to Teams.';
const SAYS_MAX = 300;

/**
 * Microsoft Teams, by incoming webhook: cards for a place, posted through the guard. A place that is an address of its own
 * gets its card there; every other one goes to the configured webhook.
 */
export const openTeams = (url: string | null, deps: ChannelDeps & { readonly links: LinkMaker }): Channel => {
  const readFacts = gatherReads((asked: readonly AskedFacts[]) => readAllNoticeFacts(deps.pool, asked));
  const post = async (delivery: Delivery, signal?: AbortSignal): Promise<SendResult> => {
    const to = addressOf(delivery.place, url);
    if (to === null) return { ok: false, retry: false, detail: NOT_SET };
    const facts = await readFacts(delivery);
    const answer = await deps.guardedFetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(teamsCard(delivery, facts, deps.links, deps.now())),
      ...(signal === undefined ? {} : { signal }),
    });
    return resultOf(answer.status, answer.body.toString('utf8'), answer.headers['retry-after'], deps.now());
  };
  return {
    channel: 'teams',
    say: url === null ? NOT_SET : `by the webhook of ${new URL(url).host}`,
    sender: url === null ? null : { channel: 'teams', send: post },
    async test(to) {
      const delivery = testDelivery('teams', to ?? '', deps.now());
      try {
        const result = await post(delivery);
        return { ok: result.ok, say: result.detail, transcript: [`POST ${hostOf(to, url)}`, result.detail] };
      } catch (error) {
        const say = error instanceof Error ? error.message : String(error);
        return { ok: false, say, transcript: [`POST ${hostOf(to, url)}`, say] };
      }
    },
    close: () => {},
  };
};

const addressOf = (place: string | null, url: string | null): string | null =>
  place?.startsWith('https://') === true ? place : url;

/** The address of a webhook is its secret: only its host is shown. */
const hostOf = (to: string | undefined, url: string | null): string => {
  const address = addressOf(to ?? null, url);
  return address !== null && URL.canParse(address) ? `${new URL(address).origin}/...` : 'nowhere';
};

/** Old connectors answer 200 with a body that says what went wrong; flows answer 202. */
const resultOf = (
  status: number,
  body: string,
  retryAfter: string | readonly string[] | undefined,
  now: number,
): SendResult => {
  const said = body.replace(/\s+/g, ' ').slice(0, SAYS_MAX);
  const failedInside = /HTTP error (\d{3})/.exec(body)?.[1];
  const really = failedInside === undefined ? status : Number(failedInside);
  const detail = `HTTP ${really}${said === '' ? '' : `: ${said}`}`;
  if (really >= 200 && really < 300) return { ok: true, detail };
  const wait = typeof retryAfter === 'string' ? waitOf(retryAfter, now) : null;
  const gone = really === 410 || (really === 404 && failedInside === undefined);
  const retry = really >= 500 || really === 429 || really === 408;
  return {
    ok: false,
    retry,
    ...(wait === null ? {} : { retryAfterMs: wait }),
    ...(gone ? { gone: true } : {}),
    detail,
  };
};

const waitOf = (text: string, now: number): number | null => {
  if (/^\d{1,6}$/.test(text.trim())) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
};
