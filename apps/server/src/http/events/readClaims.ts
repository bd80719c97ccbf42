import type { WarningCode } from '@baton/contract/receiptCodes.ts';
import type { FactClaim, FactPath, FactValue, Trust } from '@baton/domain/facts/fact.ts';
import type { JsonObject, JsonValue } from '@baton/domain/kernel/json.ts';
import { hostOf } from '@baton/domain/source/attributeTouch.ts';
import { readEmail } from './readEmail.ts';
import {
  COMPANY_TRAITS,
  CONSENT_FACTS,
  CONTACT_TRAITS,
  type FactKind,
  foldName,
  type TraitTarget,
} from './traitNames.ts';

const TEXT_CHARS_MAX = 1_000;
const NAME_CHARS_MAX = 100;
const CLAIMS_MAX = 200;
const LIST_ITEMS_MAX = 100;

/** What traits say about a contact and about its company, apart. */
export type Claims = { readonly contact: FactClaim[]; readonly company: FactClaim[] };

/** Traits that are objects and are read one level down. */
const NESTED_COMPANY = 'company';
const NESTED_ADDRESS = 'address';

/**
 * Turns traits of a contact into claims: known names by table, others as `contact.<kebab-name>`, `company` and `address`
 * one level down. What may not be written or has no usable value is left out with a warning; the event itself keeps it.
 */
export const readContactTraits = (traits: JsonObject, trust: Trust, warnings: Set<WarningCode>): Claims => {
  const claims: Claims = { contact: [], company: [] };
  for (const name in traits) {
    const value = traits[name] as JsonValue;
    if (name === NESTED_COMPANY) readCompany(value, trust, claims, warnings);
    else if (name === NESTED_ADDRESS && isObject(value))
      readAll(value, CONTACT_TRAITS, 'contact.', trust, claims, warnings);
    else readOne(name, value, CONTACT_TRAITS, 'contact.', trust, claims, warnings);
  }
  return claims;
};

/** Turns traits of a company (`group`) into claims; unknown names become `company.<kebab-name>`. */
export const readCompanyTraits = (traits: JsonObject, trust: Trust, warnings: Set<WarningCode>): Claims => {
  const claims: Claims = { contact: [], company: [] };
  for (const name in traits) {
    const value = traits[name] as JsonValue;
    if (name === NESTED_ADDRESS && isObject(value)) readAll(value, COMPANY_TRAITS, 'company.', trust, claims, warnings);
    else readOne(name, value, COMPANY_TRAITS, 'company.', trust, claims, warnings);
  }
  return claims;
};

const readCompany = (value: JsonValue, trust: Trust, claims: Claims, warnings: Set<WarningCode>): void => {
  if (isObject(value)) readAll(value, COMPANY_TRAITS, 'company.', trust, claims, warnings);
  else readOne('companyName', value, CONTACT_TRAITS, 'company.', trust, claims, warnings);
};

const readAll = (
  traits: JsonObject,
  table: ReadonlyMap<string, TraitTarget>,
  room: string,
  trust: Trust,
  claims: Claims,
  warnings: Set<WarningCode>,
): void => {
  for (const name in traits) readOne(name, traits[name] as JsonValue, table, room, trust, claims, warnings);
};

const readOne = (
  name: string,
  value: JsonValue,
  table: ReadonlyMap<string, TraitTarget>,
  room: string,
  trust: Trust,
  claims: Claims,
  warnings: Set<WarningCode>,
): void => {
  if (value === null || value === '') return;
  if (claims.contact.length + claims.company.length >= CLAIMS_MAX || name.length > NAME_CHARS_MAX) {
    warnings.add('invalid_field');
    return;
  }
  const folded = fold(name);
  const target = table.get(folded);
  if (target === 'not-writable' || (target === 'server-only' && trust !== 'server')) {
    warnings.add('field_not_writable');
    return;
  }
  const path =
    target === undefined ? customPath(room, name) : target === 'server-only' ? CONSENT_FACTS.get(folded) : target.path;
  if (path === undefined) return;
  const kind = target === undefined ? undefined : target === 'server-only' ? 'flag' : target.kind;
  const read = kind === undefined ? readCustom(value) : READERS[kind](value);
  if (read === undefined) {
    if (kind !== undefined || !isObject(value)) warnings.add(kind === 'email' ? 'invalid_email' : 'invalid_field');
    return;
  }
  (path.startsWith('company.') ? claims.company : claims.contact).push({ path, value: read });
};

/** The same few hundred names come again and again. */
const folds = new Map<string, string>();
const fold = (name: string): string => {
  const known = folds.get(name);
  if (known !== undefined) return known;
  const folded = foldName(name);
  if (folds.size < 5_000) folds.set(name, folded);
  return folded;
};

const paths = new Map<string, FactPath>();

/** `favouriteColour` -> `contact.favourite-colour`; undefined where no letter or digit is left. */
const customPath = (room: string, name: string): FactPath | undefined => {
  const known = paths.get(room + name);
  if (known !== undefined) return known;
  const kebab = name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1-$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  if (kebab === '') return undefined;
  const path = room + kebab;
  if (paths.size < 5_000) paths.set(room + name, path);
  return path;
};

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One line of text: control characters, line breaks among them, become spaces; at most 1,000 characters. */
export const flattenText = (text: string): string =>
  (/[\p{Cc}\u2028\u2029]/u.test(text) ? text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ') : text)
    .trim()
    .slice(0, TEXT_CHARS_MAX);

const readText = (value: JsonValue): FactValue | undefined => {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = flattenText(value);
  return text === '' ? undefined : text;
};

/** `250`, `"250"`, `"1,000"` are whole numbers; `"51-200"` stays text, which a threshold takes for unknown. */
const readWhole = (value: JsonValue): FactValue | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(Math.trunc(value)) ? Math.trunc(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (/^\d{1,3}(?:[,\u00a0\u202f ]\d{3}){1,4}$/.test(text)) return Number(text.replace(/\D/g, ''));
  return readText(value);
};

const readFlag = (value: JsonValue): FactValue | undefined => {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (['true', 'yes', 'on', '1'].includes(text)) return true;
  if (['false', 'no', 'off', '0'].includes(text)) return false;
  return undefined;
};

const readPhone = (value: JsonValue): FactValue | undefined => {
  const text = readText(value);
  return typeof text === 'string' && text.length <= 64 && /\d/.test(text) ? text : undefined;
};

const readDomain = (value: JsonValue): FactValue | undefined => {
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  const host = hostOf(text.includes('://') ? text : `https://${text}`);
  return host?.includes('.') && /^[\p{L}\p{N}.-]+$/u.test(host) ? host : undefined;
};

const readCustom = (value: JsonValue): FactValue | undefined => {
  if (typeof value === 'string') return readText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value) || value.length === 0 || value.length > LIST_ITEMS_MAX) return undefined;
  const texts = value.map((item: JsonValue) => (typeof item === 'string' ? readText(item) : undefined));
  return texts.every((text): text is string => typeof text === 'string') ? texts : undefined;
};

const READERS: Record<FactKind, (value: JsonValue) => FactValue | undefined> = {
  text: readText,
  email: (value) => readEmail(value),
  phone: readPhone,
  whole: readWhole,
  flag: readFlag,
  domain: readDomain,
};
