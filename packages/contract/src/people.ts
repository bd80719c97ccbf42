import { ABSENCE_WHYS } from '@baton/domain/assignment/assignment.ts';
import { z } from 'zod/mini';
import { DOCUMENT_BYTES_MAX, TABLE_CHARS_MAX } from './limits.ts';
import { operation } from './operation.ts';
import { pageOf, pageQuery } from './paging.ts';

const Id = z.object({ id: z.coerce.number().check(z.int(), z.positive()) });
const TeamId = z.object({ id: z.string().check(z.minLength(1), z.maxLength(60)) });
const instant = z.iso.datetime();
/** A day (`2026-12-24`, in the rep's zone) or an instant. */
const moment = z.string().check(z.minLength(10), z.maxLength(40));
const name = z.string().check(z.minLength(1), z.maxLength(200));
/** A rep by address, number or name. */
const rep = z.string().check(z.minLength(1), z.maxLength(320));
const note = z.optional(z.string().check(z.maxLength(500)));
const days = z.array(z.string().check(z.maxLength(10))).check(z.maxLength(400));
const cap = z.optional(z.int().check(z.minimum(0), z.maximum(1_000_000)));
const weight = z.int().check(z.minimum(0), z.maximum(1_000_000));
const colleague = z.nullable(z.object({ id: z.int(), name: z.string() }));
const caps = z.object({ perDay: cap, perWeek: cap, open: cap });

/** When somebody works. `hours`: `mon-fri 09:00-12:30, 13:30-18:00`; null: always. `holidays`: `DE` or `DE-BY`. */
const shownTime = {
  timeZone: z.nullable(z.string()),
  hours: z.nullable(z.string()),
  holidays: z.nullable(z.string()),
  closed: z.array(z.string()),
  worked: z.array(z.string()),
};
const changedTime = {
  timeZone: z.optional(z.nullable(z.string().check(z.maxLength(64)))),
  hours: z.optional(z.nullable(z.string().check(z.maxLength(1_000)))),
  holidays: z.optional(z.nullable(z.string().check(z.maxLength(12)))),
  closed: z.optional(days),
  worked: z.optional(days),
};

/** `to` null: until further notice. */
const absence = z.object({ from: instant, to: z.nullable(instant), why: z.enum(ABSENCE_WHYS) });

export const RepRow = z.object({
  id: z.int(),
  name: z.string(),
  email: z.string(),
  active: z.boolean(),
  selling: z.boolean(),
  caps,
  skills: z.array(z.string()),
  cover: colleague,
  manager: colleague,
  ...shownTime,
  teams: z.array(z.object({ team: z.string(), weight: z.int() })),
  absence: z.nullable(absence),
  openHandoffs: z.int(),
});

const repChange = {
  name: z.optional(name),
  selling: z.optional(z.boolean()),
  caps: z.optional(caps),
  skills: z.optional(z.array(z.string().check(z.maxLength(40))).check(z.maxLength(50))),
  cover: z.optional(z.nullable(rep)),
  manager: z.optional(z.nullable(rep)),
  ...changedTime,
};

/** The rep as they are after a change, and how many handoffs moved, or were told anew when they are due, because of it. */
const RepChanged = z.object({ rep: RepRow, moved: z.int() });

const READ = { access: 'handoffs:read', permission: 'team.read', status: 200 } as const;
const WRITE = { access: 'people:write', permission: 'team.edit', status: 200 } as const;
/** What a rep may do for themselves, and whoever runs the team for all. */
const OWN = { access: 'people:write', permission: 'availability.edit', about: 'rep', status: 200 } as const;

export const listReps = operation({
  id: 'list-reps',
  method: 'GET',
  path: '/api/v1/reps',
  say: 'List reps: when they work, whether they are there, and what they hold',
  ...READ,
  query: z.object(pageQuery),
  reply: pageOf(RepRow),
  errors: ['invalid_parameter', 'invalid_cursor'],
});

export const readRep = operation({
  id: 'read-rep',
  method: 'GET',
  path: '/api/v1/reps/:id',
  say: 'Read one rep',
  ...READ,
  params: Id,
  reply: RepRow,
  errors: ['not_found'],
});

export const addRep = operation({
  id: 'add-rep',
  method: 'POST',
  path: '/api/v1/reps',
  say: 'Add a rep',
  access: 'people:write',
  permission: 'team.edit',
  body: z.strictObject({ ...repChange, name, email: z.string().check(z.maxLength(320)) }),
  reply: RepRow,
  status: 201,
  errors: ['invalid_field', 'conflict', 'idempotency_conflict'],
});

