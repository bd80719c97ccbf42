import type { Actor, RepAct } from '@baton/domain/handoff/input.ts';
import type { Pool } from 'pg';
import { z } from 'zod/mini';
import type { PolicyLoader } from '../../agreement/activePolicy.ts';
import type { ActOutcome, Acts } from '../../handoff/act.ts';
import { makeUndoAct } from '../../handoff/undoAct.ts';
import { dayAfter, morningOf } from '../morningOf.ts';
import type { SlackApi } from './slackApi.ts';
import { parkView, rejectView, SLACK_ACTIONS, VIEW_FIELDS } from './slackBlocks.ts';
import type { SlackPeople } from './slackPeople.ts';
import type { SlackWords } from './slackWords.ts';

/** What acting from Slack needs. */
export type SlackActDeps = {
  readonly pool: Pool;
  readonly api: SlackApi;
  readonly people: SlackPeople;
  readonly acts: Acts;
  readonly words: SlackWords;
  readonly loadActivePolicy: PolicyLoader['loadActivePolicy'];
  /** Has messages rewritten soon. */
  readonly refresh: () => void;
  readonly now: () => number;
};

/** What Slack is answered at once: nothing, or a message or a window's errors. */
export type SlackAnswer = { readonly [field: string]: unknown } | null;

const text = z.string();
const Choice = z.looseObject({ value: z.optional(z.nullable(text)) });

const Clicked = z.looseObject({
  type: z.literal('block_actions'),
  trigger_id: text,
  user: z.looseObject({ id: text }),
  channel: z.optional(z.looseObject({ id: text })),
  actions: z.array(z.looseObject({ action_id: text, value: z.optional(text) })),
});
const Submitted = z.looseObject({
  type: z.literal('view_submission'),
  user: z.looseObject({ id: text }),
  view: z.looseObject({
    callback_id: text,
    private_metadata: text,
    state: z.looseObject({
      values: z.record(
        text,
        z.looseObject({
          value: z.extend(Choice, {
            selected_option: z.optional(z.nullable(z.looseObject({ value: text }))),
            selected_date: z.optional(z.nullable(text)),
          }),
        }),
      ),
    }),
  }),
});
const Commanded = z.looseObject({ command: text, text: z.optional(text), user_id: text });

const NOT_LINKED =
  'Baton knows nobody by your Slack address. Ask your admin to add you as a rep with the address that you have in Slack.';

const whisper = (say: string): SlackAnswer => ({ response_type: 'ephemeral', text: say });
const fieldError = (block: string, say: string): SlackAnswer => ({
  response_action: 'errors',
  errors: { [block]: say.slice(0, 150) },
});

