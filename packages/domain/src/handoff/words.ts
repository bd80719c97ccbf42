import type { Facts } from '../facts/fact.ts';
import type { Instant } from '../kernel/time.ts';
import { renderTemplate, type Template, type TemplateToken } from '../policy/template.ts';
import { sayInstant } from '../promise/sayInstant.ts';
import type { Touches } from '../source/touch.ts';
import { type Draft, nameOf } from './draft.ts';
import type { OpenHandoff } from './state.ts';

/** What a text about a handoff may name beyond the contact: given by the transition that writes it. */
export type Said = { readonly evidence?: string; readonly firstTask?: string; readonly dueAt?: Instant };

/** Everything that the tokens of a text are read from; undefined where it is not known. */
export type TokenScene = {
  readonly facts: Facts;
  readonly companyFacts: Facts;
  readonly touches: Touches;
  readonly ownerName: string | undefined;
  readonly intent: string | undefined;
  readonly reason: string | undefined;
  readonly evidence: string | undefined;
  readonly firstTask: string | undefined;
  readonly dueAt: Instant | undefined;
};

/** What a token says of a scene, or undefined where nothing is known. */
export const tokenText = (token: TemplateToken, scene: TokenScene): string | undefined => VALUES[token](scene);

/** Fills a template of the policy for this handoff. */
export const sayFor = (draft: Draft, handoff: OpenHandoff, template: Template, said: Said = {}): string => {
  const scene: TokenScene = {
    facts: draft.state.facts,
    companyFacts: draft.company?.facts ?? draft.context.companyFacts ?? {},
    touches: draft.state.touches,
    ownerName: handoff.status === 'queued' ? undefined : nameOf(draft, handoff.ownerId),
    intent: handoff.intent,
    reason: handoff.reason,
    evidence: said.evidence,
    firstTask: said.firstTask,
    dueAt: said.dueAt ?? ('response' in handoff ? handoff.response.dueAt : undefined),
  };
  return renderTemplate(template, (token) => tokenText(token, scene));
};

/** The contact's name for a rep, or what comes closest. */
export const contactName = (facts: Facts): string | undefined =>
  text(facts, 'contact.name') ??
  (joined(text(facts, 'contact.first-name'), text(facts, 'contact.last-name')) || text(facts, 'contact.email'));

type Value = (scene: TokenScene) => string | undefined;

const text = (facts: Facts, path: string): string | undefined => {
  const value = facts[path]?.value;
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value) || undefined;
};
const joined = (...parts: readonly (string | undefined)[]): string => parts.filter((part) => part).join(' ');
const contact =
  (path: string): Value =>
  ({ facts }) =>
    text(facts, path);
const company =
  (path: string): Value =>
  ({ companyFacts }) =>
    text(companyFacts, path);

const VALUES: { readonly [token in TemplateToken]: Value } = {
  'contact.name': ({ facts }) => contactName(facts),
  'contact.first_name': ({ facts }) =>
    text(facts, 'contact.first-name') ?? text(facts, 'contact.name')?.split(' ')[0] ?? contactName(facts),
  'contact.last_name': contact('contact.last-name'),
  'contact.email': contact('contact.email'),
  'contact.phone': contact('contact.phone'),
  'contact.title': contact('contact.title'),
  'contact.country': contact('contact.country'),
  'company.name': (scene) => company('company.name')(scene) ?? company('company.domain')(scene),
  'company.domain': company('company.domain'),
  'owner.name': ({ ownerName }) => ownerName,
  intent: ({ intent }) => intent,
  reason: ({ reason }) => reason,
  evidence: ({ evidence }) => evidence,
  'source.first': ({ touches }) => touches.first?.source,
  'source.latest': ({ touches }) => touches.latest?.source,
  'first_task.type': ({ firstTask }) => firstTask,
  'promise.due': ({ dueAt }) => (dueAt === undefined ? undefined : sayInstant(dueAt)),
};
