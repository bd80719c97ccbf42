/**
 * The tables of the documents that are made from the code. A document has them between `<!-- table: ID -->` and
 * `<!-- end -->`; `npm run docs` writes them, a test holds them to the code.
 */
import { ERROR_CODES } from '@baton/contract/errorCodes.ts';
import * as limits from '@baton/contract/limits.ts';
import { QUARANTINE_CODES, WARNING_CODES } from '@baton/contract/receiptCodes.ts';
import { PERMISSIONS, ROLES, type Role } from '@baton/domain/access/roles.ts';
import { ACTIONS, type ActionId, type Permitted } from '@baton/domain/handoff/actions.ts';
import { CLOSED_HANDOFF_STATUSES, type HandoffStatus, OPEN_HANDOFF_STATUSES } from '@baton/domain/handoff/state.ts';
import { STATUS_KINDS } from '@baton/domain/lifecycle/leadStatus.ts';
import { LIFECYCLE_STAGES, type LifecycleStage } from '@baton/domain/lifecycle/stage.ts';
import { STAGE_CAUSES } from '@baton/domain/lifecycle/stageMoves.ts';
import { MEASURES } from '@baton/domain/measures/measures.ts';
import { SECTIONS } from '@baton/domain/policy/sections/sections.ts';
import { CONFIG_KEYS } from '../apps/server/src/config.ts';
import { CONTACT_TRAITS } from '../apps/server/src/http/events/traitNames.ts';
import { ORACLES } from '../apps/server/src/leaks/oracles.ts';
import { ALL_CHECKS } from '../apps/server/src/leaks/readLeaks.ts';

type Row = readonly string[];

