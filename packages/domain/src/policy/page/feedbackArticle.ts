import { formatDuration } from '../../kernel/formatInstant.ts';
import type { AgainRule, AgainWay, FeedbackReason, PolicyDocument } from '../document.ts';
import { andList, capitalised, clause, type Said, strong } from './clause.ts';

const words = (id: string): string => id.replaceAll('-', ' ');

/** What comes back, and why: the reasons for no, what each does, and the company's own statuses. */
export const feedbackClauses = ({ feedback, statuses }: PolicyDocument): readonly Said[] => {
  const said: Said[] = [];
  if (feedback.reject.length > 0) {
    const all = andList(feedback.reject.map((reason) => words(reason.id)));
    said.push(
      clause('feedback.reject', [`sales may turn a lead down with a reason: ${all}. Marketing sees each one.`]),
    );
  }
  for (const reason of feedback.reject) said.push(reasonClause(reason, `feedback.reject.${reason.id}`, ''));
  for (const reason of feedback.closedLost)
    said.push(reasonClause(reason, `feedback.closed-lost.${reason.id}`, 'a deal lost for '));
  for (const status of statuses)
    said.push(
      clause(`statuses.${status.id}`, [
        strong(status.label),
        ` is a lead status of our own, like ${words(status.like)}.`,
      ]),
    );
  return said;
};

/** What a reason does with the lead, in parts of a sentence. */
export const effectsOf = (reason: FeedbackReason): readonly string[] => {
  const parts: string[] = [];
  if (reason.reroute) parts.push('the lead goes to the right owner');
  if (reason.merge) parts.push('the two records are merged');
  if (reason.backTo !== null) parts.push(`the contact goes back to ${reason.backTo}`);
  if (reason.status !== null) parts.push(`the lead status is ${words(reason.status)}`);
  if (reason.nurtureMs !== null) parts.push(`marketing nurtures for ${formatDuration(reason.nurtureMs)}`);
  if (reason.suppress) parts.push('the contact is left alone for good');
  return parts;
};

const reasonClause = (reason: FeedbackReason, path: string, before: string): Said => {
  const parts = [...effectsOf(reason)];
  if (reason.ask.length > 0) parts.push(`the rep says which: ${reason.ask.map(words).join(', ')}`);
  const after =
    reason.afterAttempts === 0 ? [] : [' Allowed only after ', strong(`${reason.afterAttempts} attempts`), '.'];
  return clause(path, [
    before,
    strong(before === '' ? capitalised(words(reason.id)) : words(reason.id)),
    `: ${andList(parts)}.`,
    after,
  ]);
};

/** When somebody may qualify again. */
export const againClauses = ({ again }: PolicyDocument): readonly Said[] => [
  againClause(again.afterReject, 'again.after-reject', 'after a rejection'),
  againClause(again.afterLost, 'again.after-lost', 'after a lost deal'),
];

const sayWay = (way: AgainWay): string => {
  if (way.kind !== 'after') return WAYS[way.kind];
  const points = way.newPoints === 0 ? '' : `with ${way.newPoints} new points and `;
  return `${points}${formatDuration(way.waitMs)} later`;
};
const WAYS = { 'at-once': 'at once', never: 'never', 'fit-changed': 'when a fact of their fit has changed' } as const;

const againClause = (rule: AgainRule, path: string, when: string): Said => {
  const reasons = rule.byReason.map(({ reason, way }) => ` ${capitalised(words(reason))}: ${sayWay(way)}.`).join('');
  return clause(path, [
    `${when}: who asks by hand, `,
    strong(sayWay(rule.handRaise)),
    '; by score, ',
    strong(sayWay(rule.score)),
    `.${reasons}`,
  ]);
};