export const changeRep = operation({
  id: 'change-rep',
  method: 'POST',
  path: '/api/v1/reps/:id',
  say: 'Change a rep; what is absent stays as it is, null takes it away',
  ...WRITE,
  params: Id,
  body: z.strictObject({ ...repChange, active: z.optional(z.literal(true)) }),
  reply: RepChanged,
  errors: ['not_found', 'invalid_field'],
});

export const deactivateRep = operation({
  id: 'deactivate-rep',
  method: 'POST',
  path: '/api/v1/reps/:id/deactivate',
  say: 'Switch a rep off; what they hold goes to others in the same transaction',
  ...WRITE,
  params: Id,
  reply: RepChanged,
  errors: ['not_found'],
});

export const markRepAway = operation({
  id: 'mark-rep-away',
  method: 'POST',
  path: '/api/v1/reps/:id/away',
  say: 'Mark a rep away from now on, and say what becomes of what they hold',
  ...OWN,
  params: Id,
  body: z.strictObject({ handoffs: z.enum(['keep', 'cover', 'reroute']), until: z.optional(moment), note }),
  reply: RepChanged,
  errors: ['not_found', 'invalid_field'],
});

export const markRepBack = operation({
  id: 'mark-rep-back',
  method: 'POST',
  path: '/api/v1/reps/:id/back',
  say: 'End every absence that holds now',
  ...OWN,
  params: Id,
  reply: RepChanged,
  errors: ['not_found', 'conflict'],
});

const TimeOff = z.object({
  id: z.int(),
  from: instant,
  to: z.nullable(instant),
  why: z.enum(ABSENCE_WHYS),
  note: z.string(),
});

export const listTimeOff = operation({
  id: 'list-time-off',
  method: 'GET',
  path: '/api/v1/reps/:id/time-off',
  say: "List a rep's absences that are not over, the earliest first, at most 200",
  ...READ,
  params: Id,
  reply: z.object({ rows: z.array(TimeOff) }),
  errors: ['not_found'],
});

export const addTimeOff = operation({
  id: 'add-time-off',
  method: 'POST',
  path: '/api/v1/reps/:id/time-off',
  say: 'Enter time off: days of the rep, both included, or instants',
  access: 'people:write',
  permission: 'availability.edit',
  about: 'rep',
  params: Id,
  body: z.strictObject({ from: moment, to: moment, note }),
  reply: z.object({ id: z.int() }),
  status: 201,
  errors: ['not_found', 'invalid_field', 'idempotency_conflict'],
});

export const removeTimeOff = operation({
  id: 'remove-time-off',
  method: 'DELETE',
  path: '/api/v1/reps/:id/time-off/:timeOff',
  say: 'Take time off back, or end it now where it has begun',
  access: 'people:write',
  permission: 'availability.edit',
  about: 'rep',
  params: z.object({
    id: z.coerce.number().check(z.int(), z.positive()),
    timeOff: z.coerce.number().check(z.int(), z.positive()),
  }),
  status: 204,
  errors: ['not_found'],
});

export const TeamRow = z.object({
  id: z.string(),
  name: z.string(),
  manager: colleague,
  catchUp: z.boolean(),
  ...shownTime,
  members: z.array(
    z.object({
      repId: z.int(),
      name: z.string(),
      weight: z.int(),
      ramp: z.array(z.object({ from: instant, weight: z.int() })),
    }),
  ),
});

export const listTeams = operation({
  id: 'list-teams',
  method: 'GET',
  path: '/api/v1/teams',
  say: 'List teams: when they work, and who is in them with which share',
  ...READ,
  query: z.object(pageQuery),
  reply: pageOf(TeamRow),
  errors: ['invalid_parameter', 'invalid_cursor'],
});

export const setTeam = operation({
  id: 'set-team',
  method: 'POST',
  path: '/api/v1/teams/:id',
  say: 'Make or change a team; an edit of its calendar tells anew what is owed and not broken yet',
  ...WRITE,
  params: TeamId,
  body: z.strictObject({
    name: z.optional(name),
    manager: z.optional(z.nullable(rep)),
    catchUp: z.optional(z.boolean()),
    ...changedTime,
  }),
  reply: z.object({ team: z.string(), recomputed: z.int() }),
  errors: ['not_found', 'invalid_field'],
});

