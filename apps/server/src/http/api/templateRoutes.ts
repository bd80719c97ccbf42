import { listTemplates, previewTemplate, removeTemplate, saveTemplate } from '@baton/contract/templates.ts';
import { TEMPLATE_TOKENS } from '@baton/domain/policy/template.ts';
import type { FastifyInstance } from 'fastify';
import type { TemplateFinding } from '../../channels/templates/liquid.ts';
import {
  listOwnTemplates,
  previewTexts,
  removeOwnTemplate,
  saveOwnTemplate,
} from '../../channels/templates/messageTemplates.ts';
import { HttpProblem } from '../httpProblem.ts';
import { callerName } from './caller.ts';
import { type ApiDeps, implement } from './implement.ts';

const SAYS_MAX = 1_000;

const refusalOf = (findings: readonly TemplateFinding[]): HttpProblem => {
  const unknown = findings.some(({ code }) => code === 'unknown-token');
  const say = findings.map((finding) => finding.say).join(' ');
  return new HttpProblem(unknown ? 'unknown_token' : 'invalid_template', say.slice(0, SAYS_MAX));
};

/** Registers the texts that a company may word by itself, and their preview with a real contact. */
export const registerTemplateRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  const { pool } = deps;
  implement(app, deps, previewTemplate, async ({ body }) => {
    const { contactId, subject, html, text } = body;
    const texts = {
      ...(subject === undefined ? {} : { subject }),
      ...(html === undefined ? {} : { html }),
      ...(text === undefined ? {} : { text }),
    };
    const filled = await previewTexts(pool, texts, contactId ?? null);
    if (filled === null) throw new HttpProblem('not_found', `There is no contact ${contactId}.`);
    if (!filled.ok) throw refusalOf(filled.error);
    return { ...filled.value, notes: [...filled.value.notes], contactId: contactId ?? null };
  });
  implement(app, deps, listTemplates, async () => ({
    rows: await listOwnTemplates(pool),
    tokens: Object.keys(TEMPLATE_TOKENS),
  }));
  implement(app, deps, saveTemplate, async ({ params, body, caller }) => {
    const saved = await saveOwnTemplate(pool, params.name, body, callerName(caller));
    if (!saved.ok) throw refusalOf(saved.error);
    const row = (await listOwnTemplates(pool)).find(({ name }) => name === params.name);
    if (row === undefined) throw new Error(`the template ${params.name} is gone`);
    return row;
  });
  implement(app, deps, removeTemplate, async ({ params }) => {
    if (!(await removeOwnTemplate(pool, params.name)))
      throw new HttpProblem('not_found', 'Baton’s own text is in use already.');
  });
};
