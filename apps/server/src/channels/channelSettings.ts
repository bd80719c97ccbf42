import type { Config } from '../config.ts';
import type { ChannelSettings } from './openChannels.ts';

/** What a configuration says of channels. Without a public address, links lead to this machine. */
export const channelSettings = (config: Config): ChannelSettings => ({
  publicUrl: config.BATON_PUBLIC_URL ?? `http://localhost:${config.BATON_PORT}`,
  smtpUrl: config.BATON_SMTP_URL,
  mailFrom: config.BATON_MAIL_FROM,
  mailReplyTo: config.BATON_MAIL_REPLY_TO,
  slack: {
    botToken: config.BATON_SLACK_BOT_TOKEN,
    signingSecret: config.BATON_SLACK_SIGNING_SECRET,
    appToken: config.BATON_SLACK_APP_TOKEN,
    apiUrl: config.BATON_SLACK_API_URL,
  },
  teamsUrl: config.BATON_TEAMS_WEBHOOK_URL,
});
