import type { Accounts, PolicyDocument, RouteRule } from '../document.ts';
import { clause, type Said, strong } from './clause.ts';
import { sayAccept, sayCondition, sayTarget } from './sayParts.ts';

const AWAY: { readonly [Rule in RouteRule['ifAway']]: string } = {
  cover: '',
  keep: ' While they are away it waits for them.',
  queue: ' While they are away it goes to the queue.',
};

/** Whose lead it is: routes in their order, the fallback, several people of one company. */
export const routeClauses = ({ route, fallback, accounts }: PolicyDocument): readonly Said[] => [
  ...route.map((rule, index) => routeClause(rule, `route[${index}]`)),
  ...route.flatMap((rule, index) => hoursClause(rule, `route[${index}].outside-hours`)),
  clause('fallback', [
    'whom no route takes waits in ',
    strong(fallback.queue),
    fallback.tell === null ? '.' : [' and ', strong(fallback.tell), ' hear of it.'],
  ]),
  ...accountsClauses(accounts),
];

const routeClause = (rule: RouteRule, path: string): Said => {
  const others =
    rule.to.kind === 'team' || rule.to.kind === 'queue' ? 'everyone else goes to ' : 'who has one goes to ';
  const who = rule.when === null ? others : `where ${sayCondition(rule.when)}, the lead goes to `;
  const turn =
    rule.to.kind === 'team' ? (rule.tellGroup ? ', and the first to accept has it' : ', to whoever is owed most') : '';
  const widen = rule.widenTo === null ? [] : [' If nobody there can take it, ', strong(rule.widenTo), ' is asked.'];
  const skills =
    rule.skills === undefined ? [] : [' They must have the skill ', strong(rule.skills.join(' and ')), '.'];
  const charge = rule.charge === 'team' ? ' It counts as their turn in the team.' : '';
  const accept = rule.to.kind === 'queue' ? [' Who claims it has it.'] : sayAccept(rule.accept);
  return clause(path, [
    strong(rule.id),
    ': ',
    who,
    sayTarget(rule.to),
    `${turn}.`,
    skills,
    accept,
    AWAY[rule.ifAway],
    widen,
    charge,
  ]);
};

const hoursClause = (rule: RouteRule, path: string): readonly Said[] => {
  if (rule.outsideHours === 'assign-now') return [];
  const then = rule.outsideHours === 'queue' ? 'goes to the queue' : 'waits until the team opens';
  return [clause(path, [strong(rule.id), `: outside working hours the lead ${then}.`])];
};

const accountsClauses = (accounts: Accounts): readonly Said[] => {
  if (accounts.groupBy === 'none')
    return [clause('accounts', ['each person is handed off alone, whatever their company.'])];
  const second =
    accounts.secondContact === 'join-owner'
      ? 'a second person of the same company joins the first one’s owner'
      : 'a second person of the same company is routed like the first';
  const deal =
    accounts.openDeal === 'attach' ? 'an open deal is attached to, not doubled' : 'each has a deal of their own';
  return [clause('accounts', [`${second}; ${deal}.`])];
};