/** Answers what people do in Slack: clicks, windows they send, and `/handoff`. Acts go the way of every other act. */
export const makeSlackActs = (deps: SlackActDeps) => {
  const { api, people, acts, now } = deps;
  const undoAct = makeUndoAct(acts);

  const actOn = async (repId: number, handoffId: number, act: RepAct): Promise<string | null> => {
    const by: Actor = { kind: 'rep', id: repId };
    return after(handoffId, await acts.act({ handoffId }, { kind: 'rep-acted', by, act }));
  };

  /** Has the message rewritten at once, also while it waits for the end of an undo; answers why nothing was done. */
  const after = async (handoffId: number, outcome: ActOutcome): Promise<string | null> => {
    await deps.pool.query('update slack_message set next_at = 0 where handoff_id = $1 and done_at is null', [
      handoffId,
    ]);
    deps.refresh();
    if (outcome.kind === 'done') return null;
    return outcome.kind === 'refused' ? outcome.refusal.say : 'This lead is no more.';
  };

  const undo = async (repId: number, handoffId: number): Promise<string | null> => {
    const found = await deps.pool.query<{ contact_id: number }>('select contact_id from handoff where id = $1', [
      handoffId,
    ]);
    const contactId = found.rows[0]?.contact_id;
    if (contactId === undefined) return 'This lead is no more.';
    return after(handoffId, await undoAct(contactId, { kind: 'rep', id: repId }));
  };

  const firstDay = async (repId: number): Promise<string> => dayAfter(now(), await zoneOf(deps.pool, repId));

  const click = async (clicked: z.output<typeof Clicked>): Promise<SlackAnswer> => {
    const action = clicked.actions[0];
    const handoffId = Number(action?.value);
    const tell = async (say: string) => {
      if (clicked.channel !== undefined) await api.whisper(clicked.channel.id, clicked.user.id, say);
    };
    if (action === undefined || action.action_id === SLACK_ACTIONS.open || !Number.isSafeInteger(handoffId))
      return null;
    const rep = await people.repOf(clicked.user.id);
    if (rep === null) {
      await tell(NOT_LINKED);
      return null;
    }
    switch (action.action_id) {
      case SLACK_ACTIONS.accept: {
        const refusal = await actOn(rep.id, handoffId, { do: 'accept' });
        if (refusal !== null) await tell(`Not done: ${refusal}`);
        return null;
      }
      case SLACK_ACTIONS.undo: {
        const refusal = await undo(rep.id, handoffId);
        if (refusal !== null) await tell(`Not done: ${refusal}`);
        return null;
      }
      case SLACK_ACTIONS.reject: {
        const policy = await deps.loadActivePolicy(deps.pool);
        const reasons = policy?.compiled.document.feedback.reject ?? [];
        await api.openView(
          clicked.trigger_id,
          rejectView(
            handoffId,
            reasons.map(({ id }) => id),
          ),
        );
        return null;
      }
      case SLACK_ACTIONS.park:
        await api.openView(clicked.trigger_id, parkView(handoffId, await firstDay(rep.id)));
        return null;
      default:
        return null;
    }
  };

  const submit = async ({ user, view }: z.output<typeof Submitted>): Promise<SlackAnswer> => {
    const values = view.state.values;
    const isReject = view.callback_id === SLACK_ACTIONS.reject;
    const mainField = isReject ? VIEW_FIELDS.reason : VIEW_FIELDS.until;
    const rep = await people.repOf(user.id);
    if (rep === null) return fieldError(mainField, NOT_LINKED);
    const detail = values[VIEW_FIELDS.detail]?.value.value?.trim() || null;
    const reason = values[VIEW_FIELDS.reason]?.value.selected_option?.value;
    const day = values[VIEW_FIELDS.until]?.value.selected_date;
    let act: RepAct;
    if (isReject) {
      if (reason === undefined) return fieldError(mainField, 'Choose a reason.');
      act = { do: 'reject', reason, detail };
    } else {
      const until = morningOf(day ?? '', await zoneOf(deps.pool, rep.id));
      if (until === null) return fieldError(mainField, 'Choose the day on which it comes back.');
      act = { do: 'park', until, note: detail };
    }
    const refusal = await actOn(rep.id, Number(view.private_metadata), act);
    return refusal === null ? null : fieldError(mainField, refusal);
  };

  return {
    /** A click or a window that was sent; `payload` as Slack has it. What is none of ours is answered with nothing. */
    async interact(payload: unknown): Promise<SlackAnswer> {
      const clicked = Clicked.safeParse(payload);
      if (clicked.success) return click(clicked.data);
      const submitted = Submitted.safeParse(payload);
      return submitted.success ? submit(submitted.data) : null;
    },
    /** `/handoff next`, `/handoff away [until]`, `/handoff back`; the answer is seen by the asker alone. */
    async command(payload: unknown): Promise<SlackAnswer> {
      const asked = Commanded.safeParse(payload);
      if (!asked.success) return null;
      const rep = await people.repOf(asked.data.user_id);
      if (rep === null) return whisper(NOT_LINKED);
      return whisper(await deps.words(rep.id, asked.data.text ?? ''));
    },
  };
};

export type SlackHandler = ReturnType<typeof makeSlackActs>;

const zoneOf = async (pool: Pool, repId: number): Promise<string> =>
  (
    await pool.query<{ zone: string }>(
      `select coalesce(r.time_zone, (select t.time_zone from team_member m join team t on t.id = m.team_id
         where m.rep_id = r.id and t.time_zone is not null order by t.id limit 1), 'UTC') as zone
       from rep r where r.id = $1`,
      [repId],
    )
  ).rows[0]?.zone ?? 'UTC';
