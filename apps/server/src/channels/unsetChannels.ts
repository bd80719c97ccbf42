import type { ChannelName } from './channel.ts';
import type { ChannelSettings } from './openChannels.ts';

/** The channels that are not set up, each with what to set to have it. */
export const unsetChannels = ({
  smtpUrl,
  mailFrom,
  slack,
  teamsUrl,
}: ChannelSettings): ReadonlyMap<ChannelName, string> => {
  const unset = new Map<ChannelName, string>();
  if (smtpUrl === null || mailFrom === null) unset.set('email', 'set BATON_SMTP_URL and BATON_MAIL_FROM');
  if (slack.botToken === null) unset.set('slack', 'set BATON_SLACK_BOT_TOKEN');
  if (teamsUrl === null) unset.set('teams', 'set BATON_TEAMS_WEBHOOK_URL');
  return unset;
};
