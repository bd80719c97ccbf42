import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { openAccountMail } from './access/accountMail.ts';
import { openSecretBox } from './access/secretKey.ts';
import { ssoSettings } from './access/ssoSettings.ts';
import { makePolicyLoader } from './agreement/activePolicy.ts';
import { channelSettings } from './channels/channelSettings.ts';
import { startDigests } from './channels/digest/startDigests.ts';
import { makeTakeBounce } from './channels/mail/takeBounce.ts';
import { openChannels } from './channels/openChannels.ts';
import { hearSlack } from './channels/slack/hearSlack.ts';
import type { Config } from './config.ts';
import type { Connection } from './database/connection.ts';
import { joinNodes } from './database/nodes.ts';
import { createPool } from './database/pool.ts';
import { runDemoTraffic } from './demo/demoTraffic.ts';
import { sealPlainHookSecrets } from './evidence/hookSecrets.ts';
import { watchMailbox } from './evidence/mailbox/watchMailbox.ts';
import { makeActs } from './handoff/act.ts';
import { IdBlocks } from './handoff/idBlocks.ts';
import { ReferenceCache } from './handoff/references.ts';
import { forgetActs } from './handoff/undoAct.ts';
import { registerActRoutes } from './http/api/actRoutes.ts';
import { registerChannelRoutes } from './http/api/channelRoutes.ts';
import { registerDeliveryRoutes } from './http/api/deliveryRoutes.ts';
import { forgetIdempotencyKeys } from './http/api/idempotency.ts';
import { registerLeakRoutes } from './http/api/leakRoutes.ts';
import { registerMetricsRoutes } from './http/api/metricsRoutes.ts';
import { registerNoticeRoutes } from './http/api/noticeRoutes.ts';
import { registerPeopleRoutes } from './http/api/peopleRoutes.ts';
import { registerRepCalendarRoutes } from './http/api/repCalendarRoutes.ts';
import { registerTemplateRoutes } from './http/api/templateRoutes.ts';
import { registerWebhookRoutes } from './http/api/webhookRoutes.ts';
import { registerMeetingRoutes } from './http/hooks/meetingRoutes.ts';
import { createHttpSurfaces } from './http/httpSurfaces.ts';
import { registerDemoRoutes } from './http/live/demoRoutes.ts';
import { startFeedReader } from './http/live/feedReader.ts';
import { registerHandoffRoutes } from './http/live/handoffRoutes.ts';
import { registerLiveRoutes } from './http/live/liveRoutes.ts';
import { serveWeb } from './http/live/serveWeb.ts';
import { startNodeTeller } from './http/live/tellNodes.ts';
import { registerActionRoutes } from './http/pages/actionRoutes.ts';
import { registerSlackRoutes } from './http/slack/slackRoutes.ts';
import { createIntake } from './intake/groupCommit.ts';
import { reevaluateDue, startReevaluation } from './intake/reevaluate.ts';
import { tellLeaks } from './leaks/tellLeaks.ts';
import { watchLeaks } from './leaks/watchLeaks.ts';
import type { Log } from './log.ts';
import { makeGuardedFetch } from './net/guardedFetch.ts';
import { resolveBySystem } from './net/judgeUrl.ts';
import { startFanOut } from './outbox/fanOut.ts';
import { sealPlainSecrets } from './outbox/sealSecrets.ts';
import { freeLeases, startOutbox } from './outbox/startOutbox.ts';
import { makeWebhookSender } from './outbox/webhookSender.ts';
import { loadPeople } from './people/loadPeople.ts';
import { CALENDAR_REQUEST, type FetchCalendar } from './people/outOfOffice.ts';
import { watchPeople } from './people/watchPeople.ts';
import { countLateness } from './promises/lateness.ts';
import { startTimers } from './promises/timers.ts';

/** A composed server: listens when it is told to, and ends in order. */
export type Composed = {
  readonly app: FastifyInstance;
  readonly pool: Pool;
  /** Takes no more, answers what was taken, ends streams and connections. */
  readonly stop: () => Promise<void>;
};

