import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../kernel/json.ts';
import { canonicalText } from './canonical.ts';
import { FINDING_CODES, type PolicyFinding } from './finding.ts';
import { parsePolicy } from './parse.ts';
import type { Surroundings } from './reader.ts';
import { SECTIONS } from './sections/sections.ts';
import { sourceOf } from './sourceOf.ts';
import { smallestPolicy } from './testPolicy.ts';

const findingsOf = (value: JsonValue, surroundings: Surroundings = {}): readonly PolicyFinding[] => {
  const parsed = parsePolicy(sourceOf(value), surroundings);
  return parsed.ok ? parsed.value.findings : parsed.error;
};
const errorsOf = (value: JsonValue): readonly PolicyFinding[] =>
  findingsOf(value).filter((finding) => finding.severity === 'error');
const smallestWith = (change: JsonObject): JsonObject => ({ ...smallestPolicy, ...change });
const whenAt = (when: JsonValue): JsonObject =>
  smallestWith({ route: [{ id: 'some', when, to: { team: 'inbound' } }] });
const qualifyBy = (criterion: JsonObject): JsonObject =>
  smallestWith({
    fit: { size: { say: 'is big', when: { 'company.employees': { gte: 50 } }, points: 60 } },
    signals: { page: { say: 'visited', on: 'page', points: 1, cap: 10 } },
    qualify: [{ id: 'rule', intent: 'high', ...criterion }],
  });

