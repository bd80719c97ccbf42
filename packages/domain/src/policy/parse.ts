import { err, ok, type Result } from '../kernel/result.ts';
import { LEAD_STATUSES } from '../lifecycle/stage.ts';
import type { PolicyDocument } from './document.ts';
import { findDoubts } from './findDoubts.ts';
import type { PolicyFinding } from './finding.ts';
import {
  type At,
  complete,
  type Declared,
  into,
  type Read,
  type Reading,
  readFields,
  readPlainText,
  report,
  type Surroundings,
} from './reader.ts';
import { SECTIONS, type Section } from './sections/sections.ts';
import { childOf, depthOf, type SourceNode } from './source.ts';

/** Deepest nesting of maps and lists. */
export const DEPTH_MAX = 16;

/** A document that can be signed, with what is worth saying about it: warnings and notices, no errors. */
export type ParsedPolicy = { readonly document: PolicyDocument; readonly findings: readonly PolicyFinding[] };

/**
 * Reads a positioned tree into the policy document. Answers the document with its warnings and notices, or every
 * finding, at least one of them an error; in both cases sorted by place. Never throws, whatever the tree. `surroundings`
 * adds checks against teams, facts and list files where those are known. Linear in the tree, but for the comparison of
 * misspelt words with known ones.
 */
export const parsePolicy = (
  root: SourceNode,
  surroundings: Surroundings = {},
): Result<ParsedPolicy, readonly PolicyFinding[]> => {
  const reading: Reading = { findings: [], declared: declaredIn(root), surroundings };
  const at: At = { node: root, path: '', reading };
  const depth = depthOf(root);
  const document =
    depth > DEPTH_MAX
      ? report(at, 'too-deep', `nested ${depth} deep, at most ${DEPTH_MAX}`, 'flatten the conditions')
      : readDocument(at);
  if (document !== undefined && !hasErrors(reading)) findDoubts(document, at);
  warnOfSecrets(at);
  const findings = reading.findings.toSorted((a, b) => a.line - b.line || a.col - b.col);
  return document !== undefined && !hasErrors(reading) ? ok({ document, findings }) : err(findings);
};

const hasErrors = (reading: Reading): boolean => reading.findings.some((finding) => finding.severity === 'error');

const readDocument = (at: At): PolicyDocument | undefined => {
  const keys = ['baton', 'name', ...Object.values(SECTIONS).map((section) => section.key)];
  const fields = readFields(at, keys, '{ baton: 1, name: Inbound, ... }');
  if (fields === undefined) return undefined;
  const section = <T>({ key, read, otherwise, notYet }: Section<T>): T | undefined => {
    const node = childOf(at.node, key);
    if (node === undefined) {
      if ('value' in otherwise) return otherwise.value;
      return report(at, 'missing-key', `the section “${key}” is missing`, `add ${otherwise.must}`);
    }
    const child = into(at, node, key);
    if (notYet !== null)
      report(child, 'does-not-act-yet', `${key} is parsed and signed; ${notYet}`, 'nothing to mend', 'notice');
    return read(child);
  };
  return complete<PolicyDocument>({
    baton: fields.required('baton', readVersion),
    name: fields.required('name', readPlainText(80)),
    signals: section(SECTIONS.signals),
    fit: section(SECTIONS.fit),
    actions: section(SECTIONS.actions),
    lists: section(SECTIONS.lists),
    qualify: section(SECTIONS.qualify),
    manual: section(SECTIONS.manual),
    unknown: section(SECTIONS.unknown),
    gate: section(SECTIONS.gate),
    except: section(SECTIONS.except),
    route: section(SECTIONS.route),
    fallback: section(SECTIONS.fallback),
    accounts: section(SECTIONS.accounts),
    promise: section(SECTIONS.promise),
    firstTask: section(SECTIONS.firstTask),
    deal: section(SECTIONS.deal),
    legs: section(SECTIONS.legs),
    notify: section(SECTIONS.notify),
    statuses: section(SECTIONS.statuses),
    feedback: section(SECTIONS.feedback),
    again: section(SECTIONS.again),
    guards: section(SECTIONS.guards),
    experiments: section(SECTIONS.experiments),
  });
};

const readVersion: Read<1> = (at) =>
  at.node.kind === 'scalar' && at.node.value === 1 && at.node.text === '1'
    ? 1
    : report(at, 'not-in-vocabulary', 'this version of the language is not known', 'write baton: 1');

/** The names that sections declare, gathered from keys alone, so that a broken entry causes no second complaint. */
const declaredIn = (root: SourceNode): Declared => {
  const keysOf = (node: SourceNode | undefined): ReadonlySet<string> =>
    new Set(node?.kind === 'map' ? node.entries.map((entry) => entry.key) : []);
  const intents = new Set<string>();
  const addIntent = (node: SourceNode | undefined): void => {
    if (node?.kind === 'scalar' && typeof node.value === 'string') intents.add(node.value);
  };
  const itemsOf = (node: SourceNode | undefined): readonly SourceNode[] => (node?.kind === 'list' ? node.items : []);
  for (const rule of itemsOf(childOf(root, 'qualify'))) addIntent(childOf(rule, 'intent'));
  for (const rule of itemsOf(childOf(root, 'except'))) addIntent(childOf(childOf(rule, 'then'), 'handoff'));
  const feedback = childOf(root, 'feedback');
  return {
    actions: keysOf(childOf(root, 'actions')),
    lists: keysOf(childOf(root, 'lists')),
    statuses: new Set([...LEAD_STATUSES, ...keysOf(childOf(root, 'statuses'))]),
    intents,
    rejectReasons: keysOf(childOf(feedback, 'reject')),
    lostReasons: keysOf(childOf(feedback, 'closed-lost')),
  };
};

/** Shapes of well-known credentials: a policy is read by many people and kept for ever. */
const SECRET =
  /(?:^|[^a-z0-9])(?:sk_live_|sk-[a-z0-9]{20}|whsec_|xox[abpr]-|ghp_|github_pat_|AKIA[0-9A-Z]{12}|-----BEGIN )/i;

const warnOfSecrets = (root: At): void => {
  const open: At[] = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node } = at;
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string' && SECRET.test(node.value))
        report(at, 'secret-like', 'this looks like a secret', 'remove it: everybody can read a policy', 'warning');
    } else if (node.kind === 'map')
      for (const entry of node.entries) open.push(into(at, entry.value, entry.key.slice(0, 64)));
    else for (const [index, item] of node.items.entries()) open.push(into(at, item, index));
  }
};
