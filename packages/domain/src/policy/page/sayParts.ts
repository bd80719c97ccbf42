/** The parts of sentences that several articles share: conditions, places, durations, templates. */
import { assertNever } from '../../kernel/assertNever.ts';
import { formatDuration, formatNumber } from '../../kernel/formatInstant.ts';
import { sayAction } from '../compileCriterion.ts';
import { sayFact } from '../compileFact.ts';
import type { Condition, Criterion } from '../condition.ts';
import { THRESHOLDS } from '../criteria.ts';
import type { Accept, ActionRule, Duration, RouteTarget } from '../document.ts';
import type { Template } from '../template.ts';
import { capitalised, type Run, strong } from './clause.ts';

/** `High intent` at the beginning of a clause. */
export const sayIntent = (intent: string): Run => strong(`${capitalised(intent)} intent`);

/** `4 hours of working time`, `1 working day`, `2 days`. */
export const sayDuration = (duration: Duration): string => {
  switch (duration.kind) {
    case 'elapsed':
      return formatDuration(duration.ms);
    case 'working':
      return `${formatDuration(duration.ms)} of working time`;
    case 'working-days':
      return `${formatNumber(duration.days)} working day${duration.days === 1 ? '' : 's'}`;
    default:
      return assertNever(duration);
  }
};

/** `the country is DE or AT`; parts in parentheses where the order of `and` and `or` would be in doubt. */
export const sayCondition = (condition: Condition): string => {
  switch (condition.kind) {
    case 'fact':
      return sayFact(condition);
    case 'all':
    case 'any':
      return join(
        condition.kind,
        condition.of.map((part) => [part.kind, sayCondition(part)] as const),
      );
    case 'not':
      return `it is not so that ${sayCondition(condition.of)}`;
    default:
      return assertNever(condition);
  }
};

const join = (kind: 'all' | 'any', parts: readonly (readonly [kind: string, text: string])[]): string =>
  parts
    .map(([part, text]) => (part === 'all' || part === 'any' || part === 'not' ? `(${text})` : text))
    .join(kind === 'all' ? ' and ' : ' or ');

/** A property of an event: `path starts with /pricing`. */
export const sayWhere = (where: Condition): string => {
  switch (where.kind) {
    case 'fact':
      return sayFact(where, (path) => path);
    case 'all':
    case 'any':
      return join(
        where.kind,
        where.of.map((part) => [part.kind, sayWhere(part)] as const),
      );
    case 'not':
      return `not ${sayWhere(where.of)}`;
    default:
      return assertNever(where);
  }
};

/** A qualify rule's criterion, after the word “they”: `asked for a demo or started a trial`. */
export const sayCriterion = (criterion: Criterion, actions: readonly ActionRule[]): readonly (string | Run)[] => {
  switch (criterion.kind) {
    case 'action': {
      const action = actions.find((rule) => rule.id === criterion.action);
      return [action === undefined ? criterion.action : sayAction(action)];
    }
    case 'fit':
    case 'engagement':
      return [`score ${THRESHOLDS[criterion.op].say} `, strong(criterion.points), ` for ${criterion.kind}`];
    case 'fact':
      return [`are such that ${sayFact(criterion)}`];
    case 'not':
      return ['it is not so that they (', ...sayCriterion(criterion.of, actions), ')'];
    case 'all':
    case 'any': {
      const word = criterion.kind === 'all' ? ' and ' : ' or ';
      return criterion.of.flatMap((part, index) => {
        const said = sayCriterion(part, actions);
        const isNested = part.kind === 'all' || part.kind === 'any';
        const inner = isNested ? ['(', ...said, ')'] : said;
        return index === 0 ? inner : [word, ...inner];
      });
    }
    default:
      return assertNever(criterion);
  }
};

/** Where a lead goes: `the company’s owner`, `the team inbound`. */
export const sayTarget = (to: RouteTarget): readonly (string | Run)[] => {
  switch (to.kind) {
    case 'company-owner':
      return ['the company’s owner'];
    case 'contact-owner':
      return ['the contact’s owner'];
    case 'territory':
      return ['whoever has their territory'];
    case 'team':
      return ['the team ', strong(to.team)];
    case 'queue':
      return ['the queue ', strong(to.queue)];
    default:
      return assertNever(to);
  }
};

/** The sentence about accepting, after the one about the place. */
export const sayAccept = (accept: Accept): readonly (string | Run)[] => {
  if (accept.by === 'policy') return [' It is theirs at once.'];
  const offers = accept.maxOffers === 1 ? 'it is offered once' : `at most ${accept.maxOffers} are asked`;
  if (accept.within === null) return [` They accept it themselves; ${offers}.`];
  return [' They accept within ', strong(sayDuration(accept.within)), `, or the next is asked; ${offers}.`];
};

/** A template as its reader sees it: tokens as what will stand there, in brackets. */
export const sayTemplate = (template: Template): string =>
  template
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const { fallback } = part;
      const or =
        fallback === null ? '' : `, or ${fallback.kind === 'token' ? words(fallback.token) : `“${fallback.text}”`}`;
      return `[${words(part.token)}${or}]`;
    })
    .join('');
const words = (token: string): string => token.replace(/[._]/g, ' ');