const HOUR_MS = 3_600_000;
const MONTHS_AHEAD = 3;
const REEVALUATE_EVERY_MS = 1_000;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Wires every room of the server over one migrated database. The only place that knows them all. */
export const compose = async (
  config: Config,
  connection: Connection,
  onMistake: (error: unknown, where: string) => void,
  log: Pick<Log, 'answered'>,
): Promise<Composed> => {
  const pool = createPool(connection, { max: config.BATON_DATABASE_CONNECTIONS, name: 'baton' });
  const { loadActivePolicy } = makePolicyLoader();
  const settings = channelSettings(config);
  const callRules = { networks: config.BATON_OUTBOUND_NETWORKS, resolve: resolveBySystem };
  const guardedFetch = makeGuardedFetch(callRules);
  const channels = await openChannels(settings, { pool, guardedFetch, now: Date.now });
  const setUp = new Set<string>(channels.senders.map(({ channel }) => channel));
  const references = new ReferenceCache(
    { loadActivePolicy, loadPeople },
    { inAppOnly: !setUp.has('email') && !setUp.has('slack') },
  );
  const direct = config.DATABASE_DIRECT_URL === null ? connection : { connectionString: config.DATABASE_DIRECT_URL };
  const feed = await startFeedReader(pool, direct, (error) => onMistake(error, 'live feed'));
  const nodes = startNodeTeller(pool, (error) => onMistake(error, 'live feed'));
  let wakeOutbox = (): void => {};
  let wakeSlack = (): void => {};
  const onCommitted = (wrote: { readonly feed: boolean; readonly reevaluate: boolean }): void => {
    if (wrote.feed) {
      feed.wake();
      nodes.tell();
      wakeOutbox();
      wakeSlack();
    }
    if (wrote.reevaluate) reevaluation.wake();
  };
  const deciding = { pool, references, ids: new IdBlocks(), onCommitted };
  const reevaluation = startReevaluation(deciding, {
    everyMs: REEVALUATE_EVERY_MS,
    onError: (error) => onMistake(error, 'reevaluation'),
  });
  const lateness = countLateness();
  const timers = startTimers(
    {
      ...deciding,
      onFault: (error, clock) => onMistake(error, `clock ${clock.id} of handoff ${clock.handoffId}`),
      onFired: lateness.add,
    },
    { onError: (error) => onMistake(error, 'timers') },
  );
  const node = await joinNodes(pool, {
    version,
    onDead: (dead) => freeLeases(pool, dead),
    onError: (error) => onMistake(error, 'heartbeat'),
  });
  const fetchCalendar: FetchCalendar = (url) => guardedFetch(url, CALENDAR_REQUEST);
  const people = watchPeople(pool, {
    everyMs: REEVALUATE_EVERY_MS,
    fetchCalendar,
    onWoken: reevaluation.wake,
    onError: (error) => onMistake(error, 'people'),
  });
  const box = openSecretBox({ key: config.BATON_SECRET_KEY, dataDir: config.BATON_DATA });
  // leads come in whatever becomes of webhooks
  await Promise.all([sealPlainSecrets(pool, box), sealPlainHookSecrets(pool, box)]).catch((error: unknown) =>
    onMistake(error, 'secrets'),
  );
  const webhookSender = makeWebhookSender({ pool, fetch: guardedFetch, now: Date.now, box });
  const referencesNow = async () => {
    const client = await pool.connect();
    try {
      return await references.now(client);
    } finally {
      client.release();
    }
  };
  const peopleNow = async () => (await referencesNow()).people;
  const outbox = startOutbox({
    pool,
    senders: [...channels.senders, webhookSender],
    people: peopleNow,
    asked: async () => new Set((await referencesNow()).policy?.document.notify.flatMap(({ via }) => via)),
    node: node.id,
    onError: (error) => onMistake(error, 'outbox'),
  });
  const digests = startDigests(pool, {
    people: peopleNow,
    channels: channels.senders.map(({ channel }) => channel),
    now: Date.now,
    onMade: outbox.wake,
    onError: (error) => onMistake(error, 'digests'),
  });
  const fanOut = startFanOut(pool, {
    onFannedOut: outbox.wake,
    onError: (error) => onMistake(error, 'webhooks'),
  });
  wakeOutbox = () => {
    outbox.wake();
    fanOut.wake();
  };
  const intake = createIntake(pool, references, { onCommitted });
  const acts = makeActs(deciding);
  const accountMail = openAccountMail(settings);
  let stopping = false;
  const { app, api } = await createHttpSurfaces({
    pool,
    submit: intake.submit,
    now: Date.now,
    takesWork: () => !stopping,
    onMistake,
    onAnswered: config.BATON_LOG === 'json' ? log.answered : null,
    version,
    host: config.BATON_HOST,
    publicUrl: config.BATON_PUBLIC_URL,
    trustedProxies: config.BATON_TRUSTED_PROXIES,
    ownDomains: config.BATON_OWN_DOMAINS,
    formsPerMinute: config.BATON_FORMS_PER_MINUTE,
    sso: ssoSettings(config),
    box,
    sendLink: accountMail?.send ?? null,
  });
  registerHandoffRoutes(app, { ...api, loadActivePolicy });
  registerActRoutes(app, { ...api, acts, deciding, now: Date.now });
  registerMeetingRoutes(app, { pool, acts, box, now: Date.now, onDisbelief: (say) => console.warn(say) });
  const takeBounce = makeTakeBounce({
    pool,
    secret: channels.links.secret,
    setUp: channels.senders.map(({ channel }) => channel),
  });
  const mailbox =
    config.BATON_MAILBOX === null
      ? null
      : watchMailbox({ pool, acts, takeBounce }, config.BATON_MAILBOX, {
          everyMs: config.BATON_MAILBOX_SECONDS * 1_000,
          onError: (error) => onMistake(error, 'mailbox'),
        });
  const live = registerLiveRoutes(app, { ...api, feed });
  registerMetricsRoutes(app, {
    ...api,
    version,
    liveClients: live.clients,
    intakeWaiting: intake.waiting,
    lateness: lateness.read,
  });
  const { links } = channels;
  const slack = hearSlack({
    settings: settings.slack,
    way: channels.slack,
    links,
    deciding,
    acts,
    loadActivePolicy,
    now: Date.now,
    onMistake: (error) => onMistake(error, 'slack'),
  });
  wakeSlack = slack.wake;
  registerChannelRoutes(app, { ...api, channels });
  registerTemplateRoutes(app, api);
  registerNoticeRoutes(app, { ...api, onRead: feed.wake });
  registerActionRoutes(app, { pool, acts, links, loadActivePolicy, now: Date.now });
  if (slack.handler !== null && settings.slack.signingSecret !== null) {
    const { signingSecret } = settings.slack;
    registerSlackRoutes(app, { signingSecret, handler: slack.handler, onMistake, now: Date.now });
  }
  const leaks = watchLeaks(pool, references, {
    onError: (error) => onMistake(error, 'leaks'),
    onLooked: async () => {
      await tellLeaks(pool);
    },
  });
  registerDeliveryRoutes(app, api);
  registerWebhookRoutes(app, { ...api, callRules, webhookSender, box });
  registerPeopleRoutes(app, { ...api, deciding });
  registerRepCalendarRoutes(app, { ...api, fetchCalendar });
  registerLeakRoutes(app, { ...api, acts, deciding, watch: leaks });
  const demo = { pool, submit: intake.submit, acts, follow: () => reevaluateDue(deciding), now: Date.now };
  registerDemoRoutes(app, api, demo);
  const demoTraffic = runDemoTraffic(demo, { onError: (error) => onMistake(error, 'demo') });
  await serveWeb(app);
  const upkeep = setInterval(() => {
    keepUp(pool).catch((error: unknown) => onMistake(error, 'upkeep'));
  }, HOUR_MS);
  return {
    app,
    pool,
    async stop() {
      stopping = true;
      clearInterval(upkeep);
      if (config.BATON_DRAIN_SECONDS > 0) await delay(config.BATON_DRAIN_SECONDS * 1_000);
      await demoTraffic.stop();
      await leaks.stop();
      await app.close();
      await mailbox?.stop();
      await intake.stop();
      await people.stop();
      await Promise.all([reevaluation.stop(), timers.stop(), outbox.stop(), fanOut.stop()]);
      await digests.stop();
      await slack.stop();
      channels.close();
      accountMail?.close();
      await node.stop();
      await nodes.stop();
      await feed.stop();
      await pool.end();
    },
  };
};

/** What a server does once an hour besides its work; safe on several nodes at once. */
const keepUp = async (pool: Pool): Promise<void> => {
  await forgetIdempotencyKeys(pool);
  await forgetActs(pool);
  await pool.query('select make_event_months($1)', [MONTHS_AHEAD]);
};
