import type { FactPath } from '@baton/domain/facts/fact.ts';

/** How a value of a known fact is read: see readClaims. */
export type FactKind = 'text' | 'email' | 'phone' | 'whole' | 'flag' | 'domain';

/** Where a foreign name goes: a known fact, or nowhere because events may not write it. */
export type TraitTarget = { readonly path: FactPath; readonly kind: FactKind } | 'not-writable' | 'server-only';

const text = (path: FactPath): TraitTarget => ({ path, kind: 'text' });

/** A foreign name as the tables below key it: letters and digits in lower case, so `firstName` = `first_name` = `First Name`. */
export const foldName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Traits of a contact by folded name: Segment's reserved traits, HubSpot's and the usual words of forms. */
export const CONTACT_TRAITS: ReadonlyMap<string, TraitTarget> = new Map<string, TraitTarget>([
  ['email', { path: 'contact.email', kind: 'email' }],
  ['emailaddress', { path: 'contact.email', kind: 'email' }],
  ['workemail', { path: 'contact.email', kind: 'email' }],
  ['phone', { path: 'contact.phone', kind: 'phone' }],
  ['phonenumber', { path: 'contact.phone', kind: 'phone' }],
  ['mobile', { path: 'contact.phone', kind: 'phone' }],
  ['mobilephone', { path: 'contact.phone', kind: 'phone' }],
  ['tel', { path: 'contact.phone', kind: 'phone' }],
  ['name', text('contact.name')],
  ['fullname', text('contact.name')],
  ['firstname', text('contact.first-name')],
  ['givenname', text('contact.first-name')],
  ['lastname', text('contact.last-name')],
  ['familyname', text('contact.last-name')],
  ['surname', text('contact.last-name')],
  ['title', text('contact.title')],
  ['jobtitle', text('contact.title')],
  ['position', text('contact.title')],
  ['country', text('contact.country')],
  ['countrycode', text('contact.country')],
  ['region', text('contact.region')],
  ['state', text('contact.region')],
  ['city', text('contact.city')],
  ['language', text('contact.language')],
  ['locale', text('contact.language')],
  ['timezone', text('contact.time-zone')],
  ['companyname', text('company.name')],
  ['industry', text('company.industry')],
  ['employees', { path: 'company.employees', kind: 'whole' }],
  ['employeecount', { path: 'company.employees', kind: 'whole' }],
  ['companysize', { path: 'company.employees', kind: 'whole' }],
  ['numberofemployees', { path: 'company.employees', kind: 'whole' }],
  ['website', { path: 'company.domain', kind: 'domain' }],
  ['companydomain', { path: 'company.domain', kind: 'domain' }],
  ['emailconsent', 'server-only'],
  ['donotcall', 'server-only'],
  ...notWritable(),
]);

/** Traits of a company (`group` calls, `traits.company`) by folded name. */
export const COMPANY_TRAITS: ReadonlyMap<string, TraitTarget> = new Map<string, TraitTarget>([
  ['name', text('company.name')],
  ['companyname', text('company.name')],
  ['domain', { path: 'company.domain', kind: 'domain' }],
  ['website', { path: 'company.domain', kind: 'domain' }],
  ['url', { path: 'company.domain', kind: 'domain' }],
  ['industry', text('company.industry')],
  ['employees', { path: 'company.employees', kind: 'whole' }],
  ['employeecount', { path: 'company.employees', kind: 'whole' }],
  ['size', { path: 'company.employees', kind: 'whole' }],
  ['numberofemployees', { path: 'company.employees', kind: 'whole' }],
  ['revenue', { path: 'company.revenue', kind: 'whole' }],
  ['annualrevenue', { path: 'company.revenue', kind: 'whole' }],
  ['country', text('company.country')],
  ['region', text('company.region')],
  ['state', text('company.region')],
  ['city', text('company.city')],
  ['plan', text('company.plan')],
  ...notWritable(),
]);

/** The facts that consent is kept in; only a sender with a secret key may say them. */
export const CONSENT_FACTS: ReadonlyMap<string, FactPath> = new Map([
  ['emailconsent', 'contact.email-consent'],
  ['donotcall', 'contact.do-not-call'],
]);

/** What belongs to sales or to Baton itself: an event that sets it is heard, and told that it was not. */
function notWritable(): [string, TraitTarget][] {
  const names = [
    'ownerid',
    'owner',
    'hubspotownerid',
    'contactowner',
    'companyowner',
    'lifecyclestage',
    'lifecycle',
    'leadstatus',
    'hsleadstatus',
    'score',
    'leadscore',
    'hubspotscore',
    'consent',
    'optin',
    'dealamount',
    'tenantid',
    'istest',
    'isadmin',
    'suppressed',
    'spamsuspect',
    'emaildomain',
    'emailkind',
  ];
  return names.map((name) => [name, 'not-writable']);
}
