import type { FindingCode, PolicyFinding } from '@baton/domain/policy/finding.ts';
import { DEPTH_MAX } from '@baton/domain/policy/parse.ts';
import type { Position, SourceEntry, SourceNode } from '@baton/domain/policy/source.ts';
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  Parser,
} from 'yaml';
import { measureCst } from './measureCst.ts';

/** Largest policy file in bytes. */
export const POLICY_BYTES_MAX = 256 * 1024;
const NODES_MAX = 20_000;
const ENTRIES_MAX = 1_000;
const ALIASES_MAX = 16;

type Outcome =
  | { readonly ok: true; readonly value: SourceNode }
  | { readonly ok: false; readonly error: readonly PolicyFinding[] };

/**
 * Reads YAML 1.2 (core schema) into a tree with places. Refused, each with its place: more than 256 KiB, bytes that are
 * not UTF-8, bidi and control characters, nesting deeper than 16, tags, directives, several documents, more than 16
 * aliases, keys that are no texts or are there twice, and whatever is no YAML. Never throws on any input.
 */
export function readPolicyYaml(input: string | Uint8Array): Outcome {
  const text = decode(input);
  if (typeof text !== 'string') return text;
  const lines = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), col: Math.max(1, col) };
  };
  const forbidden = findForbiddenCharacters(text);
  if (forbidden.length > 0) return { ok: false, error: forbidden };

  // Composing recurses, and V8 ends the process when it compiles a regular expression with no stack left: so the depth
  // is judged on the token tree, which is built without recursion, before anything is composed.
  const tokens: CST.Token[] = [...new Parser(lines.addNewLine).parse(text)];
  const size = measureCst(tokens);
  if (size.depth > DEPTH_MAX)
    return refuse('too-deep', place(size.deepestAt), `nested deeper than ${DEPTH_MAX}`, 'flatten the conditions');
  if (size.nodes > NODES_MAX || size.entriesMax > ENTRIES_MAX)
    return refuse('too-many', place(size.largestAt), 'too many entries', 'move long lists of values into list files');

  const options = {
    schema: 'core',
    stringKeys: true,
    uniqueKeys: true,
    resolveKnownTags: false,
    merge: false,
  } as const;
  const documents = [...new Composer(options).compose(tokens, true, text.length)];
  const findings = documents.flatMap((document) => problemsOf(document as Document.Parsed, place));
  const [document, second] = documents;
  if (second !== undefined) {
    const at = place(second.range?.[0] ?? 0);
    findings.push(finding('yaml-feature', at, 'a second document begins here', 'keep one document in the file'));
  }
  if (document?.directives?.yaml.explicit === true || Object.keys(document?.directives?.tags ?? {}).length > 1)
    findings.push(
      finding('yaml-feature', { line: 1, col: 1 }, 'directives are not used here', 'remove lines that begin with %'),
    );
  const contents = (document?.contents ?? null) as ParsedNode | null;
  if (contents === null) {
    if (findings.length > 0) return { ok: false, error: findings };
    return refuse('yaml-syntax', { line: 1, col: 1 }, 'the file is empty', 'begin with baton: 1');
  }
  const value = findings.length === 0 ? new TreeBuilder(place, findings).build(contents) : undefined;
  if (value === undefined || findings.length > 0) return { ok: false, error: findings };
  return { ok: true, value };
}

function decode(input: string | Uint8Array): string | Outcome {
  const top = { line: 1, col: 1 };
  const bytes = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (bytes > POLICY_BYTES_MAX)
    return refuse('file-too-large', top, `${bytes} bytes, at most ${POLICY_BYTES_MAX}`, 'move values into list files');
  if (typeof input === 'string') return input.replace(/^\uFEFF/, '');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(input);
  } catch {
    return refuse('yaml-syntax', top, 'the file is not UTF-8', 'save it as UTF-8');
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFEFF]/;
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;
const HIDDEN = /[\u200B-\u200D\u2060\u00AD\u{E0000}-\u{E007F}]/u;

