import { createHash, randomUUID } from 'node:crypto';
import { ID_CHARS_MAX } from '@baton/contract/limits.ts';
import type { WarningCode } from '@baton/contract/receiptCodes.ts';
import type { FactClaim, Trust } from '@baton/domain/facts/fact.ts';
import type { JsonValue } from '@baton/domain/kernel/json.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { IncomingEvent } from '../../intake/incomingEvent.ts';
import { payloadHash } from '../../intake/payloadHash.ts';
import { isGenericId } from '../events/genericIds.ts';
import { flattenText, readContactTraits } from '../events/readClaims.ts';
import { readEmail } from '../events/readEmail.ts';
import { readMarks } from '../events/readMarks.ts';
import { readTouch } from '../events/readTouch.ts';
import { CONTACT_TRAITS, foldName } from '../events/traitNames.ts';
import { HttpProblem } from '../httpProblem.ts';
import type { Form } from './form.ts';
import type { Fields, FieldValue } from './readFields.ts';

/** Fields that steer a submission and are no answer of a person. */
export const HONEYPOT_FIELD = 'website_url_hp';
export const TOKEN_FIELD = 'baton_token';
export const REDIRECT_FIELD = 'redirect';
const STEERING: ReadonlySet<string> = new Set([HONEYPOT_FIELD, TOKEN_FIELD, REDIRECT_FIELD]);

/** Answers that are kept with the submission and say nothing lasting about the contact. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  'message',
  'comment',
  'comments',
  'subject',
  'topic',
  'question',
  'notes',
  'pageurl',
  'url',
  'referrer',
  'consent',
  'anonymousid',
  'utmsource',
  'utmmedium',
  'utmcampaign',
  'utmterm',
  'utmcontent',
]);
const KNOWN_EXTRA: ReadonlySet<string> = new Set(['company', 'usecase', 'interest', 'teamsize', ...PLAIN_FIELDS]);

/** What surrounds a submission. */
export type SubmissionFrame = {
  readonly trust: Trust;
  readonly receivedAt: Instant;
  /** The token's random part, which makes a submission count once; null where there was none of ours. */
  readonly nonce: string | null;
  /** Whether it looks like spam; null: its token says nothing about that. A policy holds the suspect (`gate.hold`). */
  readonly spamSuspect: boolean | null;
  readonly userAgent: string | undefined;
  readonly ownDomains: ReadonlySet<string>;
};

/**
 * Turns a form's fields into an event: only declared fields are kept, the e-mail address must be one address.
 * @throws HttpProblem `invalid_email`, `identity_required`.
 */
export const readSubmission = (
  form: Form,
  fields: Fields,
  frame: SubmissionFrame,
  warnings: Set<WarningCode>,
): IncomingEvent => {
  const kept = keepDeclared(form, fields, warnings);
  const sentEmail = answerTo(kept, 'email', 'emailaddress', 'workemail');
  const email = sentEmail === undefined ? undefined : readEmail(sentEmail);
  if (sentEmail !== undefined && email === undefined) {
    throw new HttpProblem('invalid_email', 'email: one address, such as ann@company.example.', { at: 'email' });
  }
  const anonymousId = idOf(answerTo(kept, 'anonymousid'));
  if (email === undefined && anonymousId === undefined) {
    throw new HttpProblem('identity_required', 'email: the address to answer to is missing.', { at: 'email' });
  }
  const traits = Object.fromEntries([...kept].filter(([name]) => !PLAIN_FIELDS.has(foldName(name))));
  const claims = readContactTraits(traits, frame.trust, warnings);
  const consent = consentOf(form, kept, frame.receivedAt);
  const phone = answerTo(kept, 'phone', 'phonenumber', 'mobile', 'tel');
  const properties: { [name: string]: JsonValue } = { form: form.id, ...flatten(kept), consent: consent.record };
  return {
    sourceId: form.sourceId,
    sourceName: form.sourceName,
    trust: frame.trust,
    messageKey: frame.nonce === null ? `form-${randomUUID()}` : `form-${frame.nonce}`,
    payloadHash: payloadHash(JSON.stringify([...kept])),
    receivedAt: frame.receivedAt,
    timestamp: null,
    sentAt: null,
    type: 'track',
    name: form.settings.event,
    properties,
    identity: {
      ...(email === undefined ? {} : { email }),
      ...(anonymousId === undefined ? {} : { anonymousId }),
      ...(typeof phone === 'string' && /\d/.test(phone) && phone.length <= 64 ? { phone } : {}),
    },
    claims: [
      ...claims.contact,
      ...consent.claims,
      ...(frame.spamSuspect === null ? [] : [{ path: 'contact.spam-suspect', value: frame.spamSuspect }]),
    ],
    companyClaims: claims.company,
    touch: touchOf(form, kept),
    marks: readMarks({
      name: form.settings.event,
      userAgent: frame.userAgent,
      properties: {},
      email,
      ownDomains: frame.ownDomains,
    }),
    mode: 'live',
  };
};