describe('a policy document', () => {
  it('reads the smallest one with its defaults and nothing to say', () => {
    const parsed = parsePolicy(sourceOf(smallestPolicy));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    expect(parsed.value.findings.filter((finding) => finding.severity !== 'notice')).toEqual([]);
    expect(parsed.value.document).toMatchObject({
      actions: [{ id: 'demo', times: 1, withinMs: null, trust: 'form', where: null }],
      qualify: [{ id: 'hand-raiser', intent: 'high', when: { kind: 'action', action: 'demo' } }],
      route: [{ to: { kind: 'team', team: 'inbound' }, accept: { by: 'policy' }, ifAway: 'cover', when: null }],
      accounts: { groupBy: 'company', secondContact: 'join-owner', openDeal: 'attach' },
      gate: { reachableRequired: true },
      promise: [{ intent: 'high', contactWithin: { kind: 'working', ms: 4 * 3_600_000 } }],
      again: { afterReject: { handRaise: { kind: 'at-once' }, score: { kind: 'never' } } },
    });
  });

  it('collects every error, not only the first, each with its place and its mend', () => {
    const errors = errorsOf({
      ...smallestPolicy,
      baton: 2,
      sgnals: {},
      qualify: [{ id: 'Bad Id', intent: 'high', any: [{ action: 'dmo' }] }],
      fallback: { queue: 'triage', tel: 'managers' },
    });
    expect(errors.map((error) => [error.code, error.path]).toSorted()).toEqual([
      ['invalid-id', 'qualify[0].id'],
      ['not-in-vocabulary', 'baton'],
      ['unknown-action', 'qualify[0].any[0].action'],
      ['unknown-key', 'fallback.tel'],
      ['unknown-key', 'sgnals'],
    ]);
    expect(errors.every((error) => error.line === 1 && error.mend !== '')).toBe(true);
    expect(errors.find((error) => error.path === 'sgnals')?.mend).toBe('did you mean signals?');
    expect(errors.find((error) => error.code === 'unknown-action')?.mend).toBe('did you mean demo?');
  });

  it.each([
    [{ 'contact.country': 'DE' }, { kind: 'fact', path: 'contact.country', op: 'is', operand: 'DE' }],
    [
      { 'contact.title': { 'has-word': 'vp' } },
      { kind: 'fact', path: 'contact.title', op: 'has-word', operand: ['vp'] },
    ],
    [
      { 'contact.created-at': { gte: '2026-01-01' } },
      { kind: 'fact', path: 'contact.created-at', op: 'gte', operand: { at: 1_767_225_600_000 } },
    ],
    [
      { 'contact.created-at': { within: '7d' } },
      { kind: 'fact', path: 'contact.created-at', op: 'within', operand: 604_800_000 },
    ],
    [{ 'company.owner': { selling: true } }, { kind: 'fact', path: 'company.owner', op: 'selling', operand: true }],
    [
      { 'contact.country': 'DE', 'company.employees': { gt: 10, lt: 20 } },
      {
        kind: 'all',
        of: [
          { kind: 'fact', path: 'contact.country', op: 'is', operand: 'DE' },
          {
            kind: 'all',
            of: [
              { kind: 'fact', path: 'company.employees', op: 'gt', operand: 10 },
              { kind: 'fact', path: 'company.employees', op: 'lt', operand: 20 },
            ],
          },
        ],
      },
    ],
    [
      { not: { any: [{ 'contact.country': 'DE' }, { 'contact.phone': { exists: true } }] } },
      {
        kind: 'not',
        of: {
          kind: 'any',
          of: [
            { kind: 'fact', path: 'contact.country', op: 'is', operand: 'DE' },
            { kind: 'fact', path: 'contact.phone', op: 'exists', operand: true },
          ],
        },
      },
    ],
  ])('reads the condition %j', (when, condition) => {
    const parsed = parsePolicy(sourceOf(whenAt(when as JsonValue)));
    expect(parsed.ok && parsed.value.document.route[0]?.when).toEqual(condition);
  });

  it.each([
    [{ 'contact.country': ['DE'] }, 'invalid-operand'],
    [{ 'contact.country': { inn: ['DE'] } }, 'unknown-operator'],
    [{ 'contact.country': { in: [] } }, 'never-matches'],
    [{ 'contact.country': { matches: '^(a+)+$' } }, 'unknown-operator'],
    [{ 'contact.constructor': 'x' }, 'unknown-fact'],
    [{ '__proto__.x': 'x' }, 'unknown-fact'],
    [{ expr: "contact.constructor.constructor('return process')()" }, 'unknown-fact'],
    [{ 'source.frist': 'partner' }, 'unknown-fact'],
    [{ 'contact.title': { selling: true } }, 'invalid-operand'],
    [{ 'company.employees': { between: [50] } }, 'needs-list'],
    [{ 'company.employees': { between: [50, 5] } }, 'never-matches'],
    [{ 'company.employees': { gte: 'many' } }, 'invalid-operand'],
    [{ 'contact.created-at': { gte: '2026-02-30' } }, 'invalid-operand'],
    [{ 'contact.created-at': { within: '1e9h' } }, 'invalid-duration'],
    [{ 'company.domain': { 'in-list': 'nowhere' } }, 'unknown-list'],
    [{ any: [] }, 'never-matches'],
    [{ all: [] }, 'always-matches'],
    [{}, 'always-matches'],
    [{ all: [{ 'company.employees': { gt: 50 } }, { 'company.employees': { lt: 50 } }] }, 'never-matches'],
    [{ all: [{ 'contact.country': 'DE' }, { 'contact.country': { in: ['FR', 'GB'] } }] }, 'never-matches'],
    [{ all: [{ 'contact.phone': { exists: false } }, { 'contact.phone': { 'starts-with': '+49' } }] }, 'never-matches'],
  ])('refuses the condition %j as %s', (when, code) => {
    expect(errorsOf(whenAt(when as JsonValue)).map((error) => error.code)).toContain(code);
  });

  it.each([
    [{ all: [{ engagement: { gte: 5 } }, { engagement: { lt: 5 } }] }, 'never-matches'],
    [{ fit: { gte: 61 } }, 'never-matches'],
    [{ fit: { gte: 0 } }, 'always-matches'],
    [{ any: [{ fit: { gt: 60 } }, { engagement: { gt: 10 } }] }, 'never-matches'],
    [{ fit: { between: [1, 2] } }, 'unknown-operator'],
    [{ fit: { gte: 1.5 } }, 'invalid-number'],
    [{ score: { gte: 5 } }, 'unknown-key'],
    [{}, 'missing-key'],
  ])('refuses the criterion %j as %s', (criterion, code) => {
    expect(errorsOf(qualifyBy(criterion as JsonObject)).map((error) => error.code)).toContain(code);
  });

  it.each(['0', '-1h', '1000000000h', '4\u00a0h', '4 h', '1.5h', '4', 'soon', '1d', '0wd', '3651d elapsed'])(
    'refuses %j as the length of a promise',
    (length) => {
      const errors = errorsOf(smallestWith({ promise: { high: { 'contact-within': length } } }));
      expect(errors.map((error) => error.code)).toContain('invalid-duration');
    },
  );

  it.each([
    [{ points: 10, cap: -10 }, 'invalid-cap'],
    [{ points: -10, cap: 10 }, 'invalid-cap'],
    [{ points: 1, cap: 33 }, 'invalid-cap'],
    [{ points: 0, cap: 0 }, 'invalid-number'],
    [{ points: 10, cap: 5 }, 'invalid-cap'],
    [{ points: 10 }, 'missing-key'],
    [{ points: -5, cap: -5, 'half-life': '3d' }, 'invalid-duration'],
  ])('refuses a signal with %j as %s', (numbers, code) => {
    const signals = { page: { say: 'visited', on: 'page', ...(numbers as JsonObject) } };
    expect(errorsOf(smallestWith({ signals })).map((error) => error.code)).toContain(code);
  });

  it('accepts exactly 32 remembered times, and says a cap that fits when there are more', () => {
    const signals = (cap: number) => ({ page: { say: 'visited', on: 'page', points: 1, cap } });
    const rule = { qualify: [{ id: 'rule', intent: 'high', engagement: { gte: 1 } }], actions: {} };
    expect(errorsOf(smallestWith({ ...rule, signals: signals(32) }))).toEqual([]);
    expect(errorsOf(smallestWith({ ...rule, signals: signals(33) }))[0]?.mend).toContain('32');
  });

  it.each([
    ['Call {{ contact.nme }}', 'template-token'],
    ['Call {{ contact.name', 'template-syntax'],
    ['{% if x %}', 'template-syntax'],
    ["{{ contact.name | append: 'x' }}", 'template-syntax'],
    ["{{ constructor.constructor('return process')() }}", 'template-syntax'],
    ['{{ company.name | default: contact.nme }}', 'template-token'],
  ])('refuses the title %j as %s', (title, code) => {
    const errors = errorsOf(smallestWith({ 'first-task': { high: { type: 'call', title } } }));
    expect(errors.map((error) => error.code)).toEqual([code]);
  });

  it('says a list that a text with a comma broke', () => {
    const errors = errorsOf(smallestWith({ fallback: { queue: 'triage', '000 people': null } }));
    expect(errors[0]?.mend).toContain('quotes');
  });

  it('asks every intent for a promise, and warns where there is no first task', () => {
    const findings = findingsOf(smallestWith({ promise: {}, 'first-task': {} }));
    const said = findings.filter((finding) => finding.code === 'unknown-intent');
    expect(said.map((finding) => finding.severity).toSorted()).toEqual(['error', 'warning']);
  });

  it('names a team that nobody made, where teams are known', () => {
    const [finding] = findingsOf(smallestPolicy, { teams: new Set(['inbound-emea', 'partners']) });
    expect(finding).toMatchObject({ severity: 'error', code: 'unknown-team', path: 'route[0].to.team' });
    expect(findingsOf(smallestPolicy, { teams: new Set(['inbound']) }).filter(isError)).toEqual([]);
  });

  it.each([
    { to: 'company-owner', 'tell-group': true },
    { to: 'contact-owner', 'widen-to': 'inbound' },
    { to: { team: 'inbound' }, charge: 'team' },
  ])('refuses what does not belong to its kind of route: %j', (route) => {
    const errors = errorsOf(smallestWith({ route: [{ id: 'one', ...(route as JsonObject) }] }));
    expect(errors.map((error) => error.code)).toEqual(['not-in-vocabulary']);
  });

  it('warns of rules that never get their turn', () => {
    const route = [
      { id: 'everyone', to: { team: 'inbound' } },
      { id: 'dach', when: { 'contact.country': 'DE' }, to: { team: 'dach' } },
    ];
    const findings = findingsOf(smallestWith({ route }));
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'unreachable', path: 'route[1]' }),
    );
  });

  it('warns of a rule that asks what an earlier one asked', () => {
    const qualify = [
      { id: 'hand-raiser', intent: 'high', action: 'demo' },
      { id: 'again', intent: 'high', any: [{ action: 'demo' }] },
    ];
    expect(findingsOf(smallestWith({ qualify }))).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'unreachable', path: 'qualify[1]' }),
    );
  });

  it('does not warn of routes after an owner’s: whom it has no owner for goes on', () => {
    const route = [
      { id: 'owner', to: 'company-owner' },
      { id: 'everyone', to: { team: 'inbound' } },
    ];
    expect(findingsOf(smallestWith({ route })).map((finding) => finding.code)).not.toContain('unreachable');
  });

  it('finds contradictions in what events must be, too', () => {
    const where = { all: [{ amount: { gt: 5 } }, { amount: { lt: 5 } }] };
    const actions = { demo: { say: 'asked for a demo', on: 'Demo Requested', where } };
    expect(errorsOf(smallestWith({ actions })).map((error) => error.path)).toEqual(['actions.demo']);
  });

  it('warns of what looks like a secret', () => {
    const notify = { owner: { via: 'in-app', body: 'token xoxb-1234567890' } };
    expect(findingsOf(smallestWith({ notify })).map((finding) => finding.code)).toContain('secret-like');
  });

  it('says of every section that does not act yet that it does not', () => {
    const sections = {
      unknown: { ask: ['enrichment-webhook'], wait: '60s', then: 'leave' },
      guards: {},
      experiments: {},
    };
    const legs = [{ id: 'sdr-to-ae', when: 'meeting-booked', to: { team: 'ae' } }];
    const notices = findingsOf(smallestWith({ ...sections, legs })).filter((finding) => finding.severity === 'notice');
    const expected = Object.values(SECTIONS).flatMap((section) => (section.notYet === null ? [] : [section.key]));
    expect(notices.map((notice) => notice.path).toSorted()).toEqual(expected.toSorted());
  });

  it('refuses nesting deeper than 16, whatever the depth', () => {
    for (const depth of [17, 20_000]) {
      let when: JsonValue = { 'contact.country': 'DE' };
      for (let level = 0; level < 12; level += 1) when = { not: when };
      expect(errorsOf(whenAt(when)).map((error) => error.code)).toEqual([]);
      let node = sourceOf('x');
      for (let level = 0; level < depth; level += 1) node = { kind: 'list', items: [node], line: 1, col: 1 };
      const parsed = parsePolicy(node);
      expect(parsed.ok ? [] : parsed.error.map((error) => error.code)).toContain('too-deep');
    }
  });

  it('keeps its codes in order, each once', () => {
    expect([...FINDING_CODES]).toEqual([...new Set(FINDING_CODES)].toSorted());
  });
});

