/** Deals as people make, move and close them. What each means for the handoff is the core's to say. */
import type { Actor, MadeDeal } from '@baton/domain/handoff/input.ts';
import type { DealId, HandoffId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import { type ActOutcome, ActRefused, type Acts, type ActTarget } from './act.ts';

/** A new deal as somebody names it; what is left out is the first pipeline's first stage and the company's name. */
export type NewDeal = Partial<Omit<MadeDeal, 'amountMinor'>> & { readonly amountMinor?: number | null };

export type Deals = {
  readonly create: (target: ActTarget, by: Actor, deal: NewDeal) => Promise<ActOutcome & { readonly dealId?: DealId }>;
  /** To another open stage of its pipeline. */
  readonly move: (id: DealId, by: Actor, stage: string) => Promise<ActOutcome>;
  readonly close: (id: DealId, by: Actor, how: 'won' | 'lost', reason: string | null) => Promise<ActOutcome>;
};

type Stage = { pipeline_id: string; id: string; name: string; kind: 'open' | 'won' | 'lost' };
type Client = Pick<Pool, 'query'>;

export const makeDeals = (pool: Pool, acts: Acts): Deals => ({
  async create(target, by, deal) {
    const ids = await pool.query<{ id: number }>(`select nextval('decision_id_seq') as id`);
    const dealId = ids.rows[0]?.id as number;
    const outcome = await acts.act(target, async (client, contactId, now) => {
      const made: MadeDeal = {
        ...(await firstStage(client, deal)),
        name: deal.name ?? (await nameFor(client, contactId)),
        amountMinor: deal.amountMinor ?? null,
        currency: deal.currency ?? null,
        closeAt: deal.closeAt ?? null,
      };
      return { kind: 'deal-changed', by, dealId, change: { to: 'created', at: now, reason: null, made } };
    });
    return outcome.kind === 'done' ? { ...outcome, dealId } : outcome;
  },

  async move(id, by, stage) {
    const target = await targetOf(pool, id);
    if (target === null) return { kind: 'not-found' };
    return acts.act(target, async (client, _contactId, now) => {
      const deal = await openDeal(client, id, 'Move the deal');
      const stages = await stagesOf(client, deal.pipeline_id);
      const to = stages.find((one) => one.id === stage && one.kind === 'open');
      if (to === undefined)
        throw new ActRefused('unknown-stage', `Move the deal: the stage must be one of ${openIds(stages).join(', ')}`);
      if (deal.stage_id === stage) throw new ActRefused('no-change', `Move the deal: it is in ${to.name} already`);
      return { kind: 'deal-changed', by, dealId: id, change: { to: 'moved', at: now, reason: null, stage } };
    });
  },

  async close(id, by, how, reason) {
    const target = await targetOf(pool, id);
    if (target === null) return { kind: 'not-found' };
    return acts.act(target, async (client, _contactId, now) => {
      await openDeal(client, id, 'Close the deal');
      return { kind: 'deal-changed', by, dealId: id, change: { to: how, at: now, reason } };
    });
  },
});

/** Whose the deal is: the contact of its handoff, else the first contact of it. */
const targetOf = async (pool: Pool, id: DealId): Promise<ActTarget | null> => {
  const { rows } = await pool.query<{ contact_id: number }>(
    `select coalesce(h.contact_id, c.contact_id) as contact_id from deal d
     left join handoff h on h.deal_id = d.id and h.closed_at is null
     left join lateral (select contact_id from deal_contact where deal_id = d.id order by at, contact_id limit 1) c on true
     where d.id = $1 order by h.id limit 1`,
    [id],
  );
  const contactId = rows[0]?.contact_id ?? null;
  return contactId === null ? null : { contactId };
};

const openDeal = async (client: Client, id: DealId, doing: string) => {
  const { rows } = await client.query<{ status: string; stage_id: string; pipeline_id: string; by: string | null }>(
    `select d.status, d.stage_id, d.pipeline_id, e.by from deal d
     left join lateral (select by from deal_stage_entry where deal_id = d.id order by recorded_at desc limit 1) e on true
     where d.id = $1`,
    [id],
  );
  const deal = rows[0];
  if (deal === undefined) throw new ActRefused('deal-gone', `${doing}: it is gone`);
  if (deal.status === 'open') return deal;
  const repId = deal.by?.startsWith('rep:') === true ? Number(deal.by.slice('rep:'.length)) : null;
  throw new ActRefused('deal-closed', `${doing}: it was ${deal.status} already`, repId);
};

const stagesOf = async (client: Client, pipeline: string): Promise<readonly Stage[]> =>
  (await client.query<Stage>('select * from pipeline_stage where pipeline_id = $1 order by position', [pipeline])).rows;

const openIds = (stages: readonly Stage[]): readonly string[] =>
  stages.filter(({ kind }) => kind === 'open').map(({ id }) => id);

const firstStage = async (client: Client, deal: NewDeal): Promise<Pick<MadeDeal, 'pipeline' | 'stage'>> => {
  const pipelines = await client.query<{ id: string }>('select id from pipeline order by position, id');
  const known = pipelines.rows.map(({ id }) => id);
  const pipeline = deal.pipeline ?? known[0] ?? '';
  if (!known.includes(pipeline))
    throw new ActRefused('unknown-pipeline', `Create a deal: the pipeline must be one of ${known.join(', ')}`);
  const open = openIds(await stagesOf(client, pipeline));
  const stage = deal.stage ?? open[0] ?? '';
  if (!open.includes(stage))
    throw new ActRefused('unknown-stage', `Create a deal: the stage must be one of ${open.join(', ')}`);
  return { pipeline, stage };
};

const nameFor = async (client: Client, contactId: number): Promise<string> => {
  const { rows } = await client.query<{ name: string | null }>(
    `select coalesce(k.name, k.domain, c.name, c.email) as name from contact c left join company k on k.id = c.company_id
     where c.id = $1`,
    [contactId],
  );
  return rows[0]?.name ?? 'Deal';
};

/** Only for a handoff that is still open; of a closed one the contact is meant. */
export const dealTarget = (given: {
  readonly handoffId?: HandoffId;
  readonly contactId?: number;
}): ActTarget | null => {
  if (given.handoffId !== undefined) return { handoffId: given.handoffId };
  return given.contactId === undefined ? null : { contactId: given.contactId };
};