const keepDeclared = (form: Form, fields: Fields, warnings: Set<WarningCode>): Map<string, FieldValue> => {
  const declared = form.settings.fields === null ? null : new Set(form.settings.fields.map(foldName));
  const kept = new Map<string, FieldValue>();
  for (const [name, value] of fields) {
    if (STEERING.has(name)) continue;
    const folded = foldName(name);
    const target = CONTACT_TRAITS.get(folded);
    if (target === 'not-writable' && !KNOWN_EXTRA.has(folded)) warnings.add('field_not_writable');
    else if (declared?.has(folded) || target !== undefined || KNOWN_EXTRA.has(folded)) kept.set(name, value);
    else warnings.add('field_unknown');
  }
  return kept;
};

const answerTo = (fields: Fields, ...names: readonly string[]): FieldValue | undefined => {
  for (const [name, value] of fields)
    if (value !== null && value !== '' && names.includes(foldName(name))) return value;
  return undefined;
};

const idOf = (value: FieldValue | undefined): string | undefined =>
  typeof value === 'string' && value.length <= ID_CHARS_MAX && !isGenericId(value.trim()) ? value.trim() : undefined;

const flatten = (fields: Fields): { [name: string]: JsonValue } =>
  Object.fromEntries(
    [...fields].map(([name, value]) => [
      name,
      typeof value === 'string' && foldName(name) !== 'message' ? flattenText(value) : value,
    ]),
  );

const YES: ReadonlySet<string> = new Set(['true', 'on', 'yes', '1']);

/** What was asked, what was answered, in which words and when: absent, refused and given are three different records. */
const consentOf = (
  form: Form,
  fields: Fields,
  at: Instant,
): { readonly record: JsonValue; readonly claims: FactClaim[] } => {
  const asked = [...fields].find(([name]) => foldName(name) === 'consent');
  const value = asked?.[1];
  const answer =
    value === undefined || value === null ? 'not-asked' : YES.has(String(value).toLowerCase()) ? 'given' : 'refused';
  const version = createHash('sha256')
    .update(JSON.stringify([form.name, form.settings]))
    .digest('hex')
    .slice(0, 16);
  const wording = createHash('sha256').update(form.settings.consentWording).digest('hex').slice(0, 16);
  return {
    record: { answer, form: form.id, 'form-version': version, 'wording-hash': wording, at },
    claims: answer === 'not-asked' ? [] : [{ path: 'contact.email-consent', value: answer === 'given' }],
  };
};

const touchOf = (form: Form, fields: Fields): IncomingEvent['touch'] => {
  const text = (name: string): string | undefined => {
    const value = answerTo(fields, name);
    return typeof value === 'string' ? flattenText(value) : undefined;
  };
  const campaign = {
    source: text('utmsource'),
    medium: text('utmmedium'),
    name: text('utmcampaign'),
    term: text('utmterm'),
    content: text('utmcontent'),
  };
  const told = Object.fromEntries(
    Object.entries(campaign).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  return readTouch({
    campaign: told,
    url: text('pageurl') ?? text('url'),
    referrer: text('referrer'),
    form: form.id,
    isPage: false,
  });
};
