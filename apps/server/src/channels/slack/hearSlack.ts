import type { PolicyLoader } from '../../agreement/activePolicy.ts';
import type { Acts } from '../../handoff/act.ts';
import type { DecideContactsDeps } from '../../handoff/decideContacts.ts';
import type { LinkMaker } from '../links.ts';
import { keepSlackFresh, listenBySocket } from './listenToSlack.ts';
import type { OpenSlack } from './openSlack.ts';
import { makeSlackActs, type SlackHandler } from './slackActs.ts';
import type { SlackSettings } from './slackSettings.ts';
import { makeSlackWords } from './slackWords.ts';

/** What listening to Slack needs. */
export type HearSlackDeps = {
  readonly settings: SlackSettings;
  readonly way: OpenSlack['way'];
  readonly links: LinkMaker;
  readonly deciding: DecideContactsDeps;
  readonly acts: Acts;
  readonly loadActivePolicy: PolicyLoader['loadActivePolicy'];
  readonly now: () => number;
  readonly onMistake: (error: unknown) => void;
};

/** What a node does about Slack besides sending. `handler` null: no Slack. */
export type HeardSlack = {
  readonly handler: SlackHandler | null;
  /** Has messages rewritten whose handoff changed. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
};

/** Answers what people do in Slack and keeps the messages there true; over Socket Mode where its token is set. */
export const hearSlack = (deps: HearSlackDeps): HeardSlack => {
  const { way, settings, onMistake } = deps;
  if (way === null) return { handler: null, wake: () => {}, stop: async () => {} };
  const { pool } = deps.deciding;
  const fresh = keepSlackFresh({ pool, api: way.api, links: deps.links, now: deps.now }, onMistake);
  const handler = makeSlackActs({
    ...deps,
    ...way,
    pool,
    words: makeSlackWords(deps),
    refresh: fresh.wake,
  });
  const socket =
    settings.appToken === null ? null : listenBySocket(settings.appToken, settings.apiUrl, handler, onMistake);
  return {
    handler,
    wake: fresh.wake,
    async stop() {
      await socket?.stop();
      await fresh.stop();
    },
  };
};
