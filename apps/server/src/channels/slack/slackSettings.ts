/** What the environment says of the company's Slack app; null: not set. */
export type SlackSettings = {
  readonly botToken: string | null;
  readonly signingSecret: string | null;
  /** For Socket Mode, where Slack cannot reach us. */
  readonly appToken: string | null;
  readonly apiUrl: string | null;
};
