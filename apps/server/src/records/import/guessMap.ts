import { AUTO_DATE, type ColumnRule, type ImportMap, type RowKind, type ValueType } from './importMap.ts';

/** Header words and where they go, by kind of row; compared in lower case without spaces, hyphens and underscores. */
const GUESSES: readonly (readonly [to: string, words: readonly string[], type: ValueType])[] = [
  [
    'contact.email',
    ['email', 'emailaddress', 'mail', 'workemail', 'businessemail', 'primaryemail', 'useremail'],
    'text',
  ],
  [
    'contact.user-id',
    ['userid', 'contactid', 'leadid', 'prospectid', 'customerid', 'recordid', 'mqlid', 'externalid'],
    'text',
  ],
  ['contact.anonymous-id', ['anonymousid', 'cookieid', 'visitorid', 'deviceid'], 'text'],
  ['contact.phone', ['phone', 'phonenumber', 'mobile', 'mobilephone', 'telephone', 'tel'], 'text'],
  ['contact.first-name', ['firstname', 'givenname', 'forename'], 'text'],
  ['contact.last-name', ['lastname', 'surname', 'familyname'], 'text'],
  ['contact.name', ['name', 'fullname', 'contactname'], 'text'],
  ['contact.title', ['title', 'jobtitle', 'position', 'role'], 'text'],
  ['contact.country', ['country', 'countrycode', 'countryregion'], 'text'],
  ['contact.region', ['state', 'region', 'province'], 'text'],
  ['contact.city', ['city', 'town'], 'text'],
  ['contact.language', ['language', 'locale', 'preferredlanguage'], 'text'],
  ['contact.owner', ['owner', 'contactowner', 'owneremail', 'salesrep', 'rep'], 'text'],
  ['company.name', ['company', 'companyname', 'organization', 'organisation', 'account', 'accountname'], 'text'],
  ['company.domain', ['domain', 'companydomain', 'website', 'companywebsite', 'companydomainname', 'url'], 'text'],
  ['company.industry', ['industry', 'sector', 'vertical'], 'text'],
  ['company.employees', ['employees', 'numberofemployees', 'companysize', 'headcount', 'employeecount'], 'number'],
  ['company.revenue', ['revenue', 'annualrevenue'], 'number'],
  ['source.detail', ['source', 'leadsource', 'origin', 'leadorigin', 'originalsource', 'channel'], 'text'],
  ['source.campaign', ['campaign', 'campaignname'], 'text'],
  ['source.landing-page', ['landingpage', 'landingpageid', 'landingpageurl'], 'text'],
  ['source.utm-source', ['utmsource'], 'text'],
  ['source.utm-medium', ['utmmedium'], 'text'],
  ['source.utm-campaign', ['utmcampaign'], 'text'],
  ['event.name', ['event', 'eventname', 'activity', 'activitytype', 'eventtype'], 'text'],
  ['deal.name', ['dealname', 'opportunity', 'opportunityname'], 'text'],
  ['deal.amount', ['amount', 'dealamount', 'value', 'dealvalue'], 'number'],
  ['deal.stage', ['dealstage', 'stage', 'opportunitystage'], 'text'],
  ['deal.status', ['dealstatus', 'status', 'outcome'], 'text'],
  ['deal.won-at', ['wondate', 'wonat', 'closedwondate', 'datewon'], 'date'],
  ['deal.lost-at', ['lostdate', 'lostat', 'datelost'], 'date'],
  ['deal.close-at', ['closedate', 'expectedclosedate'], 'date'],
  ['deal.owner', ['dealowner', 'opportunityowner'], 'text'],
  ['deal.reason', ['lostreason', 'closedlostreason', 'reason'], 'text'],
];
const KEYS = [
  'id',
  'recordid',
  'messageid',
  'eventid',
  'leadid',
  'prospectid',
  'mqlid',
  'contactid',
  'dealid',
  'userid',
  'email',
  'emailaddress',
];
const INSTANTS = [
  'timestamp',
  'occurredat',
  'eventtime',
  'date',
  'createdat',
  'createdate',
  'createddate',
  'firstcontactdate',
  'submittedat',
  'time',
];

const squash = (header: string): string => header.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** `Job Level (EU)` -> `contact.job-level-eu`; null where nothing usable remains. */
const customPath = (header: string, room: string): string | null => {
  const words =
    header
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('-') ?? '';
  const name = words
    .replace(/^[0-9-]+/, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  return name === '' ? null : `${room}.${name}`;
};

export type MapGuess = {
  readonly map: ImportMap;
  /** Columns for which no place was found; they become facts (or properties) of the company's own. */
  readonly own: readonly string[];
};

/**
 * A map from headers alone: known words go to known places, every other column to a fact (or property) of its own name.
 * What it guessed is printed and can be saved and edited; nothing is imported by a guess that nobody saw but by choice.
 */
export const guessMap = (headers: readonly string[], source: string, wanted: RowKind | null): MapGuess => {
  const names = headers.filter((header) => header.trim() !== '');
  const squashed = new Map(names.map((name) => [squash(name), name]));
  const rows = wanted ?? guessRows(new Set(squashed.keys()));
  const room = { contacts: 'contact', companies: 'company', events: 'event', deals: 'deal' }[rows];
  const allowed = {
    contacts: /^(contact|company|source)/,
    companies: /^company/,
    events: /^(contact\.(email|user-id|anonymous-id|phone)|event|source)/,
    deals: /^(deal|contact\.(email|user-id))/,
  }[rows];
  const instantColumn = INSTANTS.map((word) => squashed.get(word)).find((name) => name !== undefined);
  const columns: ColumnRule[] = [];
  const own: string[] = [];
  const taken = new Set<string>();
  for (const name of names) {
    if (name === instantColumn && rows !== 'deals') continue;
    const found = GUESSES.find(([to, words]) => allowed.test(to) && !taken.has(to) && words.includes(squash(name)));
    const to = found?.[0] ?? customPath(name, room);
    if (to === null || taken.has(to)) continue;
    if (found === undefined) own.push(name);
    taken.add(to);
    columns.push({ column: name, to, type: found?.[2] ?? 'text', date: AUTO_DATE, words: null, otherwise: null });
  }
  const keyColumn = KEYS.map((word) => squashed.get(word)).find((name) => name !== undefined);
  return {
    own,
    map: {
      rows,
      source,
      format: null,
      delimiter: null,
      encoding: null,
      key:
        keyColumn === undefined || (rows === 'events' && /mail|user|contact|lead/.test(squash(keyColumn)))
          ? []
          : [keyColumn],
      empty: new Set(['', 'NULL', 'N/A']),
      instant:
        instantColumn === undefined || rows === 'deals'
          ? null
          : { kind: 'column', column: instantColumn, date: AUTO_DATE },
      columns,
      constants: new Map(),
      events: [],
    },
  };
};

const guessRows = (words: ReadonlySet<string>): RowKind => {
  const has = (...of: readonly string[]): boolean => of.some((word) => words.has(word));
  if (has('wondate', 'dealname', 'dealstage', 'closedate', 'opportunityname')) return 'deals';
  // an amount alone may be anything that is known of a person
  if (has('amount') && !has('name', 'fullname', 'firstname', 'lastname', 'company')) return 'deals';
  if (has('event', 'eventname', 'activity', 'activitytype', 'eventtype')) return 'events';
  if (
    !has('email', 'emailaddress', 'mail', 'userid', 'leadid', 'contactid', 'mqlid', 'prospectid') &&
    has('domain', 'companydomain', 'website')
  )
    return 'companies';
  return 'contacts';
};
