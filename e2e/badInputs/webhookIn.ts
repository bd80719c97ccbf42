import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `webhook_in`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const WEBHOOK_IN_FATES: { readonly [caseId: string]: BadInputFate } = {
  'WH-01': {
    is: 'rebound',
    how: 'at what calendars sign, Cal.com over the body and Calendly over time and body; HubSpot’s webhooks come later',
  },
  'WH-02': { is: 'rebound', how: 'Calendly’s signed time, three minutes either way, and Cal.com’s signed date' },
  'WH-04': { is: 'rebound', how: 'a calendar whose secret was removed' },
  'WH-05': {
    is: 'elsewhere',
    file: 'apps/server/src/channels/slack/slack.int.test.ts',
    test: 'only what Slack signed within five minutes is heard, over the very bytes',
  },
  'WH-07': {
    is: 'elsewhere',
    file: 'apps/server/src/channels/slack/slack.int.test.ts',
    test: 'who is no rep, and who is not the owner, is told so alone; nothing happens',
  },
  'WH-08': {
    is: 'not-applicable',
    why: 'nothing calls a `response_url`: what changes a message goes by Slack’s API under our own token',
  },
  'WH-10': { is: 'not-applicable', why: 'nothing is written to HubSpot yet, so nothing can come back' },
};