/** Characters that make a text read otherwise than it is: a policy is what people see, nothing else. */
function findForbiddenCharacters(text: string): PolicyFinding[] {
  const findings: PolicyFinding[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    for (const [pattern, code, what] of [
      [BIDI, 'bidi-control-character', 'a character that turns the direction of text'],
      [CONTROL, 'control-character', 'a control character'],
      [HIDDEN, 'control-character', 'an invisible character'],
    ] as const) {
      const match = pattern.exec(line);
      if (match === null || findings.length >= 50) continue;
      const name = `U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      const at = { line: index + 1, col: match.index + 1 };
      findings.push(finding(code, at, `${what} (${name}) stands here`, 'remove it'));
    }
  }
  return findings;
}

function problemsOf(document: Document.Parsed, place: (offset: number) => Position): PolicyFinding[] {
  return [...document.errors, ...document.warnings].slice(0, 50).map(({ code, message, pos }) => {
    const at = place(pos[0]);
    if (code === 'DUPLICATE_KEY') return finding('duplicate-key', at, 'this key is there twice', 'keep one of the two');
    if (code === 'TAG_RESOLVE_FAILED') return finding('yaml-feature', at, 'tags are not used here', 'remove the !tag');
    if (code === 'NON_STRING_KEY') return finding('yaml-syntax', at, 'a key is a single text', 'write key: value');
    return finding('yaml-syntax', at, sentence(message), 'mend the YAML here');
  });
}

/** The library's words without its own places and excerpts. */
function sentence(message: string): string {
  const first = message.split('\n')[0] ?? '';
  return first.replace(/ at line \d+, column \d+:?$/, '').slice(0, 200);
}

/** Turns composed nodes into the domain's tree; aliases become what they name. */
class TreeBuilder {
  readonly #place: (offset: number) => Position;
  readonly #findings: PolicyFinding[];
  readonly #anchors = new Map<string, ParsedNode>();
  #aliases = 0;
  #nodes = 0;

  constructor(place: (offset: number) => Position, findings: PolicyFinding[]) {
    this.#place = place;
    this.#findings = findings;
  }

  build(node: ParsedNode | null, depth = 0, fallback: Position = { line: 1, col: 1 }): SourceNode | undefined {
    if (node === null) return { kind: 'scalar', value: null, text: '', ...fallback };
    const at = this.#place(node.range[0]);
    this.#nodes += 1;
    if (depth > DEPTH_MAX) return this.#refuse('too-deep', at, `nested deeper than ${DEPTH_MAX}`, 'flatten it');
    if (this.#nodes > NODES_MAX) return this.#refuse('too-many', at, 'too many entries', 'use fewer aliases');
    if (isAlias(node)) return this.#follow(node.source, at, depth);
    if (node.tag !== undefined) return this.#refuse('yaml-feature', at, 'tags are not used here', 'remove the !tag');
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isMap(node)) {
      const entries: SourceEntry[] = [];
      for (const { key, value } of node.items) {
        if (!isScalar(key) || typeof key.value !== 'string' || key.tag !== undefined)
          return this.#refuse('yaml-syntax', at, 'a key is a single text', 'write key: value');
        const keyAt = this.#place((key as ParsedNode).range[0]);
        const child = this.build(value as ParsedNode | null, depth + 1, keyAt);
        if (child === undefined) return undefined;
        entries.push({ key: key.value, at: keyAt, value: child });
      }
      return { kind: 'map', entries, ...at };
    }
    if (isSeq(node)) {
      const items: SourceNode[] = [];
      for (const item of node.items) {
        const child = this.build(item as ParsedNode | null, depth + 1, at);
        if (child === undefined) return undefined;
        items.push(child);
      }
      return { kind: 'list', items, ...at };
    }
    const { value } = node;
    const text = node.type === 'PLAIN' ? (node.source ?? String(value ?? '')) : String(value ?? '');
    if (typeof value === 'number' && !Number.isFinite(value))
      return this.#refuse('invalid-number', at, `${text} is no number to compare with`, 'write digits');
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return { kind: 'scalar', value, text, ...at };
    return this.#refuse('yaml-feature', at, 'this value is not known here', 'write a text, a number, true or false');
  }

  #follow(name: string, at: Position, depth: number): SourceNode | undefined {
    this.#aliases += 1;
    const target = this.#anchors.get(name);
    if (this.#aliases > ALIASES_MAX)
      return this.#refuse('yaml-feature', at, `more than ${ALIASES_MAX} aliases`, 'write the values out');
    if (target === undefined)
      return this.#refuse('yaml-feature', at, `*${name} names nothing before it`, 'write it out');
    const copy = this.build(target, depth);
    return copy === undefined ? undefined : { ...copy, ...at };
  }

  #refuse(code: FindingCode, at: Position, message: string, mend: string): undefined {
    this.#findings.push(finding(code, at, message, mend));
    return undefined;
  }
}

function finding(code: FindingCode, at: Position, message: string, mend: string): PolicyFinding {
  return { severity: 'error', code, path: '', line: at.line, col: at.col, message, mend };
}

function refuse(code: FindingCode, at: Position, message: string, mend: string): Outcome {
  return { ok: false, error: [finding(code, at, message, mend)] };
}
