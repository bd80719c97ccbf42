import { formatDuration } from '../../kernel/formatInstant.ts';
import type { PolicyDocument, TaskType } from '../document.ts';
import { clause, type Said, strong } from './clause.ts';
import { sayAccept, sayDuration, sayIntent, sayTarget, sayTemplate } from './sayParts.ts';

const TASKS: { readonly [Type in TaskType]: string } = {
  call: 'a call',
  email: 'an e-mail',
  meeting: 'a meeting',
  message: 'a message',
  research: 'research',
};
const LEGS = {
  'meeting-booked': 'when a meeting is booked',
  'deal-created': 'when a deal is created',
  'by-hand': 'by hand',
} as const;

/** What sales does first: tasks, deals, passing on. */
export const firstStepsClauses = ({ firstTask, deal, legs }: PolicyDocument): readonly Said[] => [
  ...firstTask.map((rule) => {
    const instead = rule.else === null ? '' : ` (${TASKS[rule.else]} where that can’t be)`;
    const due =
      rule.due.kind === 'promise' ? 'when the first attempt is promised' : `within ${sayDuration(rule.due.duration)}`;
    return clause(`first-task.${rule.intent}`, [
      sayIntent(rule.intent),
      `: the first task is ${TASKS[rule.type]}${instead}, “${sayTemplate(rule.title)}”, due ${due}.`,
    ]);
  }),
  ...deal.map((rule) => {
    const close = rule.closeInMs === null ? '' : `, to close in ${formatDuration(rule.closeInMs)}`;
    const owner = rule.owner === 'handoff' ? ', owned by who has the lead' : ', without an owner';
    const open =
      rule.ifOpen === 'attach' ? 'An open deal of the company is used instead.' : 'It is made even if one is open.';
    const rejected =
      rule.ifRejected === 'close-lost'
        ? 'Untouched, it closes as lost when the lead is turned down.'
        : 'It stays when the lead is turned down.';
    return clause(`deal.${rule.intent}`, [
      sayIntent(rule.intent),
      ': a deal is made in ',
      strong(rule.pipeline),
      ` at ${rule.stage}${close}, named “${sayTemplate(rule.name)}”, with contact and company${owner}. ${open} ${rejected}`,
    ]);
  }),
  ...legs.map((rule, index) => {
    const contact =
      rule.contactWithin === null ? [] : [' They make contact within ', strong(sayDuration(rule.contactWithin)), '.'];
    const owner = rule.dealOwner === null ? '' : ` The deal is then ${rule.dealOwner}’s.`;
    return clause(`legs[${index}]`, [
      strong(rule.id),
      `: ${LEGS[rule.when]} the lead is passed to `,
      sayTarget(rule.to),
      '.',
      sayAccept(rule.accept),
      contact,
      owner,
    ]);
  }),
];
