import { describeForm, listForms } from '@baton/contract/forms.ts';
import type { FastifyInstance } from 'fastify';
import * as forms from '../forms/form.ts';
import { type ApiDeps, implement } from './implement.ts';

/** Registers describing forms. Other nodes see a change within seconds. */
export const registerFormAdminRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  implement(app, deps, listForms, async () => ({ rows: (await forms.listForms(deps.pool)).map(toRow) }));
  implement(app, deps, describeForm, async ({ body }) => {
    await forms.describeForm(deps.pool, body.id, body.name, body.settings ?? {});
    const form = await forms.readForm(deps.pool, body.id);
    if (form === null) throw new Error(`form ${body.id} was just written and is gone`);
    return toRow(form);
  });
};

const toRow = ({ id, name, settings }: forms.Form) => ({ id, name, settings });
