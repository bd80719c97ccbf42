import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/time.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { emptyDocument } from '../policy/policyFixture.ts';
import type { Template, TemplateToken } from '../policy/template.ts';

const token = (name: TemplateToken): Template[number] => ({ kind: 'token', token: name, fallback: null });
const text = (words: string): Template[number] => ({ kind: 'text', text: words });
const route = { ifAway: 'keep', outsideHours: 'assign-now', tellGroup: false, widenTo: null, charge: 'none' } as const;
const reason = {
  status: 'unqualified',
  backTo: 'lead',
  ask: [],
  nurtureMs: null,
  afterAttempts: 0,
  merge: false,
  reroute: false,
  suppress: false,
} as const;

/** An inbound policy with every section that acts: two intents, a gate, exceptions, owners, one team, promises, deal. */
export const inboundDocument: PolicyDocument = {
  ...emptyDocument,
  name: 'Inbound',
  signals: [
    {
      id: 'page-view',
      say: 'visited the site',
      on: 'page',
      where: null,
      points: 10,
      cap: 100,
      halfLifeMs: 30 * DAY_MS,
      trust: 'browser',
    },
  ],
  fit: [
    { id: 'role', say: 'decides', when: { kind: 'fact', path: 'contact.title', op: 'is', operand: 'cto' }, points: 60 },
  ],
  actions: [
    { id: 'demo', say: 'asked for a demo', on: 'Demo Requested', where: null, times: 1, withinMs: null, trust: 'form' },
  ],
  qualify: [
    { id: 'hand-raiser', say: 'asked for a demo', intent: 'high', when: { kind: 'action', action: 'demo' } },
    {
      id: 'engaged',
      say: 'fits and is active',
      intent: 'standard',
      when: {
        kind: 'all',
        of: [
          { kind: 'engagement', op: 'gte', points: 40 },
          { kind: 'fit', op: 'gte', points: 60 },
        ],
      },
    },
  ],
  manual: { by: 'marketing', needs: ['note'], atMost: null },
  gate: {
    ...emptyDocument.gate,
    ignore: ['bot'],
    reachableRequired: true,
    hold: [{ id: 'disposable-mail', ms: 7 * DAY_MS, queue: 'triage', after: 'drop' }],
  },
  except: [
    {
      id: 'competitor',
      when: { kind: 'fact', path: 'company.domain', op: 'is', operand: 'rival.example' },
      instead: { kind: 'hold', hold: { ms: 30 * DAY_MS, queue: 'triage', after: 'hand-off' } },
    },
    {
      id: 'customer',
      when: { kind: 'fact', path: 'company.lifecycle', op: 'is', operand: 'customer' },
      instead: { kind: 'handoff', intent: 'expansion', to: { kind: 'company-owner' } },
    },
  ],
  route: [
    {
      ...route,
      id: 'named-account',
      when: { kind: 'fact', path: 'company.owner', op: 'selling', operand: true },
      to: { kind: 'company-owner' },
      accept: { by: 'policy' },
    },
    {
      ...route,
      id: 'known-contact',
      when: { kind: 'fact', path: 'contact.owner', op: 'selling', operand: true },
      to: { kind: 'contact-owner' },
      accept: { by: 'policy' },
    },
    {
      ...route,
      id: 'everyone',
      when: null,
      to: { kind: 'team', team: 'inbound' },
      accept: { by: 'rep', within: { kind: 'working', ms: 30 * MINUTE_MS }, maxOffers: 3 },
    },
  ],
  fallback: { queue: 'triage', tell: 'sales-managers' },
  promise: [
    {
      intent: 'high',
      contactWithin: { kind: 'working', ms: 4 * HOUR_MS },
      nextStepWithin: { kind: 'working-days', days: 1 },
      outcomeWithin: { kind: 'working-days', days: 10 },
      tries: null,
      graceAfterReassign: null,
      ladder: [],
    },
  ],
  firstTask: [
    {
      intent: 'high',
      type: 'call',
      else: 'email',
      title: [text('Call '), token('contact.first_name'), text(': '), token('reason')],
      due: { kind: 'promise' },
    },
  ],
  deal: [
    {
      intent: 'high',
      pipeline: 'sales',
      stage: 'appointment',
      name: [token('company.name'), text(': '), token('reason')],
      owner: 'handoff',
      closeInMs: 30 * DAY_MS,
      ifOpen: 'attach',
      ifRejected: 'close-lost',
    },
  ],
  statuses: [{ id: 'nurturing', like: 'bad-timing', label: 'Nurturing' }],
  feedback: {
    reject: [
      { ...reason, id: 'bad-fit' },
      { ...reason, id: 'no-intent' },
      { ...reason, id: 'bad-data' },
      { ...reason, id: 'unreachable', status: 'nurturing', afterAttempts: 2 },
      { ...reason, id: 'wrong-owner', status: null, backTo: null, reroute: true },
      { ...reason, id: 'spam', backTo: 'other', suppress: true },
    ],
    closedLost: [{ ...reason, id: 'price', status: null, nurtureMs: 180 * DAY_MS }],
  },
  again: {
    afterReject: {
      handRaise: { kind: 'at-once' },
      score: { kind: 'after', newPoints: 30, waitMs: 10 * DAY_MS },
      byReason: [
        { reason: 'bad-fit', way: { kind: 'fit-changed' } },
        { reason: 'spam', way: { kind: 'never' } },
      ],
    },
    afterLost: { handRaise: { kind: 'at-once' }, score: { kind: 'never' }, byReason: [] },
  },
};

export const compiled = (document: PolicyDocument = inboundDocument): CompiledPolicy =>
  compilePolicy(document, 'hash-of-inbound', new Map());
