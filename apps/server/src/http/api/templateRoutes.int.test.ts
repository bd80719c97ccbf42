import { afterAll, beforeAll, expect, test } from 'vitest';
import { offeringPolicy } from '../../intake/intakeFixture.ts';
import { startApi, type TestApi } from './apiFixture.ts';
import { registerTemplateRoutes } from './templateRoutes.ts';

let made: TestApi;
beforeAll(async () => {
  made = await startApi(offeringPolicy(), ['contacts:read', 'keys:write']);
  registerTemplateRoutes(made.app, made.api);
});
afterAll(() => made.stop());

test('what a text does not have is refused by its name rather than passed over', async () => {
  const { ask } = made;
  const subject = 'Call {{ contact.name }}';
  expect(await ask('POST', '/templates/preview', { subject })).toMatchObject({
    status: 200,
    json: { contactId: null },
  });
  for (const [path, body, at] of [
    ['/templates/preview', { subject, contact: 7 }, 'contact'],
    ['/templates/mail', { subject, html: 'a', text: 'b' }, 'text'],
  ] as const)
    expect(await ask('POST', path, body)).toMatchObject({
      status: 422,
      json: { code: 'invalid_field', detail: `${at}: nothing of this name is taken here; leave it out.`, at },
    });
});
