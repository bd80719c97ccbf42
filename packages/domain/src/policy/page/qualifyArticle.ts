import { formatDuration, formatNumber } from '../../kernel/formatInstant.ts';
import type { ActionRule, FitRule, PolicyDocument, SignalRule } from '../document.ts';
import { andList, capitalised, clause, type Said, strong } from './clause.ts';
import { sayCondition, sayCriterion, sayWhere } from './sayParts.ts';

/** What makes a lead qualify: rules, fast track, fit, engagement, actions, lists. */
export const qualifyClauses = (document: PolicyDocument): readonly Said[] => [
  ...document.qualify.map((rule, index) =>
    clause(`qualify[${index}]`, [
      rule.say === null
        ? ['they ', ...sayCriterion(rule.when, document.actions)]
        : [rule.say, ': they ', ...sayCriterion(rule.when, document.actions)],
      '. ',
      strong(`${capitalised(rule.intent)} intent.`),
    ]),
  ),
  ...manualClause(document),
  ...document.fit.map(fitClause),
  ...document.signals.map(signalClause),
  ...document.actions.map(actionClause),
  ...document.lists.map((list) =>
    clause(`lists.${list.id}`, [
      'the list ',
      strong(list.id),
      ` is the file ${list.file}, looked up by ${list.match}. What stands in it is part of what is signed.`,
    ]),
  ),
  ...unknownClause(document),
];

const manualClause = ({ manual }: PolicyDocument): readonly Said[] => {
  if (manual === null) return [];
  const needs =
    manual.needs.length === 0
      ? ''
      : `, with ${andList(manual.needs.map((need) => (need === 'note' ? 'a note' : 'an intent')))}`;
  const limit =
    manual.atMost === null ? [] : [', at most ', strong(`${formatNumber(manual.atMost.count)} a ${manual.atMost.per}`)];
  return [clause('manual', [`marketing may also name a lead by hand${needs}`, limit, '.'])];
};

const fitClause = (rule: FitRule): Said =>
  rule.points > 0
    ? clause(`fit.${rule.id}`, [
        'fit counts ',
        strong(formatNumber(rule.points)),
        ` for who ${rule.say}: ${sayCondition(rule.when)}.`,
      ])
    : clause(`fit.${rule.id}`, [
        'fit takes ',
        strong(formatNumber(-rule.points)),
        ` off for who ${rule.say}: ${sayCondition(rule.when)}.`,
      ]);

/** Events that are no track events have words of their own. */
const EVENTS: { readonly [name: string]: string } = { page: 'page view', screen: 'screen view' };
const eventOf = (rule: Pick<SignalRule, 'on' | 'where' | 'trust'>): string => {
  const where = rule.where === null ? '' : ` whose ${sayWhere(rule.where)}`;
  const told = TRUSTED[rule.trust];
  return `${EVENTS[rule.on] ?? `“${rule.on}”`}${where}${told}${told === '' ? '' : ','}`;
};
const TRUSTED = {
  browser: '',
  form: ', told by our own form or a better source',
  server: ', told by a server or a person',
  person: ', told by a person',
} as const;

const signalClause = (rule: SignalRule): Said => {
  const [points, cap] = [formatNumber(Math.abs(rule.points)), formatNumber(Math.abs(rule.cap))];
  const fades =
    rule.halfLifeMs === null ? ' and does not fade' : ` and fades by half every ${formatDuration(rule.halfLifeMs)}`;
  const verb = rule.points > 0 ? 'counts ' : 'takes off ';
  return clause(`signals.${rule.id}`, [
    `who ${rule.say}: each ${eventOf(rule)} ${verb}`,
    strong(points),
    ' for engagement, at most ',
    strong(cap),
    `,${fades}.`,
  ]);
};

const actionClause = (rule: ActionRule): Said => {
  const times = rule.times === 1 ? '' : ` ${rule.times} times`;
  const within = rule.withinMs === null ? '' : ` within ${formatDuration(rule.withinMs)}`;
  return clause(`actions.${rule.id}`, [
    `“${capitalised(rule.say)}” means `,
    strong(`${EVENTS[rule.on] ?? rule.on}${times}${within}`),
    `${about(rule)}.`,
  ]);
};
const about = (rule: ActionRule): string =>
  `${rule.where === null ? '' : ` whose ${sayWhere(rule.where)}`}${TRUSTED[rule.trust]}`;

const unknownClause = ({ unknown }: PolicyDocument): readonly Said[] => {
  if (unknown === null) return [];
  const then = unknown.after === 'leave' ? 'and then left as it is' : 'and then the lead is queued for research';
  const words = `where only missing facts stand in the way, ${andList(unknown.ask)} is asked for ${formatDuration(unknown.waitMs)}, ${then}.`;
  return [clause('unknown', [words], false)];
};
