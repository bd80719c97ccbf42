import type { HandoffRow } from '@baton/contract/handoffs.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { handoffAddress, type LinkMaker } from '../links.ts';
import { sayState } from '../sayState.ts';
import { allDue, sayLocal } from '../sayTimes.ts';

/** Parts of Slack's Block Kit, as JSON. */
export type Block = { readonly type: string } & { readonly [field: string]: unknown };
export type View = { readonly type: 'modal' } & { readonly [field: string]: unknown };

/** What a button or a window says it is; the handler looks it up. */
export const SLACK_ACTIONS = {
  accept: 'baton_accept',
  reject: 'baton_reject',
  park: 'baton_park',
  open: 'baton_open',
  undo: 'baton_undo',
} as const;

// Slack takes 3000 characters a section and 2000 a field; escaped, one of ours may take five
const NAME_MAX = 120;
const SAYS_MAX = 550;
const FIELD_MAX = 350;

const shorter = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/** A text in Slack's own markup, `max` characters of it: what people wrote is neither a link nor a mention there. */
export const mrkdwn = (text: string, max = NAME_MAX): string =>
  shorter(text, max).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** An instant that each reader sees in their own time zone; who cannot reads UTC. */
export const slackDate = (at: Instant): string =>
  `<!date^${Math.floor(at / 1_000)}^{date_short_pretty}, {time}|${sayLocal(at, 'UTC')}>`;

/** What a message about a handoff shows. */
export type SlackNotice = {
  readonly row: HandoffRow;
  readonly subject: string;
  readonly body: string;
  /** The rep it was sent to; null for a channel that several read. */
  readonly repId: RepId | null;
  readonly links: LinkMaker;
  readonly acceptedAt: Instant | null;
  readonly now: Instant;
  /** The reader has just acted and can take it back. */
  readonly undoable?: boolean;
};

const headOf = ({ row, links }: SlackNotice): string => {
  const name = row.contact.name ?? row.contact.email ?? `Contact ${row.contact.id}`;
  const company =
    row.company?.name == null
      ? null
      : `${row.company.name}${row.company.size === null ? '' : ` (${row.company.size})`}`;
  const under = [row.contact.title, company].filter((part) => part !== null).join(', ');
  return `*<${handoffAddress(links, row.id)}|${mrkdwn(name)}>*${under === '' ? '' : `\n${mrkdwn(under, FIELD_MAX)}`}`;
};

const field = (label: string, value: string): object => ({
  type: 'mrkdwn',
  text: `*${label}*\n${value}`,
});

const button = (action: string, label: string, handoffId: number, more: object = {}): object => ({
  type: 'button',
  action_id: action,
  text: { type: 'plain_text', text: label },
  value: String(handoffId),
  ...more,
});

/** Statuses in which the rep who has it still has something to decide, with the buttons that are then there. */
const BUTTONS: { readonly [status in HandoffRow['status']]?: readonly ('accept' | 'reject' | 'park')[] } = {
  offered: ['accept', 'reject', 'park'],
  open: ['reject', 'park'],
  working: ['reject', 'park'],
  parked: ['reject'],
};

/**
 * The message of a handoff as it stands now. While it waits for the rep who reads it, with buttons; afterwards it is the
 * record of what became of it. Within Slack's limits whatever people wrote.
 */
export const noticeMessage = (notice: SlackNotice): { readonly text: string; readonly blocks: readonly Block[] } => {
  const { row, repId, links, now } = notice;
  const isTheirs = repId !== null && row.owner?.id === repId;
  const offered = isTheirs ? (BUTTONS[row.status] ?? []) : [];
  const state = sayState(row, repId, now, notice.acceptedAt);
  const open = button(SLACK_ACTIONS.open, 'Open', row.id, { url: handoffAddress(links, row.id) });
  return {
    text: `${mrkdwn(notice.subject, FIELD_MAX)}. ${mrkdwn(state)}`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: headOf(notice) } },
      ...(notice.body.trim() === ''
        ? []
        : [{ type: 'section', text: { type: 'mrkdwn', text: mrkdwn(notice.body, SAYS_MAX) } }]),
      {
        type: 'section',
        fields: [
          field('Why', mrkdwn(row.why, FIELD_MAX)),
          ...(row.whyOwner === null
            ? []
            : [field(isTheirs ? 'Why you' : 'Why its owner', mrkdwn(row.whyOwner, FIELD_MAX))]),
          ...allDue(row).map(({ label, at }) => field(label, slackDate(at))),
        ],
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: mrkdwn(state, FIELD_MAX) }] },
      {
        type: 'actions',
        elements: [
          ...offered.map((act) =>
            button(SLACK_ACTIONS[act], LABELS[act], row.id, act === 'accept' ? { style: 'primary' } : {}),
          ),
          ...(notice.undoable === true ? [button(SLACK_ACTIONS.undo, 'Undo', row.id)] : []),
          open,
        ],
      },
    ],
  };
};

const LABELS = { accept: 'Accept', reject: 'Reject…', park: 'Bad timing…' } as const;

/** A message that is about no handoff: its subject and its text. */
export const plainMessage = (
  subject: string,
  body: string,
): { readonly text: string; readonly blocks: readonly Block[] } => ({
  text: mrkdwn(subject, FIELD_MAX),
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: `*${mrkdwn(subject)}*\n${mrkdwn(body, SAYS_MAX - NAME_MAX)}` } },
  ],
});

/** Block ids of the windows' fields, by which a refusal is shown beside the field that it is about. */
export const VIEW_FIELDS = { reason: 'reason', until: 'until', detail: 'detail' } as const;

const view = (callback: string, title: string, submit: string, handoffId: number, blocks: readonly Block[]): View => ({
  type: 'modal',
  callback_id: callback,
  private_metadata: String(handoffId),
  title: { type: 'plain_text', text: title },
  submit: { type: 'plain_text', text: submit },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks,
});

const noteBlock = (label: string): Block => ({
  type: 'input',
  block_id: VIEW_FIELDS.detail,
  optional: true,
  label: { type: 'plain_text', text: label },
  element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: 1_000 },
});

const OPTIONS_MAX = 100;

/** The window that asks why a lead is rejected: the reasons of the policy. */
export const rejectView = (handoffId: number, reasons: readonly string[]): View =>
  view(SLACK_ACTIONS.reject, 'Reject the lead', 'Reject', handoffId, [
    {
      type: 'input',
      block_id: VIEW_FIELDS.reason,
      label: { type: 'plain_text', text: 'Why is this no lead for sales?' },
      element: {
        type: 'static_select',
        action_id: 'value',
        options: reasons.slice(0, OPTIONS_MAX).map((reason) => ({
          text: { type: 'plain_text', text: shorter(reason.replaceAll('-', ' '), 75) },
          value: shorter(reason, 150),
        })),
      },
    },
    noteBlock('What marketing should know'),
  ]);

/** The window that asks until when it is put off. `firstDay`: as `2026-11-24`. */
export const parkView = (handoffId: number, firstDay: string): View =>
  view(SLACK_ACTIONS.park, 'Bad timing', 'Put it off', handoffId, [
    {
      type: 'input',
      block_id: VIEW_FIELDS.until,
      label: { type: 'plain_text', text: 'Comes back to you on' },
      element: { type: 'datepicker', action_id: 'value', initial_date: firstDay },
    },
    noteBlock('Note'),
  ]);
