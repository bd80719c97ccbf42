import type { ChannelRow, ChannelTested } from '@baton/contract/channels.ts';
import { serverSecret } from '../access/serverSecret.ts';
import type { Sender } from '../outbox/sender.ts';
import type { Channel, ChannelDeps, ChannelName } from './channel.ts';
import { keepStatus, readStatus, withStatus } from './channelStatus.ts';
import type { LinkMaker } from './links.ts';
import { openMail } from './mail/openMail.ts';
import { type OpenSlack, openSlack } from './slack/openSlack.ts';
import type { SlackSettings } from './slack/slackSettings.ts';
import { openTeams } from './teams/openTeams.ts';

/** What the environment says of channels; null: not set. */
export type ChannelSettings = {
  readonly publicUrl: string;
  readonly smtpUrl: string | null;
  readonly mailFrom: string | null;
  readonly mailReplyTo: string | null;
  readonly slack: SlackSettings;
  readonly teamsUrl: string | null;
};

/** Every channel of a node. */
export type Channels = {
  /** One for each channel that is set up; each keeps how it fares. */
  readonly senders: readonly Sender[];
  readonly links: LinkMaker;
  readonly slack: OpenSlack['way'];
  readonly list: () => Promise<ChannelRow[]>;
  readonly test: (channel: ChannelName, to: string | undefined) => Promise<ChannelTested>;
  readonly close: () => void;
};

/** Opens the channels that are set up. Nothing is sent and nobody is called before the first message. */
export const openChannels = async (settings: ChannelSettings, deps: ChannelDeps): Promise<Channels> => {
  const { pool, now } = deps;
  const links: LinkMaker = {
    publicUrl: settings.publicUrl.replace(/\/+$/, ''),
    secret: await serverSecret(pool, 'action-link'),
  };
  const slack = openSlack(settings.slack, { ...deps, links });
  const channels: readonly Channel[] = [
    openMail(settings, { ...deps, links }),
    slack,
    openTeams(settings.teamsUrl, { ...deps, links }),
  ];
  return {
    senders: channels.flatMap(({ sender }) => (sender === null ? [] : [withStatus(pool, sender, now)])),
    links,
    slack: slack.way,
    list: () =>
      readStatus(
        pool,
        channels.map(({ channel, say, sender }) => ({ channel, say, configured: sender !== null })),
      ),
    async test(name, to) {
      const channel = channels.find((one) => one.channel === name);
      if (channel === undefined) throw new Error(`there is no channel ${name}`);
      if (channel.sender === null) return { ok: false, say: channel.say, transcript: [] };
      const tested = await channel.test(to);
      await keepStatus(pool, name, tested.ok ? null : tested.say);
      return tested;
    },
    close: () => {
      for (const channel of channels) channel.close();
    },
  };
};
