import { expect } from 'vitest';
import type { BadInput } from './catalogue.ts';
import { sendCase } from './sendCase.ts';
import { ask, basic, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;

let people = 0;

/** A contact with these traits; answers the contact's id. */
const makeContact = async (server: TestServer, traits: object): Promise<number> => {
  people += 1;
  const userId = `template-${people}`;
  const sent = await ask(server, '/v1/identify', {
    method: 'POST',
    headers: { authorization: basic(server.secretKey), 'content-type': 'application/json' },
    body: JSON.stringify({ userId, traits: { email: `t${people}@template.example`, ...traits } }),
  });
  expect(sent.status).toBe(200);
  const found = await server.database.pool.query<{ contact_id: number }>(
    `select contact_id from identity_key where kind = 'user' and value = $1`,
    [userId],
  );
  return found.rows[0]?.contact_id ?? 0;
};

const previewFor = (server: TestServer, bad: BadInput, contactId: number) =>
  sendCase(server, bad, { body: JSON.stringify({ ...(bad.send.json as object), contactId }) });

/** Each case of the area by its id. */
export const RUN_TEMPLATE: { readonly [caseId: string]: Run } = {
  'TPL-01': async (server, bad) => {
    const refused = await sendCase(server, bad);
    expect(refused.json.code).toBe('invalid_template');
    expect(refused.json.detail).toMatch(/include.*not found/);
  },
  'TPL-02': async (server, bad) => {
    const refused = await sendCase(server, bad);
    expect(refused.json.code).toBe('unknown_token');
    expect(refused.text).not.toMatch(/Object|function/);
  },
  'TPL-04': async (server, bad) => {
    const nobody = await sendCase(server, bad);
    expect(nobody.json.html).toBe('Hi the contact’s first name at the company’s name');
    const unnamed = await previewFor(server, bad, await makeContact(server, {}));
    expect(unnamed.json.html).not.toMatch(/undefined|null|\[object|Hi\s+at|at\s*$/);
    const named = await previewFor(server, bad, await makeContact(server, { firstName: 'Ada' }));
    expect(named.json.html).toMatch(/^Hi Ada at \S/);
  },
  'TPL-05': async (server, bad) => {
    const contactId = await makeContact(server, { firstName: '<b>x</b><img src=http://evil/p.gif>' });
    const shown = await previewFor(server, bad, contactId);
    const once = '&lt;b&gt;x&lt;/b&gt;&lt;img src=http://evil/p.gif&gt;';
    expect(shown.json.html).toBe(once + once);
    expect(shown.json.notes.join()).toContain('raw has no effect');
  },
  'TPL-07': async (server, bad) => {
    const refused = await sendCase(server, bad);
    expect(refused.json.code).toBe('unknown_token');
    for (const name of ['env.SMTP_PASS', 'settings.hubspotToken', 'owner.passwordHash'])
      expect(refused.json.detail).toContain(name);
    const saved = await ask(server, '/api/v1/templates/mail', {
      method: 'POST',
      headers: { cookie: server.cookie, 'x-baton': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ subject: 'x', ...(bad.send.json as object) }),
    });
    expect([saved.status, saved.json.code]).toEqual([422, 'unknown_token']);
  },
};
