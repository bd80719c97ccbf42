/** Reads a text with tokens: `{{ token }}` and `{{ token | default: other }}`, and nothing else of Liquid. */
import { nearest } from './nearest.ts';
import { type At, type Read, readText, report } from './reader.ts';
import {
  TEMPLATE_TOKENS,
  type Template,
  type TemplateFallback,
  type TemplatePart,
  type TemplateToken,
} from './template.ts';

const TOKENS = Object.keys(TEMPLATE_TOKENS) as readonly TemplateToken[];
const INSIDE = /^\s*([a-z_.]+)\s*(?:\|\s*default:\s*(?:([a-z_.]+)|"([^"{}]*)"|'([^'{}]*)')\s*)?$/;

const readToken = (at: At, word: string): TemplateToken | undefined => {
  const token = TOKENS.find((known) => known === word);
  if (token !== undefined) return token;
  const meant = nearest(word, TOKENS);
  const mend = meant === undefined ? `known tokens: ${TOKENS.join(', ')}` : `did you mean {{ ${meant} }}?`;
  return report(at, 'template-token', `{{ ${word.slice(0, 40)} }} is not a token`, mend);
};

const readInside = (at: At, inside: string): TemplatePart | undefined => {
  const match = INSIDE.exec(inside);
  if (match === null)
    return report(
      at,
      'template-syntax',
      `{{${inside.slice(0, 40)}}} is more than a token`,
      'write {{ contact.name }} or {{ company.name | default: contact.name }}',
    );
  const token = readToken(at, match[1] ?? '');
  const other = match[2] === undefined ? undefined : readToken(at, match[2]);
  if (token === undefined || (match[2] !== undefined && other === undefined)) return undefined;
  const text = match[3] ?? match[4];
  const fallback: TemplateFallback | null =
    other !== undefined ? { kind: 'token', token: other } : text !== undefined ? { kind: 'text', text } : null;
  return { kind: 'token', token, fallback };
};

/** A template of 1 to `max` characters. Every broken token is reported, not only the first. */
export const readTemplate =
  (max = 300): Read<Template> =>
  (at) => {
    const text = readText(max)(at);
    if (text === undefined) return undefined;
    const parts: (TemplatePart | undefined)[] = [];
    let rest = text;
    while (rest !== '') {
      const open = rest.indexOf('{{');
      const plain = open < 0 ? rest : rest.slice(0, open);
      if (/\{%|%\}|\}\}/.test(plain))
        return report(at, 'template-syntax', 'only {{ tokens }} are known here', 'leave out {% and stray }}');
      if (plain !== '') parts.push({ kind: 'text', text: plain });
      if (open < 0) break;
      const close = rest.indexOf('}}', open);
      if (close < 0) return report(at, 'template-syntax', '{{ is never closed', 'close it with }}');
      parts.push(readInside(at, rest.slice(open + 2, close)));
      rest = rest.slice(close + 2);
    }
    return parts.every((part) => part !== undefined) ? parts : undefined;
  };
