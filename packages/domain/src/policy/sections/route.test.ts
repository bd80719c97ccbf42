import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/json.ts';
import { canonicalText } from '../canonical.ts';
import type { RouteRule } from '../document.ts';
import { parsePolicy } from '../parse.ts';
import { sourceOf } from '../sourceOf.ts';
import { smallestPolicy } from '../testPolicy.ts';

const parse = (route: JsonObject) => parsePolicy(sourceOf({ ...smallestPolicy, route: [{ id: 'all', ...route }] }));
const ruleOf = (route: JsonObject): RouteRule => {
  const parsed = parse(route);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.document.route[0] as RouteRule;
};
const said = (route: JsonObject): string => {
  const parsed = parse(route);
  const findings = parsed.ok ? parsed.value.findings : parsed.error;
  return findings.flatMap(({ path, message }) => (path.startsWith('route') ? [message] : [])).join('; ');
};

describe('a route', () => {
  test('may ask for skills, and one that asks for none has the canonical text that it always had', () => {
    const team = { to: { team: 'inbound' } };
    expect(ruleOf({ ...team, skills: ['german', 'enterprise'] }).skills).toEqual(['german', 'enterprise']);
    const plain = parse(team);
    if (!plain.ok) throw new Error('not parsed');
    expect(canonicalText(plain.value.document, new Map())).not.toContain('skills');
  });

  test('may go by the territory table', () => {
    expect(ruleOf({ to: 'territory', charge: 'team' }).to).toEqual({ kind: 'territory' });
  });

  test('acts in every one of its words: none is only parsed', () => {
    const words = { accept: { by: 'rep', within: '30m' }, 'if-away': 'keep', 'outside-hours': 'queue' };
    expect(said({ to: { team: 'inbound' }, ...words })).not.toContain('act yet');
  });

  test.each([
    [{ to: 'company-owner', skills: ['german'] }, '“skills” is for routes to a team'],
    [{ to: 'company-owner', 'tell-group': true }, '“tell-group” is for routes to a team'],
    [{ to: { queue: 'desk' }, charge: 'team' }, '“charge” is for routes to an owner'],
    [{ to: { team: 'inbound' }, charge: 'team' }, '“charge” is for routes to an owner'],
  ])('says what does not belong to its kind: %j', (route, message) => {
    expect(said(route)).toContain(message);
  });
});
