import type { Facts } from '../facts/fact.ts';
import type { Instant } from '../kernel/time.ts';
import { renderTemplate, type Template, type TemplateToken } from '../policy/template.ts';
import { sayInstant } from '../promise/sayInstant.ts';
import { type Draft, nameOf } from './draft.ts';
import type { OpenHandoff } from './state.ts';

/** What a text about a handoff may name beyond the contact: given by the transition that writes it. */
export type Said = { readonly evidence?: string; readonly firstTask?: string; readonly dueAt?: Instant };

/** Fills a template of the policy for this handoff. */
export const sayFor = (draft: Draft, handoff: OpenHandoff, template: Template, said: Said = {}): string =>
  renderTemplate(template, (token) => VALUES[token]({ draft, handoff, said }));

/** The contact's name for a rep, or what comes closest. */
export const contactName = (facts: Facts): string | undefined =>
  text(facts, 'contact.name') ??
  (joined(text(facts, 'contact.first-name'), text(facts, 'contact.last-name')) || text(facts, 'contact.email'));

type Scene = { readonly draft: Draft; readonly handoff: OpenHandoff; readonly said: Said };
type Value = (scene: Scene) => string | undefined;

const text = (facts: Facts, path: string): string | undefined => {
  const value = facts[path]?.value;
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value) || undefined;
};
const joined = (...parts: readonly (string | undefined)[]): string => parts.filter((part) => part).join(' ');
const contact =
  (path: string): Value =>
  ({ draft }) =>
    text(draft.state.facts, path);
const company =
  (path: string): Value =>
  ({ draft }) =>
    text(draft.company?.facts ?? draft.context.companyFacts ?? {}, path);

const VALUES: { readonly [token in TemplateToken]: Value } = {
  'contact.name': ({ draft }) => contactName(draft.state.facts),
  'contact.first_name': ({ draft }) =>
    text(draft.state.facts, 'contact.first-name') ??
    text(draft.state.facts, 'contact.name')?.split(' ')[0] ??
    contactName(draft.state.facts),
  'contact.last_name': contact('contact.last-name'),
  'contact.email': contact('contact.email'),
  'contact.phone': contact('contact.phone'),
  'contact.title': contact('contact.title'),
  'contact.country': contact('contact.country'),
  'company.name': (scene) => company('company.name')(scene) ?? company('company.domain')(scene),
  'company.domain': company('company.domain'),
  'owner.name': ({ draft, handoff }) => (handoff.status === 'queued' ? undefined : nameOf(draft, handoff.ownerId)),
  intent: ({ handoff }) => handoff.intent,
  reason: ({ handoff }) => handoff.reason,
  evidence: ({ said }) => said.evidence,
  'source.first': ({ draft }) => draft.state.touches.first?.source,
  'source.latest': ({ draft }) => draft.state.touches.latest?.source,
  'first_task.type': ({ said }) => said.firstTask,
  'promise.due': ({ handoff, said }) => {
    const at = said.dueAt ?? ('response' in handoff ? handoff.response.dueAt : undefined);
    return at === undefined ? undefined : sayInstant(at);
  },
};
