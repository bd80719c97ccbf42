import type { RouteRule } from '../document.ts';
import { readCondition } from '../readCondition.ts';
import {
  type At,
  complete,
  type Read,
  readBoolean,
  readFields,
  readId,
  readOneOf,
  readRules,
  report,
} from '../reader.ts';
import { readAccept, readTarget, readTeam } from '../readTarget.ts';

const EXAMPLE = '{ id: everyone, to: { team: inbound } }';
const KEYS = ['id', 'when', 'to', 'accept', 'if-away', 'outside-hours', 'tell-group', 'widen-to', 'charge'];

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
  if (fields.has('outside-hours')) notYet(at, 'outside-hours', 'every hour counts as open');
  if (fields.has('if-away')) notYet(at, 'if-away', 'only who was switched off is away');
  if (rule?.accept.by === 'rep' && rule.accept.within !== null)
    notYet(at, 'accept.within', 'it is shown, and nobody else is asked when it runs out');
  return rule !== undefined && fits(at, rule) ? rule : undefined;
};

/** What is said about a team belongs to routes to a team, what is charged to routes to an owner. */
const fits = (at: At, rule: RouteRule): boolean => {
  const isTeam = rule.to.kind === 'team';
  const wrong =
    rule.tellGroup && !isTeam
      ? 'tell-group'
      : rule.widenTo !== null && !isTeam
        ? 'widen-to'
        : rule.charge === 'team' && (isTeam || rule.to.kind === 'queue')
          ? 'charge'
          : undefined;
  if (wrong === undefined) return true;
  const what = wrong === 'charge' ? 'routes to an owner' : 'routes to a team';
  report(at, 'not-in-vocabulary', `“${wrong}” is for ${what}`, `leave out ${wrong}`);
  return false;
};

const notYet = (at: At, key: string, say: string): undefined =>
  report(
    at,
    'does-not-act-yet',
    `${key} is parsed and signed; it does not act yet: ${say}`,
    'nothing to mend',
    'notice',
  );

const readRouteRules = readRules(readRouteRule, `[ ${EXAMPLE} ]`);

/** `route`: whose lead it is; the first rule that matches wins. */
export const readRoute: Read<readonly RouteRule[]> = (at) => {
  const rules = readRouteRules(at);
  if (rules?.length === 0) return report(at, 'missing-key', 'no route leads anywhere', `add one, as in ${EXAMPLE}`);
  return rules;
};
