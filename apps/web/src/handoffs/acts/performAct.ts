import { ApiError } from '@baton/contract/client.ts';
import { HANDOFF_ACTS, type HandoffActed } from '@baton/contract/handoffActs.ts';
import type { HandoffList, HandoffRow } from '@baton/contract/handoffs.ts';
import { UNDO_MS } from '@baton/domain/handoff/undoable.ts';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { countsQuery, handoffQuery } from '../../api/handoffQueries.ts';
import { request, statusOf } from '../../api/request.ts';
import { whenText } from '../../time/dateText.ts';
import { readNow } from '../../time/now.ts';
import { removeRow, replaceRows } from '../mergeRows.ts';
import { contactName, sentenceCase } from '../rowText.ts';
import { asIf, type HandoffAct } from './handoffAct.ts';
import { isPending, setPending } from './pending.ts';
import { dropToast, showToast } from './toasts.ts';

const send = (id: number, act: HandoffAct, idempotencyKey: string): Promise<HandoffActed> => {
  const params = { id };
  const rest = [undefined, { idempotencyKey }] as const;
  switch (act.do) {
    case 'accept':
      return request(HANDOFF_ACTS.accept, { params, body: {} }, ...rest);
    case 'claim':
      return request(HANDOFF_ACTS.claim, { params, body: {} }, ...rest);
    case 'log-contact': {
      const { channel, outcome, note, next } = act;
      const body = { channel, outcome, note, ...(next === null ? {} : { next }) };
      return request(HANDOFF_ACTS.logContact, { params, body }, ...rest);
    }
    case 'reject':
      return request(HANDOFF_ACTS.reject, { params, body: { reason: act.reason, detail: act.detail } }, ...rest);
    case 'hand-back':
      return request(HANDOFF_ACTS.handBack, { params, body: { reason: act.reason } }, ...rest);
    case 'assign':
      return request(HANDOFF_ACTS.assign, { params, body: { to: act.to } }, ...rest);
    case 'park':
      return request(HANDOFF_ACTS.park, { params, body: { until: act.until, note: act.note } }, ...rest);
  }
};

/** What was done, and what was not, in words that a name fits after. */
const sayDone = (act: HandoffAct): string => {
  switch (act.do) {
    case 'accept':
      return 'Accepted';
    case 'claim':
      return 'Claimed';
    case 'log-contact':
      return `Logged ${act.channel}, ${act.outcome.replaceAll('-', ' ')}`;
    case 'reject':
      return act.reroutes
        ? `Passed on for ${sentenceCase(act.reason).toLowerCase()}`
        : `Rejected for ${sentenceCase(act.reason).toLowerCase()}`;
    case 'hand-back':
      return 'Handed back';
    case 'assign':
      return `Assigned to ${act.name}`;
    case 'park':
      return `Put off until ${whenText(Date.parse(act.until), readNow())}`;
  }
};

const firstLower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** What went wrong, in the server's own words; who was first is named where somebody was. */
const sayWhy = (error: unknown): string => {
  if (statusOf(error) === 0)
    return 'No answer came, so it may or may not have happened. To try again is safe: it happens once.';
  if (!(error instanceof ApiError)) return 'The page could not read the answer.';
  const by = error.problem?.by;
  const named = by === undefined || error.message.includes(by) ? '' : ` ${by} was first.`;
  const end = /[.!?]$/.test(error.message) ? '' : '.';
  return `${error.message}${end}${named}`;
};

/** Trouble on the way is worth another try; a refusal is an answer. */
const isWorthRetry = (error: unknown): boolean => {
  const status = statusOf(error);
  return status !== null && (status === 0 || status === 429 || status >= 500);
};

const showRow = (client: QueryClient, row: HandoffRow): void => {
  client.setQueryData(handoffQuery(row.id).queryKey, (detail) => detail && { ...detail, row });
  client.setQueriesData<InfiniteData<HandoffList, unknown>>(
    { queryKey: ['handoffs'] },
    (pages) => pages && replaceRows(pages, [row]),
  );
};

/**
 * Reads what became of it, whatever was shown before; where that fails the live stream brings it later. Answers false where
 * one does not see it any more: it is somebody else's now, and its row goes.
 */
const showTruth = async (client: QueryClient, id: number): Promise<boolean> => {
  client.invalidateQueries({ queryKey: countsQuery.queryKey });
  try {
    const { row } = await client.fetchQuery({ ...handoffQuery(id), staleTime: 0 });
    showRow(client, row);
    return true;
  } catch (error) {
    if (statusOf(error) !== 404) {
      client.invalidateQueries({ queryKey: handoffQuery(id).queryKey });
      return true;
    }
    client.setQueriesData<InfiniteData<HandoffList, unknown>>(
      { queryKey: ['handoffs'] },
      (pages) => pages && removeRow(pages, id),
    );
    return false;
  }
};

const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

/**
 * Does it: shown at once with a pending dot, then as the server says. Where it was refused the row is as it was, and a
 * toast says why. Never throws. A second act with the same handoff waits for the first.
 */
export const performAct = async (
  client: QueryClient,
  row: HandoffRow,
  act: HandoffAct,
  key = newKey(),
): Promise<void> => {
  const { id } = row;
  if (isPending(id)) return;
  const name = contactName(row);
  client.cancelQueries({ queryKey: handoffQuery(id).queryKey });
  setPending(id, true);
  showRow(client, asIf(row, act));
  const sentAt = Date.now();
  const done = { key, handoffId: id, say: `${sayDone(act)}: ${name}`, failed: false, retry: null } as const;
  let isDone = true;
  try {
    await send(id, act, key);
    showToast({ ...done, undoUntil: sentAt + UNDO_MS });
  } catch (error) {
    isDone = false;
    showRow(client, row);
    const retry = (): void => {
      dropToast(key);
      performAct(client, row, act, key);
    };
    showToast({
      key,
      handoffId: id,
      say: `Not ${firstLower(sayDone(act))}: ${name}. ${sayWhy(error)}`,
      undoUntil: null,
      failed: true,
      retry: isWorthRetry(error) ? retry : null,
    });
  } finally {
    setPending(id, false);
  }
  const isSeen = await showTruth(client, id);
  // who does not see it can't take it back either
  if (isDone && !isSeen) showToast({ ...done, undoUntil: null });
};

/** Takes back what was just done with the handoff, while the server still lets it. Never throws. */
export const undoAct = async (client: QueryClient, id: number, key: string): Promise<void> => {
  if (isPending(id)) return;
  dropToast(key);
  setPending(id, true);
  const told = { key: `${key}-undo`, handoffId: id, undoUntil: null } as const;
  try {
    await request(HANDOFF_ACTS.undo, { params: { id }, body: {} }, undefined, { idempotencyKey: `${key}-undo` });
    showToast({ ...told, say: 'Undone. It is as it was before.', failed: false, retry: null });
  } catch (error) {
    const retry = (): void => {
      dropToast(told.key);
      undoAct(client, id, key);
    };
    showToast({
      ...told,
      say: `Not undone. ${sayWhy(error)}`,
      failed: true,
      retry: isWorthRetry(error) ? retry : null,
    });
  } finally {
    setPending(id, false);
  }
  await showTruth(client, id);
};