export const setTeamMember = operation({
  id: 'set-team-member',
  method: 'POST',
  path: '/api/v1/teams/:id/members',
  say: "Put a rep into a team, or change their share; nobody's balance moves",
  ...WRITE,
  params: TeamId,
  body: z.strictObject({
    rep,
    weight: z.optional(weight),
    ramp: z.optional(z.nullable(z.array(z.object({ from: moment, weight })).check(z.maxLength(24)))),
  }),
  reply: z.object({ team: z.string(), repId: z.int() }),
  errors: ['not_found', 'invalid_field'],
});

export const removeTeamMember = operation({
  id: 'remove-team-member',
  method: 'DELETE',
  path: '/api/v1/teams/:id/members/:repId',
  say: 'Take a rep out of a team; their balance is shared out by weight, what they hold stays theirs',
  access: 'people:write',
  permission: 'team.edit',
  params: z.object({
    id: z.string().check(z.minLength(1), z.maxLength(60)),
    repId: z.coerce.number().check(z.int(), z.positive()),
  }),
  status: 204,
  errors: ['not_found'],
});

export const nextInTeam = operation({
  id: 'next-in-team',
  method: 'GET',
  path: '/api/v1/teams/:id/next',
  say: 'Who would have the next leads of a team, and why; takes no turn',
  ...READ,
  params: TeamId,
  query: z.object({
    intent: z._default(z.string().check(z.minLength(1), z.maxLength(60)), 'high'),
    count: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1_000)), 20),
  }),
  reply: z.object({
    next: z.array(
      z.object({
        repId: z.nullable(z.int()),
        name: z.nullable(z.string()),
        say: z.string(),
        excluded: z.array(z.object({ repId: z.int(), code: z.string(), say: z.string() })),
      }),
    ),
    standings: z.array(
      z.object({
        repId: z.int(),
        name: z.string(),
        weight: z.int(),
        /** The weight that counts now: the ramp's, where there is one. */
        weightNow: z.int(),
        /** What the ledger owes them, in micro-credits (a lead is 1,000,000,000), as decimal text; negative: ahead of their share. */
        balance: z.string().check(z.regex(/^-?\d+$/)),
        /** Whether the hours of the rep and of the team are open now. */
        atWork: z.boolean(),
        say: z.string(),
      }),
    ),
  }),
  errors: ['not_found', 'invalid_parameter'],
});

export const whyNotRep = operation({
  id: 'why-not-rep',
  method: 'GET',
  path: '/api/v1/handoffs/:id/why-not/:repId',
  say: 'Why a rep did not get a handoff when it was given; null where it is theirs',
  access: 'handoffs:read',
  permission: 'handoffs.read',
  about: 'handoff',
  status: 200,
  params: z.object({
    id: z.coerce.number().check(z.int(), z.positive()),
    repId: z.coerce.number().check(z.int(), z.positive()),
  }),
  reply: z.object({ why: z.nullable(z.string()) }),
  errors: ['not_found'],
});

const table = z.strictObject({ csv: z.string().check(z.maxLength(TABLE_CHARS_MAX)) });

export const listTerritories = operation({
  id: 'list-territories',
  method: 'GET',
  path: '/api/v1/territories',
  say: 'Read the territory table in force, as the CSV that an import takes',
  ...READ,
  reply: z.object({ version: z.int(), rows: z.int(), csv: z.string() }),
  errors: [],
});

export const previewTerritories = operation({
  id: 'preview-territories',
  method: 'POST',
  path: '/api/v1/territories/preview',
  say: 'Who would go elsewhere by a territory table, before it is applied',
  ...WRITE,
  body: table,
  bodyBytesMax: DOCUMENT_BYTES_MAX,
  reply: z.object({
    version: z.int(),
    rows: z.object({ before: z.int(), after: z.int() }),
    /** How many contacts were looked at, the newest first; `all` false: there are more, which none of the numbers count. */
    looked: z.int(),
    all: z.boolean(),
    moving: z.int(),
    moves: z.array(z.object({ from: z.string(), to: z.string(), contacts: z.int() })),
    first: z.array(z.object({ contactId: z.int(), name: z.string(), from: z.string(), to: z.string() })),
  }),
  errors: ['invalid_field'],
});

export const importTerritories = operation({
  id: 'import-territories',
  method: 'POST',
  path: '/api/v1/territories',
  say: 'Put a territory table into force, whole; with `expects` only where the previewed one still is',
  ...WRITE,
  body: z.extend(table, { expects: z.optional(z.int().check(z.minimum(0))) }),
  bodyBytesMax: DOCUMENT_BYTES_MAX,
  reply: z.object({ version: z.int(), rows: z.int() }),
  errors: ['invalid_field', 'conflict', 'idempotency_conflict'],
});
