/**
 * Which rows somebody sees, as conditions of SQL. A sight is null, who sees everything, or a rep's id: then what is theirs,
 * is offered to them or waits in a queue that is open to them. The number 0 sees nothing.
 */
export type Sight = number | null;

/** Of `alias`, a handoff. `param`: the placeholder that holds the sight, such as `$3`. */
export const handoffSight = (alias: string, param: string): string =>
  `(${param}::bigint is null or ${alias}.owner_id = ${param}::bigint or ${openQueue(alias, param)})`;

/** Of `alias`, a contact: theirs, one with a handoff that they see, or a colleague who joined one that is theirs. */
export const contactSight = (alias: string, param: string): string =>
  `(${param}::bigint is null or ${alias}.owner_id = ${param}::bigint or exists (select 1 from handoff sh
     where sh.contact_id = ${alias}.id and (sh.owner_id = ${param}::bigint or ${openQueue('sh', param)}))
   or exists (select 1 from handoff_member sm join handoff sh on sh.id = sm.handoff_id
     where sm.contact_id = ${alias}.id and sm.left_at is null and sh.owner_id = ${param}::bigint))`;

/** Of `alias`, a deal: theirs, or one of a handoff that they see. */
export const dealSight = (alias: string, param: string): string =>
  `(${param}::bigint is null or ${alias}.owner_id = ${param}::bigint or exists (select 1 from handoff sh
     where sh.id = ${alias}.handoff_id and sh.owner_id = ${param}::bigint))`;

/** Of `alias`, a task: theirs, or one of a handoff that is theirs. */
export const taskSight = (alias: string, param: string): string => dealSight(alias, param);

/** Of `alias`, a company: one with a contact that is theirs, or with an open handoff that they see. */
export const companySight = (alias: string, param: string): string =>
  `(${param}::bigint is null or exists (select 1 from contact sc where sc.company_id = ${alias}.id and sc.owner_id = ${param}::bigint)
    or exists (select 1 from handoff sh where sh.company_id = ${alias}.id and sh.closed_at is null and (sh.owner_id = ${param}::bigint or ${openQueue('sh', param)})))`;

/**
 * A queue is open to a rep as claiming it is: it is no team's, or the rep is in its team, leads it, or was offered what
 * waits there.
 */
const openQueue = (alias: string, param: string): string =>
  `(${alias}.status = 'queued' and (not exists (select 1 from team st where st.id = ${alias}.queue_id)
     or exists (select 1 from team st where st.id = ${alias}.queue_id and st.manager_id = ${param}::bigint)
     or exists (select 1 from team_member st where st.team_id = ${alias}.queue_id and st.rep_id = ${param}::bigint)
     or exists (select 1 from handoff_offer so where so.handoff_id = ${alias}.id and so.rep_id = ${param}::bigint)))`;
