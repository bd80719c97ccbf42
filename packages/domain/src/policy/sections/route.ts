import type { RouteRule } from '../document.ts';
import { readCondition } from '../readCondition.ts';
import {
  type At,
  complete,
  type Read,
  readBoolean,
  readFields,
  readId,
  readList,
  readOneOf,
  readRules,
  report,
} from '../reader.ts';
import { readAccept, readTarget, readTeam } from '../readTarget.ts';

const EXAMPLE = '{ id: everyone, to: { team: inbound } }';
const KEYS = ['id', 'when', 'to', 'accept', 'if-away', 'outside-hours', 'tell-group', 'widen-to', 'charge', 'skills'];

const readSkills = readList(readId, '[german]', { min: 1, max: 10 });

const readRouteRule: Read<RouteRule> = (at) => {
  const fields = readFields(at, KEYS, EXAMPLE);
  if (fields === undefined) return undefined;
  const rule = complete<RouteRule>({
    id: fields.required('id', readId),
    when: fields.optional('when', readCondition, null),
    to: fields.required('to', readTarget),
    accept: fields.optional('accept', readAccept, { by: 'policy' }),
    ifAway: fields.optional('if-away', readOneOf(['cover', 'keep', 'queue']), 'cover'),
    outsideHours: fields.optional('outside-hours', readOneOf(['assign-now', 'hold-until-open', 'queue']), 'assign-now'),
    tellGroup: fields.optional('tell-group', readBoolean, false),
    widenTo: fields.optional('widen-to', readTeam, null),
    charge: fields.optional('charge', readOneOf(['none', 'team']), 'none'),
  });
  const skills = fields.optional('skills', readSkills, []);
  if (rule === undefined || skills === undefined) return undefined;
  // Left out where nothing is asked for, so that what was signed before keeps its hash.
  const whole: RouteRule = skills.length === 0 ? rule : { ...rule, skills };
  return fits(at, whole) ? whole : undefined;
};

/** What is said about a team belongs to routes that may end in one, what is charged to routes to one rep. */
const fits = (at: At, rule: RouteRule): boolean => {
  const { kind } = rule.to;
  const isTeam = kind === 'team' || kind === 'territory';
  const isRep = kind !== 'team' && kind !== 'queue';
  const wrong = [
    { key: 'tell-group', isSaid: rule.tellGroup && !isTeam, what: 'routes to a team' },
    { key: 'widen-to', isSaid: rule.widenTo !== null && !isTeam, what: 'routes to a team' },
    { key: 'skills', isSaid: rule.skills !== undefined && !isTeam, what: 'routes to a team' },
    { key: 'charge', isSaid: rule.charge === 'team' && !isRep, what: 'routes to an owner' },
  ].find(({ isSaid }) => isSaid);
  if (wrong === undefined) return true;
  report(at, 'not-in-vocabulary', `“${wrong.key}” is for ${wrong.what}`, `leave out ${wrong.key}`);
  return false;
};

const readRouteRules = readRules(readRouteRule, `[ ${EXAMPLE} ]`);

/** `route`: whose lead it is; the first rule that matches wins. */
export const readRoute: Read<readonly RouteRule[]> = (at) => {
  const rules = readRouteRules(at);
  if (rules?.length === 0) return report(at, 'missing-key', 'no route leads anywhere', `add one, as in ${EXAMPLE}`);
  return rules;
};
