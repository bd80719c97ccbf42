import type { Channel, NotifyRule, PolicyDocument } from '../document.ts';
import { andList, clause, type Said, strong } from './clause.ts';
import { sayTemplate } from './sayParts.ts';

const CHANNEL_NAMES: { readonly [Name in Channel]: string } = {
  'in-app': 'in Baton',
  email: 'by e-mail',
  slack: 'in Slack',
  teams: 'in Teams',
  webhook: 'by webhook',
};

/** Who is told, and where. */
export const noticeClauses = ({ notify }: PolicyDocument): readonly Said[] =>
  notify.flatMap((rule) => {
    // A person is not reached by a webhook.
    const isSilent = (channel: Channel): boolean => rule.id === 'owner' && channel === 'webhook';
    const acting = rule.via.filter((channel) => !isSilent(channel));
    return [...noticeClause(rule, acting, true), ...noticeClause(rule, rule.via.filter(isSilent), false)];
  });

const noticeClause = (rule: NotifyRule, via: readonly Channel[], acts: boolean): readonly Said[] => {
  if (via.length === 0) return [];
  const who = rule.id === 'owner' ? 'the owner' : rule.to === null ? rule.id : rule.to;
  const intents = rule.for === null ? 'every handoff' : `handoffs of ${andList(rule.for)} intent`;
  const where = andList(via.map((channel) => CHANNEL_NAMES[channel]));
  const subject = rule.subject === null ? '' : ` It is headed “${sayTemplate(rule.subject)}”.`;
  const body = rule.body === null ? '' : ` It says “${sayTemplate(rule.body)}”.`;
  return [clause(`notify.${rule.id}`, [who, ` hears of ${intents} `, strong(where), `.${subject}${body}`], acts)];
};
