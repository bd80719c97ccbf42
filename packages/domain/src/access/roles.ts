/**
 * Who may do what: one table that the server, the web and the test matrix read. A permission is a verb on a thing of the
 * field; which rows of that thing somebody sees is said by `seesOf`.
 */

/** What an account is there for; an account may have several. */
export const ROLES = ['admin', 'marketing', 'sales-manager', 'rep'] as const;
export type Role = (typeof ROLES)[number];

type Rule = { readonly say: string; readonly roles: readonly Role[] };

const EVERYBODY = ROLES;
const MANAGERS = ['admin', 'sales-manager'] as const;
const SELLERS = ['admin', 'sales-manager', 'rep'] as const;
const OFFICE = ['admin', 'marketing', 'sales-manager'] as const;

/** Every permission, in words that end "may ...", and the roles that have it. */
export const PERMISSIONS = {
  'handoffs.read': { say: 'see handoffs with their reasons and clocks', roles: EVERYBODY },
  'handoffs.work': { say: 'accept, log, reject, park and hand back', roles: SELLERS },
  'handoffs.assign': { say: 'assign handoffs and act on a rep’s behalf', roles: MANAGERS },
  'handoffs.fast-track': { say: 'hand somebody off by hand', roles: ['admin', 'marketing'] },
  'deals.edit': { say: 'create, move and close deals', roles: SELLERS },
  'records.read': { say: 'see contacts, companies and their history', roles: EVERYBODY },
  'records.edit': { say: 'change contacts and companies', roles: EVERYBODY },
  'records.merge': { say: 'merge contacts and part them again', roles: OFFICE },
  'records.import': { say: 'import contacts and companies', roles: ['admin', 'marketing'] },
  'records.export': { say: 'take lists out as files', roles: OFFICE },
  'privacy.export': { say: 'export all that is known of a person', roles: ['admin'] },
  'privacy.erase': { say: 'erase a person and set how long data is kept', roles: ['admin'] },
  'team.read': { say: 'see reps, teams, availability and who is next', roles: EVERYBODY },
  'team.edit': { say: 'change reps, teams, weights, absences and territories', roles: MANAGERS },
  'availability.edit': { say: 'say when they are away', roles: SELLERS },
  'policy.read': { say: 'read the policy', roles: EVERYBODY },
  'policy.edit': { say: 'draft policies and try them on the past', roles: OFFICE },
  'policy.sign.marketing': { say: 'sign a policy for marketing', roles: ['marketing'] },
  'policy.sign.sales': { say: 'sign a policy for sales', roles: ['sales-manager'] },
  'policy.publish': { say: 'put a signed policy into force', roles: ['admin'] },
  'reports.read': { say: 'read reports', roles: OFFICE },
  'leaks.read': { say: 'see leaks', roles: OFFICE },
  'leaks.mend': { say: 'mend leaks', roles: MANAGERS },
  'events.read': { say: 'see events as they come in, and the quarantine', roles: ['admin', 'marketing'] },
  'deliveries.read': { say: 'see what was sent outside', roles: OFFICE },
  'integrations.read': { say: 'see forms, webhooks and channels', roles: ['admin', 'marketing'] },
  'integrations.edit': { say: 'change forms, webhooks, channels and templates', roles: ['admin'] },
  'keys.write': { say: 'make and revoke keys', roles: ['admin'] },
  'accounts.edit': { say: 'invite people, change roles and deactivate', roles: ['admin'] },
  'audit.read': { say: 'read the audit', roles: ['admin'] },
  'metrics.read': { say: 'read metrics', roles: ['admin'] },
  'demo.run': { say: 'load and remove the demo company', roles: ['admin'] },
} as const satisfies { readonly [permission: string]: Rule };
export type Permission = keyof typeof PERMISSIONS;

/** All permissions, in the table's order. */
export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as unknown as readonly [Permission, ...Permission[]];

/** What somebody with these roles may do, in the table's order. */
export const permissionsOf = (roles: readonly Role[]): readonly Permission[] =>
  ALL_PERMISSIONS.filter((permission) =>
    (PERMISSIONS[permission].roles as readonly Role[]).some((role) => roles.includes(role)),
  );

/** True where one of the roles has the permission. */
export const mayDo = (roles: readonly Role[], permission: Permission): boolean =>
  (PERMISSIONS[permission].roles as readonly Role[]).some((role) => roles.includes(role));

/**
 * Which rows somebody sees: all of the company's, or, being a rep and nothing else, only what is theirs, is offered to them
 * or waits in a queue of a team of theirs.
 */
export const seesOf = (roles: readonly Role[]): 'everything' | 'own' =>
  roles.some((role) => role !== 'rep') ? 'everything' : 'own';

/** The side of the handoff that somebody acts for. Admins act for either. */
export const sideOf = (roles: readonly Role[]): 'admin' | 'marketing' | 'sales' => {
  if (roles.includes('admin')) return 'admin';
  return roles.includes('sales-manager') || roles.includes('rep') ? 'sales' : 'marketing';
};
