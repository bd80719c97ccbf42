import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AUTH_FATES, AUTHZ_FATES } from './badInputs/auth.ts';
import { readCatalogue } from './badInputs/catalogue.ts';
import { CLOCK_FATES } from './badInputs/clock.ts';
import { EVENT_FATES } from './badInputs/events.ts';
import { FORM_FATES } from './badInputs/forms.ts';
import { HTTP_FATES } from './badInputs/http.ts';
import { MERGE_FATES } from './badInputs/merge.ts';
import { SSRF_FATES, WEBHOOK_OUT_FATES } from './badInputs/outbound.ts';
import { RUN_AUTH } from './badInputs/runAuth.ts';
import { RUN_AUTHZ } from './badInputs/runAuthz.ts';
import { RUN_CLOCK } from './badInputs/runClock.ts';
import { RUN_EVENTS } from './badInputs/runEvents.ts';
import { RUN_FORMS } from './badInputs/runForms.ts';
import { RUN_HTTP } from './badInputs/runHttp.ts';
import { RUN_MERGE } from './badInputs/runMerge.ts';
import { RUN_SSRF } from './badInputs/runOutbound.ts';
import { RUN_TEMPLATE } from './badInputs/runTemplate.ts';
import { RUN_WEBHOOK_IN } from './badInputs/runWebhookIn.ts';
import { TEMPLATE_FATES } from './badInputs/template.ts';
import { expectSound, startTestServer, type TestServer } from './badInputs/testServer.ts';
import { WEBHOOK_IN_FATES } from './badInputs/webhookIn.ts';

const ROOT = join(import.meta.dirname, '..');

const AREAS = {
  http: { fates: HTTP_FATES, runs: RUN_HTTP },
  events: { fates: EVENT_FATES, runs: RUN_EVENTS },
  forms: { fates: FORM_FATES, runs: RUN_FORMS },
  merge: { fates: MERGE_FATES, runs: RUN_MERGE },
  webhook_in: { fates: WEBHOOK_IN_FATES, runs: RUN_WEBHOOK_IN },
  clock: { fates: CLOCK_FATES, runs: RUN_CLOCK },
  template: { fates: TEMPLATE_FATES, runs: RUN_TEMPLATE },
  ssrf: { fates: SSRF_FATES, runs: RUN_SSRF },
  auth: { fates: AUTH_FATES, runs: RUN_AUTH },
  authz: { fates: AUTHZ_FATES, runs: RUN_AUTHZ },
  webhook_out: { fates: WEBHOOK_OUT_FATES, runs: {} },
} as const;

const cases = readCatalogue(Object.keys(AREAS));
if (cases.length === 0)
  console.warn('bad inputs: the catalogue beside this repository is not here; its cases are skipped');

/** The cases by area, each against the whole server over a database of its own. */
describe.skipIf(cases.length === 0).each(Object.entries(AREAS))('bad inputs, area %s', (area, { fates, runs }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server?.stop());
  afterEach(() => expectSound(server));

  const here = cases.filter((one) => one.area === area);

  it('has a fate for every case, no fate without a case, and a run for each that applies', () => {
    expect(Object.keys(fates).toSorted()).toEqual(here.map((one) => one.id).toSorted());
    const applies = Object.entries(fates).filter(([, fate]) => fate.is === 'owned' || fate.is === 'rebound');
    expect(Object.keys(runs).toSorted()).toEqual(applies.map(([id]) => id).toSorted());
    for (const fate of Object.values(fates))
      if (fate.is === 'elsewhere') expect(readFileSync(join(ROOT, fate.file), 'utf8')).toContain(fate.test);
  });

  for (const [id, run] of Object.entries(runs)) {
    const bad = here.find((one) => one.id === id);
    if (bad !== undefined) it(`${id}: ${bad.title}`, () => run(server, bad));
  }
});