const table = (head: Row, rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

const WHO: { readonly [who in Permitted]: string } = {
  owner: 'its rep, or somebody of sales on their behalf',
  'who-sells': 'any rep who takes leads',
  'of-its-queue':
    'who takes leads and is in the queue’s team, leads it or was offered it; of a queue that is no team’s, any of them',
  sales: 'somebody of sales',
  marketing: 'somebody of marketing',
  person: 'anybody signed in',
};

/** How each action can be taken today. */
const TODAY: { readonly [action in ActionId]: string } = {
  accept: 'page, API, `baton accept`; by policy where the route does not ask a rep',
  claim: 'page, API, `baton claim`',
  'log-contact': 'page, API, `baton log`; dialers, mailers, calendars and a mailbox ([evidence](evidence.md))',
  'set-status': 'API, `baton status`',
  reject: 'page, API, `baton reject`',
  park: 'page, API, `baton park`',
  'hand-back': 'page, API, `baton hand-back`',
  assign: 'page, API, `baton assign`',
  'fast-track': 'API, `baton fast-track`, `baton import --as list --intent`',
  'own-lead': 'API, `baton own-lead`',
  'pass-on': 'API, `baton pass-on`',
  'complete-task': 'API, `baton task done`',
  'create-deal': 'API, `baton deal create`',
  'move-deal': 'API, `baton deal move`',
  'close-deal': 'API, `baton deal close`',
  'set-stage': 'API, `baton stage`',
  undo: 'page, API, `baton undo`, for ten seconds',
  withdraw: 'API, `baton withdraw`',
};

const HANDOFFS: { readonly [status in HandoffStatus]: { readonly say: string; readonly clocks: string } } = {
  offered: { say: 'a rep was named and has not answered', clocks: 'accept (where the route asks a rep), response' },
  queued: { say: 'nobody could be named; people see it and can claim it', clocks: 'response' },
  open: { say: 'accepted, and nobody tried to reach the contact yet', clocks: 'response' },
  working: { say: 'somebody tried or reached the contact', clocks: 'next step, outcome' },
  parked: { say: 'bad timing; it returns by itself', clocks: 'return' },
  deal: { say: 'a person made a deal, or moved on the one that policy made', clocks: 'close' },
  won: { say: 'the deal was won', clocks: 'none' },
  lost: { say: 'the deal was lost, with a reason', clocks: 'none' },
  rejected: { say: 'sales said no, with a reason', clocks: 'none' },
  withdrawn: { say: 'it ended from outside', clocks: 'none' },
  merged: { say: 'two contacts were one person, and the other’s handoff went on', clocks: 'none' },
};

const STAGES: { readonly [stage in LifecycleStage]: readonly [whose: string, say: string] } = {
  subscriber: ['marketing', 'asked to hear of us'],
  lead: ['marketing', 'known, and not qualified (any more)'],
  mql: ['marketing', 'qualified, and not accepted yet'],
  sql: ['sales', 'accepted'],
  opportunity: ['sales', 'has a deal that a person works on'],
  customer: ['customer success', 'bought'],
  evangelist: ['customer success', 'bought, and recommends us'],
  other: ['nobody', 'outside of all this: spam, competitors, applicants'],
};

/** Each table of a document, by the id that the document calls it. */
export const DOC_TABLES: { readonly [id: string]: () => string } = {
  'error-codes': () =>
    table(
      ['status', 'code', 'meaning'],
      Object.entries(ERROR_CODES).map(([id, { status, title }]) => [String(status), code(id), title]),
    ),
  'quarantine-codes': () =>
    table(
      ['code', 'why it was set aside'],
      Object.entries(QUARANTINE_CODES).map(([id, say]) => [code(id), say]),
    ),
  'warning-codes': () =>
    table(
      ['code', 'what was changed or left out'],
      Object.entries(WARNING_CODES).map(([id, say]) => [code(id), say]),
    ),
  limits: () =>
    table(
      ['what', 'at most'],
      [
        ['an event', `${limits.EVENT_BYTES_MAX / 1024} KiB, unpacked`],
        ['a batch', `${limits.BATCH_BYTES_MAX / 1024} KiB, unpacked, ${limits.BATCH_EVENTS_MAX} events`],
        ['a form, or a request to our own API', `${limits.REQUEST_BYTES_MAX / 1024} KiB`],
        ['nesting of an event', `${limits.EVENT_DEPTH_MAX} deep, ${limits.EVENT_KEYS_MAX} keys`],
        ['an id', `${limits.ID_CHARS_MAX} characters`],
        ['an event’s name', `${limits.NAME_CHARS_MAX} characters`],
        ['a form', `${limits.FORM_FIELDS_MAX} fields`],
        ['a page of a list', `${limits.PAGE_ROWS_MAX} rows (${limits.PAGE_ROWS_DEFAULT} unless asked)`],
      ],
    ),
  traits: () => {
    const byPath = new Map<string, string[]>();
    for (const [name, target] of CONTACT_TRAITS) {
      if (typeof target !== 'string') byPath.set(target.path, [...(byPath.get(target.path) ?? []), name]);
    }
    return table(
      ['fact', 'trait, however it is written'],
      [...byPath].map(([path, names]) => [code(path), codes(names)]),
    );
  },
  'handoff-actions': () =>
    table(
      ['action', 'legal while the handoff is', 'who', 'how, today'],
      Object.entries(ACTIONS).map(([id, { when, who }]) => [
        code(id),
        when.map((status) => (status === 'none' ? 'none open' : code(status))).join(', '),
        WHO[who],
        TODAY[id as ActionId],
      ]),
    ),
  'handoff-statuses': () =>
    table(
      ['status', 'meaning', 'clocks that run'],
      [...OPEN_HANDOFF_STATUSES, ...CLOSED_HANDOFF_STATUSES].map((status) => [
        code(status),
        HANDOFFS[status].say,
        HANDOFFS[status].clocks,
      ]),
    ),
  'lifecycle-stages': () =>
    table(
      ['stage', 'whose', 'meaning'],
      LIFECYCLE_STAGES.map((stage) => [code(stage), ...STAGES[stage]]),
    ),
  'stage-causes': () =>
    table(
      ['cause', 'in words', 'may move back'],
      Object.entries(STAGE_CAUSES).map(([id, { say, back }]) => [code(id), say, back ? 'yes' : 'no']),
    ),
  'lead-statuses': () =>
    table(
      ['status', 'label', 'counts as', 'asks for'],
      Object.entries(STATUS_KINDS).map(([id, { label, contact, asks }]) => [
        code(id),
        label,
        contact ?? '-',
        asks === null ? '-' : `a ${asks}`,
      ]),
    ),
  'policy-sections': () =>
    table(
      ['section', 'needed', 'acts today'],
      Object.values(SECTIONS).map(({ key, otherwise, notYet }) => [
        code(key),
        'must' in otherwise ? 'yes' : 'no',
        notYet === null ? 'yes' : notYet.replace(/^it does not act yet: /, 'no: '),
      ]),
    ),
  measures: () =>
    table(
      ['measure', 'what it is'],
      Object.values(MEASURES).map(({ label, say }) => [label, say]),
    ),
  oracles: () =>
    table(
      ['id', 'promise', 'asked of'],
      ORACLES.map(({ id, promise, cost }) => [id, promise, COSTS[cost]]),
    ),
  'leak-checks': () =>
    table(
      ['check', 'promise', 'what mends it'],
      ALL_CHECKS.map(({ id, promise, mend, mendSays }) => [
        code(id),
        promise,
        mend === null ? mendSays : `${code(mend)}: ${mendSays}`,
      ]),
    ),
  roles: () =>
    table(
      ['may', ...ROLES],
      Object.values(PERMISSIONS).map(({ say, roles }) => [
        say,
        ...ROLES.map((role) => ((roles as readonly Role[]).includes(role) ? 'yes' : '-')),
      ]),
    ),
  settings: () =>
    table(
      ['key', 'what for'],
      Object.entries(CONFIG_KEYS).map(([key, { say }]) => [code(key), say]),
    ),
};

const COSTS = { open: 'what is open', all: 'all handoffs and decisions', events: 'every event' } as const;

const TABLE = /^<!-- table: ([\w-]+) -->\n([\s\S]*?)^<!-- end -->$/gm;

/** The tables that a document has, as it has them. */
export const tablesIn = (text: string): readonly { readonly id: string; readonly rows: string }[] =>
  [...text.matchAll(TABLE)].map((match) => ({ id: match[1] ?? '', rows: (match[2] ?? '').trim() }));

/** The document with every table as the code has it now. @throws where it names a table that there is not. */
export const withTables = (text: string): string =>
  text.replace(TABLE, (_, id: string) => {
    const make = DOC_TABLES[id];
    if (make === undefined) throw new Error(`there is no table ${id}; there are ${Object.keys(DOC_TABLES).join(', ')}`);
    return `<!-- table: ${id} -->\n\n${make()}\n\n<!-- end -->`;
  });
