/** Reads a cases file with the readers of the policy itself, so that a mistake is told with its place in the file. */
import { type FactValue, TRUST } from '../../facts/fact.ts';
import { EVENT_MARKS } from '../../handoff/input.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Instant } from '../../kernel/time.ts';
import { TOUCH_SOURCES } from '../../source/touch.ts';
import type { PolicyFinding } from '../finding.ts';
import { parseInstant } from '../parseInstant.ts';
import { parseElapsed } from '../readDuration.ts';
import {
  type At,
  complete,
  type Fields,
  into,
  type Read,
  type Reading,
  readBoolean,
  readEntries,
  readFields,
  readInteger,
  readList,
  readOneOf,
  readText,
  report,
} from '../reader.ts';
import { depthOf, type SourceNode } from '../source.ts';
import type { CaseFile, CaseRep, CaseStep, PolicyCase } from './caseFile.ts';
import { EXPECTATIONS } from './expectations.ts';

const NONE: Reading['declared'] = {
  actions: new Set(),
  lists: new Set(),
  statuses: new Set(),
  intents: new Set(),
  rejectReasons: new Set(),
  lostReasons: new Set(),
};

/** Reads the tree of a cases file; answers every finding where something is wrong. Never throws. Linear. */
export const readCases = (root: SourceNode): Result<CaseFile, readonly PolicyFinding[]> => {
  const reading: Reading = { findings: [], declared: NONE, surroundings: {} };
  const at: At = { node: root, path: '', reading };
  const file = depthOf(root) > 16 ? report(at, 'too-deep', 'nested deeper than 16', 'flatten it') : readFile(at);
  return file !== undefined && reading.findings.length === 0 ? ok(file) : err(reading.findings);
};

const readFile: Read<CaseFile> = (at) => {
  const fields = readFields(
    at,
    ['now', 'people', 'cases'],
    '{ "now": "2026-03-02T10:00:00Z", "people": {}, "cases": [] }',
  );
  const now = fields?.required('now', readInstantAt);
  if (fields === undefined || now === undefined) return undefined;
  const people = fields.optional('people', readPeople, { reps: [], teams: {} });
  const cases = fields.required('cases', readList(readCase(now), '[ { "say": "..." } ]', { min: 1, max: 500 }));
  return people === undefined || cases === undefined ? undefined : { now, ...people, cases };
};

const readInstantAt: Read<Instant> = (at) => {
  const instant = at.node.kind === 'scalar' ? parseInstant(String(at.node.value)) : undefined;
  return instant ?? report(at, 'invalid-date', 'this is no instant', 'write it like 2026-03-02T10:00:00Z');
};

const readRep: Read<CaseRep> = (at) => {
  if (at.node.kind === 'scalar') {
    const name = readText(80)(at);
    return name === undefined ? undefined : { name, active: true, selling: true };
  }
  const fields = readFields(at, ['name', 'active', 'selling'], '{ "name": "Ada", "active": false }');
  if (fields === undefined) return undefined;
  return complete<CaseRep>({
    name: fields.required('name', readText(80)),
    active: fields.optional('active', readBoolean, true),
    selling: fields.optional('selling', readBoolean, true),
  });
};

const readPeople: Read<Pick<CaseFile, 'reps' | 'teams'>> = (at) => {
  const fields = readFields(at, ['reps', 'teams'], '{ "reps": ["Ada"], "teams": { "inbound": ["Ada"] } }');
  const reps = fields?.optional('reps', readList(readRep, '["Ada"]', { min: 0, max: 200 }), []);
  const teams = fields?.optional('teams', readTeams, {});
  return reps === undefined || teams === undefined ? undefined : { reps, teams };
};

const readTeams: Read<CaseFile['teams']> = (at) => {
  const entries = readEntries(at, '{ "inbound": ["Ada"] }') ?? [];
  const readMembers = readList(readText(80), '["Ada"]', { min: 0, max: 200 });
  const teams = entries.map(
    (entry) => [entry.key, readMembers(into(at, entry.value, entry.key.slice(0, 64)))] as const,
  );
  return Object.fromEntries(teams.filter((team): team is [string, readonly string[]] => team[1] !== undefined));
};

const readCase =
  (now: Instant): Read<PolicyCase> =>
  (at) => {
    const keys = ['say', 'contact', 'company', 'source', 'steps', 'expect'];
    const fields = readFields(at, keys, '{ "say": "...", "contact": {}, "steps": [], "expect": {} }');
    if (fields === undefined) return undefined;
    const read = complete<PolicyCase>({
      say: fields.required('say', readText(300)),
      contact: fields.optional('contact', readFacts('contact'), {}),
      company: fields.optional('company', readFacts('company'), null),
      source: fields.optional('source', readOneOf(TOUCH_SOURCES), null),
      steps: fields.optional('steps', readSteps(now), []),
      expect: fields.required('expect', readExpected),
    });
    return read;
  };

