import { type Channel, type ChannelDeps, testDelivery } from '../channel.ts';
import type { LinkMaker } from '../links.ts';
import { makeSlackApi, type SlackApi, SlackRefusal } from './slackApi.ts';
import { plainMessage } from './slackBlocks.ts';
import { makeSlackPeople, type SlackPeople } from './slackPeople.ts';
import { makeSlackSender } from './slackSender.ts';
import type { SlackSettings } from './slackSettings.ts';

/** Slack, as those who listen to it need it. */
export type OpenSlack = Channel & { readonly way: { readonly api: SlackApi; readonly people: SlackPeople } | null };

const NOT_SET = 'Set BATON_SLACK_BOT_TOKEN to send by Slack.';

/** Slack, where a bot token is set. */
export const openSlack = (settings: SlackSettings, deps: ChannelDeps & { readonly links: LinkMaker }): OpenSlack => {
  if (settings.botToken === null) {
    const nothing = async () => ({ ok: false, say: NOT_SET, transcript: [] });
    return { channel: 'slack', say: NOT_SET, sender: null, test: nothing, close: () => {}, way: null };
  }
  const api = makeSlackApi(settings.botToken, settings.apiUrl);
  const people = makeSlackPeople(deps.pool, api, deps.now);
  return {
    channel: 'slack',
    say: hears(settings),
    sender: makeSlackSender({ ...deps, api, people }),
    way: { api, people },
    test: (to) => tryOut(api, to, deps.now()),
    close: () => {},
  };
};

/** By which way clicks come back. */
const hears = ({ appToken, signingSecret }: SlackSettings): string => {
  if (appToken !== null) return 'messages; clicks by Socket Mode';
  return signingSecret === null
    ? 'messages only: set BATON_SLACK_SIGNING_SECRET or BATON_SLACK_APP_TOKEN so that buttons work'
    : 'messages; clicks at /slack/interactions, /handoff at /slack/commands';
};

/** Says who the app is, finds the addressee and posts: each call with its answer. */
const tryOut = async (api: SlackApi, to: string | undefined, now: number) => {
  const transcript: string[] = [];
  try {
    const who = await api.whoAmI();
    transcript.push(`auth.test: ${who.user} of ${who.team}`);
    if (to === undefined) return { ok: true, say: `Signed in as ${who.user} of ${who.team}.`, transcript };
    let channel = to;
    if (to.includes('@') && !to.startsWith('@')) {
      const user = await api.findByEmail(to);
      transcript.push(`users.lookupByEmail: ${user === null ? 'nobody' : user.id}`);
      if (user === null) return { ok: false, say: `Nobody in Slack has the address ${to}.`, transcript };
      channel = await api.openDm(user.id);
      transcript.push(`conversations.open: ${channel}`);
    }
    const { subject, body, key } = testDelivery('slack', to, now);
    const message = plainMessage(subject, body);
    const place = await api.post(channel, message.text, message.blocks, key);
    transcript.push(`chat.postMessage: ${place.channel} at ${place.ts}`);
    return { ok: true, say: `Posted to ${to}.`, transcript };
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    transcript.push(error.message);
    return { ok: false, say: error.message, transcript };
  }
};