const isError = (finding: PolicyFinding): boolean => finding.severity === 'error';

describe('parsing anything', () => {
  const keys = [
    ...Object.values(SECTIONS).map((section) => section.key),
    'baton',
    'name',
    'id',
    'when',
    'any',
    'to',
    'then',
    'hold',
  ];
  const words = fc.oneof(
    fc.constantFrom(...keys, 'contact.country', 'is', 'in', '7d', 'team', 'high', '__proto__'),
    fc.string(),
  );
  const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.oneof(words, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('tree'), { maxLength: 5 }),
      fc.dictionary(words, tie('tree'), { maxKeys: 8 }),
    ),
  }));

  it('never throws, and every finding has a place, a code, a reason and a mend', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(...Object.keys(smallestPolicy)), (value, key) => {
        for (const document of [value, smallestWith({ [key]: value })])
          for (const finding of findingsOf(document)) {
            expect(finding.line).toBeGreaterThan(0);
            expect(finding.message.length * finding.mend.length).toBeGreaterThan(0);
            expect(FINDING_CODES).toContain(finding.code);
          }
      }),
      { numRuns: 500 },
    );
  });

  it('answers a document exactly when there is no error', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(...Object.keys(smallestPolicy)), (value, key) => {
        const parsed = parsePolicy(sourceOf(smallestWith({ [key]: value })));
        if (parsed.ok) expect(parsed.value.findings.some(isError)).toBe(false);
        else expect(parsed.error.some(isError)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the canonical form', () => {
  const textOf = (value: JsonValue): string => {
    const parsed = parsePolicy(sourceOf(value));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return canonicalText(parsed.value.document, new Map());
  };
  const rich = smallestWith({
    signals: {
      page: { say: 'visited', on: 'page', points: 1, cap: 10, 'half-life': '14d' },
      form: { say: 'sent a form', on: 'Form Submitted', points: 5, cap: 10 },
    },
    statuses: { nurturing: { like: 'bad-timing', label: 'Nurturing' }, away: { like: 'open', label: 'Away' } },
    qualify: [
      { id: 'hand-raiser', intent: 'high', action: 'demo' },
      { id: 'busy', intent: 'high', engagement: { gte: 10 } },
    ],
  });
  const shuffleKeys = (value: JsonValue, random: () => number): JsonValue => {
    if (Array.isArray(value)) return value.map((item) => shuffleKeys(item as JsonValue, random));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, child]): [number, string, JsonValue] => [random(), key, child]);
    return Object.fromEntries(
      entries.toSorted((a, b) => a[0] - b[0]).map(([, key, child]) => [key, shuffleKeys(child, random)]),
    );
  };

  it('does not see the order of keys and maps', () => {
    const expected = textOf(rich);
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (numbers) => {
        const random = () => numbers.next().value as number;
        expect(textOf(shuffleKeys(rich, random))).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('sees the order of rules, and every value', () => {
    const qualify = (rich.qualify as readonly JsonValue[]).toReversed();
    expect(textOf({ ...rich, qualify })).not.toBe(textOf(rich));
    expect(textOf({ ...rich, name: 'Other' })).not.toBe(textOf(rich));
  });

  it('is the same whether a default is written or left out', () => {
    const actions = { demo: { say: 'asked for a demo', on: 'Demo Requested', times: 1, trust: 'form' } };
    expect(textOf({ ...rich, actions })).toBe(textOf(rich));
  });

  it('changes with the content of a list', () => {
    const lists = { rivals: { file: 'lists/rivals.csv', match: 'company.domain' } };
    const parsed = parsePolicy(sourceOf(smallestWith({ lists })));
    if (!parsed.ok) throw new Error('unreadable');
    const { document } = parsed.value;
    const text = (hash: string) => canonicalText(document, new Map([['rivals', hash]]));
    expect(text('a')).not.toBe(text('b'));
    expect(() => canonicalText(document, new Map())).toThrow('rivals');
  });
});
