import type { HandoffRow } from '@baton/contract/handoffs.ts';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../outbox/sender.ts';
import { noticeParts } from './mail/noticeParts.ts';
import { allDue } from './sayTimes.ts';
import { noticeMessage } from './slack/slackBlocks.ts';

const NOW = Date.UTC(2026, 10, 24, 13, 0);
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();

const row: HandoffRow = {
  id: 1,
  status: 'offered',
  kind: 'inbound',
  intent: 'high',
  qualifiedAt: at(-10),
  contact: { id: 1, name: 'Ada Ames', email: null, title: null },
  company: null,
  owner: { id: 1, name: 'Ana Weber' },
  queue: null,
  team: null,
  ruleId: 'r',
  why: 'asked for a demo',
  whyOwner: null,
  leadStatus: null,
  clock: { kind: 'response', startedAt: at(-10), dueAt: at(230), stoppedAt: null, how: null },
  acceptBy: { startedAt: at(-10), dueAt: at(20), leftMs: 20 * 60_000 },
  breached: false,
  source: null,
  groupSize: 1,
  closedReason: null,
};
const accepted: HandoffRow = { ...row, status: 'open', acceptBy: null };
const labels = (of: HandoffRow): readonly string[] => allDue(of).map(({ label }) => label);

describe('what is owed, as told', () => {
  test('of an offer the acceptance first, then the first contact; once accepted the contact alone', () => {
    expect(allDue(row)).toEqual([
      { label: 'Accept by', at: NOW + 20 * 60_000 },
      { label: 'First contact by', at: NOW + 230 * 60_000 },
    ]);
    expect(labels(accepted)).toEqual(['First contact by']);
    expect(labels({ ...accepted, clock: null })).toEqual([]);
    expect(
      labels({ ...row, clock: { kind: 'accept', startedAt: at(0), dueAt: at(20), stoppedAt: null, how: null } }),
    ).toEqual(['Accept by']);
  });

  test('mails and chats say both, each with what is left', () => {
    const delivery = { body: 'Asked.', subject: 'Ada Ames', about: 'assigned' } as Delivery;
    const rep = { id: 1, name: 'Ana Weber', email: 'ana@x.example', timeZone: 'UTC', active: true };
    const facts = { row, phone: null, acceptedAt: null, rep, coversFor: null, first: null, isOff: false };
    const said = noticeParts(delivery, facts, NOW).rows.map(({ label, value }) => `${label}: ${value}`);
    expect(said).toEqual([
      'Why: asked for a demo',
      'Accept by: Tue 24 Nov, 13:20 UTC, in 20 min',
      'First contact by: Tue 24 Nov, 16:50 UTC, in 3 h 50 min',
    ]);
    const links = { publicUrl: 'https://baton.example', secret: Buffer.alloc(32) };
    const notice = { row, subject: 'Ada', body: '', repId: 1, links, acceptedAt: null, now: NOW };
    const blocks = JSON.stringify(noticeMessage(notice).blocks);
    expect(blocks).toMatch(/\*Accept by\*.*13:20 UTC.*\*First contact by\*.*16:50 UTC/);
  });
});
