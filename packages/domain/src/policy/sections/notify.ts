import { CHANNELS, type NotifyRule } from '../document.ts';
import {
  type At,
  complete,
  readById,
  readFields,
  readOneOf,
  readOneOrMore,
  readPlainText,
  readReference,
  report,
} from '../reader.ts';
import { readTemplate } from '../readTemplate.ts';

const EXAMPLE = '{ via: [in-app], subject: "{{ contact.name }}", body: "{{ reason }}" }';
const readIntent = readReference((at) => at.reading.declared.intents, 'unknown-intent', 'an intent that a rule gives');

const readNotifyRule = (at: At, id: string): NotifyRule | undefined => {
  const fields = readFields(at, ['via', 'to', 'for', 'subject', 'body'], EXAMPLE);
  if (fields === undefined) return undefined;
  const rule = complete<NotifyRule>({
    id,
    via: fields.required('via', readOneOrMore(readOneOf(CHANNELS), '[in-app, email]', 4)),
    to: fields.optional('to', readPlainText(100), null),
    for: fields.optional('for', readOneOrMore(readIntent, '[high]', 20), null),
    subject: fields.optional('subject', readTemplate(200), null),
    body: fields.optional('body', readTemplate(4_000), null),
  });
  if (id === 'owner' && rule?.via.includes('webhook') === true)
    report(
      at,
      'does-not-act-yet',
      'a person is not reached by webhook: the owner is told by the other ways and in the app',
      'leave webhook out; webhooks of your own hear of every change',
      'notice',
    );
  return rule;
};

/** `notify`: who is told, where, in which words. */
export const readNotify = readById(readNotifyRule, `{ owner: ${EXAMPLE} }`, 20);
