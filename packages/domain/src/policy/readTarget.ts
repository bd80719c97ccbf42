/** Reads where a lead goes and who accepts it: `to` and `accept` of routes, exceptions and legs. */
import type { Accept, RouteTarget } from './document.ts';
import { nearest } from './nearest.ts';
import { readDuration } from './readDuration.ts';
import { type At, into, type Read, readEntries, readFields, readId, readInteger, readOneOf, report } from './reader.ts';

/** A team; where the known teams are given, it must be one of them. */
export const readTeam: Read<string> = (at) => {
  const team = readId(at);
  const { teams } = at.reading.surroundings;
  if (team === undefined || teams === undefined || teams.has(team)) return team;
  const meant = nearest(team, teams);
  const all =
    teams.size === 0 ? `there are no teams yet: baton team add ${team}` : `known teams: ${[...teams].join(', ')}`;
  return report(at, 'unknown-team', `there is no team “${team}”`, meant === undefined ? all : `did you mean ${meant}?`);
};

const EXAMPLE = '{ team: inbound }';
const readOwner = readOneOf(['company-owner', 'contact-owner', 'territory']);

/** `company-owner`, `contact-owner`, `territory`, `{ team: name }` or `{ queue: name }`. */
export const readTarget: Read<RouteTarget> = (at) => {
  if (at.node.kind === 'scalar') {
    const kind = readOwner(at);
    return kind === undefined ? undefined : { kind };
  }
  const entries = readEntries(at, EXAMPLE);
  if (entries === undefined) return undefined;
  const [entry, second] = entries;
  if (entry === undefined || second !== undefined || (entry.key !== 'team' && entry.key !== 'queue'))
    return report(
      at,
      'not-in-vocabulary',
      'a lead goes to one place',
      `write ${EXAMPLE}, { queue: triage } or company-owner`,
    );
  return entry.key === 'team' ? teamAt(into(at, entry.value, 'team')) : queueAt(into(at, entry.value, 'queue'));
};
const teamAt = (at: At): RouteTarget | undefined => {
  const team = readTeam(at);
  return team === undefined ? undefined : { kind: 'team', team };
};
const queueAt = (at: At): RouteTarget | undefined => {
  const queue = readId(at);
  return queue === undefined ? undefined : { kind: 'queue', queue };
};

const ACCEPT_EXAMPLE = '{ by: rep, within: 30m, max-offers: 3 }';

/** Who accepts. Without a `within` the rep has no accept clock. `max-offers` is 3 unless said otherwise. */
export const readAccept: Read<Accept> = (at) => {
  const fields = readFields(at, ['by', 'within', 'max-offers'], ACCEPT_EXAMPLE);
  const by = fields?.required('by', readOneOf<Accept['by']>(['policy', 'rep']));
  if (fields === undefined || by === undefined) return undefined;
  const within = fields.optional('within', readDuration, null);
  const maxOffers = fields.optional('max-offers', readInteger(1, 50), 3);
  if (within === undefined || maxOffers === undefined) return undefined;
  if (by === 'rep') return { by: 'rep', within, maxOffers };
  if (fields.has('within') || fields.has('max-offers'))
    return report(
      at,
      'not-in-vocabulary',
      'the policy accepts at once',
      'leave out within and max-offers, or write by: rep',
    );
  return { by: 'policy' };
};