/** Facts by their short names: `title` of the contact is `contact.title`. */
const readFacts =
  (of: 'contact' | 'company'): Read<{ readonly [path: string]: FactValue }> =>
  (at) => {
    const entries = readEntries(at, of === 'contact' ? '{ "title": "VP Sales" }' : '{ "employees": 200 }') ?? [];
    const facts = entries.map(
      (entry) => [`${of}.${entry.key}`, readFact(into(at, entry.value, entry.key.slice(0, 64)))] as const,
    );
    return Object.fromEntries(facts.filter((fact): fact is [`contact.${string}`, FactValue] => fact[1] !== undefined));
  };

const readFact: Read<FactValue> = (at) => {
  if (at.node.kind === 'scalar') return at.node.value;
  if (at.node.kind === 'list') return readList(readText(200), '["a", "b"]', { min: 0, max: 100 })(at);
  return report(at, 'invalid-operand', 'a fact is a value or a list of texts', 'write a text, a number, true or false');
};

const STEP_KEYS = [
  'ago',
  'at',
  'event',
  'times',
  'properties',
  'facts',
  'trust',
  'marks',
  'fast-track',
  'accept',
  'reject',
  'reason',
  'log-contact',
  'outcome',
  'note',
];

const readSteps =
  (now: Instant): Read<readonly CaseStep[]> =>
  (at) => {
    const steps = readList(readStep(now), '[ { "ago": "2h", "event": "Demo Requested" } ]', { min: 0, max: 500 })(at);
    return steps?.flat().toSorted((a, b) => a.at - b.at);
  };

const readStep =
  (now: Instant): Read<readonly CaseStep[]> =>
  (at) => {
    const fields = readFields(at, STEP_KEYS, '{ "ago": "2h", "event": "Demo Requested" }');
    if (fields === undefined) return undefined;
    const when = readWhen(fields, now);
    if (when === undefined) return undefined;
    if (fields.has('event')) return readEvent(fields, when);
    const text = readText(300);
    let step: CaseStep | undefined;
    if (fields.has('fast-track'))
      step = complete<Extract<CaseStep, { kind: 'fast-track' }>>({
        kind: 'fast-track',
        at: when,
        intent: fields.required('fast-track', text),
        note: fields.optional('note', text, 'a note'),
      });
    else if (fields.has('accept'))
      step = complete<Extract<CaseStep, { kind: 'accept' }>>({
        kind: 'accept',
        at: when,
        by: fields.required('accept', text),
      });
    else if (fields.has('reject'))
      step = complete<Extract<CaseStep, { kind: 'reject' }>>({
        kind: 'reject',
        at: when,
        by: fields.required('reject', text),
        reason: fields.required('reason', text),
      });
    else if (fields.has('log-contact'))
      step = complete<Extract<CaseStep, { kind: 'log-contact' }>>({
        kind: 'log-contact',
        at: when,
        by: fields.required('log-contact', text),
        outcome: fields.optional('outcome', readOneOf(['connected', 'no-answer']), 'connected'),
      });
    else
      return report(
        at,
        'missing-key',
        'the step does nothing',
        'name an event, fast-track, accept, reject or log-contact',
      );
    return step === undefined ? undefined : [step];
  };

const readWhen = (fields: Fields, now: Instant): Instant | undefined => {
  if (fields.has('at')) return fields.required('at', readInstantAt);
  return fields.optional(
    'ago',
    (at) => {
      const ms = at.node.kind === 'scalar' ? parseElapsed(String(at.node.value)) : undefined;
      return ms === undefined ? report(at, 'invalid-duration', 'this is no span', 'write it like 2h or 7d') : now - ms;
    },
    now,
  );
};

/** Several `times` of one event are a minute apart, the last one at its instant. */
const readEvent = (fields: Fields, at: Instant): readonly CaseStep[] | undefined => {
  const times = fields.optional('times', readInteger(1, 200), 1);
  const event = complete<Extract<CaseStep, { kind: 'event' }>>({
    kind: 'event',
    at,
    name: fields.required('event', readText(255)),
    properties: fields.optional('properties', readProperties, {}),
    facts: fields.optional('facts', readFacts('contact'), {}),
    trust: fields.optional('trust', readOneOf(TRUST), 'server'),
    marks: fields.optional('marks', readList(readOneOf(EVENT_MARKS), '["bot"]', { min: 0, max: 10 }), []),
  });
  if (times === undefined || event === undefined) return undefined;
  return Array.from({ length: times }, (_, index) => ({ ...event, at: at - (times - 1 - index) * 60_000 }));
};

const readProperties: Read<JsonObject> = (at) => {
  if (at.node.kind !== 'map') return report(at, 'needs-map', 'properties are a map', 'write { "path": "/pricing" }');
  return jsonOf(at.node) as JsonObject;
};

const readExpected: Read<PolicyCase['expect']> = (at) => {
  const words = Object.keys(EXPECTATIONS);
  if (readFields(at, words, '{ "rule": "hand-raiser" }') === undefined) return undefined;
  if (at.node.kind === 'map' && at.node.entries.length === 0)
    return report(at, 'missing-key', 'the case expects nothing', `expect one of: ${words.join(', ')}`);
  return jsonOf(at.node) as JsonObject;
};

const jsonOf = (node: SourceNode): JsonValue => {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(jsonOf);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, jsonOf(entry.value)]));
};
