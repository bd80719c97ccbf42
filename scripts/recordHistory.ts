/**
 * Records a history: a fixed course of what happens to a small company, each input as data with what was decided about it.
 * `replay.test.ts` decides them again on every change. Run it once for each new evaluator version, and keep the old file:
 *   node scripts/recordHistory.ts packages/domain/src/handoff/histories/v3.json
 */
import { writeFileSync } from 'node:fs';
import type { ClockKind } from '../packages/domain/src/handoff/decision.ts';
import { decisionJson } from '../packages/domain/src/handoff/decisionJson.ts';
import { emptyHistory, type History, worldOf } from '../packages/domain/src/handoff/historyFixture.ts';
import type { Input } from '../packages/domain/src/handoff/input.ts';
import { clocksOf } from '../packages/domain/src/handoff/steps/clocks.ts';
import { act, event, type World } from '../packages/domain/src/handoff/worldFixture.ts';
import { textHash } from '../packages/domain/src/kernel/textHash.ts';
import { HOUR_MS } from '../packages/domain/src/kernel/time.ts';

/** A linear congruential generator (Numerical Recipes), so that the course is the same on every machine. */
const dice = (seed: number) => (sides: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * sides);
};

const roll = dice(20_261_123);
const REASONS = ['bad-fit', 'no-intent', 'bad-data', 'wrong-owner'];
const OUTCOMES = ['connected', 'voicemail', 'no-answer', 'bounced', 'met', 'booked'] as const;
const by = (): { kind: 'rep'; id: number } => ({ kind: 'rep', id: 1 + roll(3) });
const person = { kind: 'person', name: 'Mia', team: 'sales' } as const;

const asks = ({ now }: World): Input => event('Demo Requested', now);
const accepts = (): Input => ({ kind: 'rep-acted', by: person, act: { do: 'accept' } });

/** One of the clocks that run is looked at: often it is due, sometimes it is too early. */
const wakes = ({ contacts }: World, id: number): Input => {
  const handoff = contacts.get(id)?.handoff ?? null;
  const running = handoff === null ? [] : (Object.keys(clocksOf(handoff)) as ClockKind[]);
  return { kind: 'timer-fired', timer: running[roll(Math.max(1, running.length))] ?? 'response' };
};

/** What may happen, the commoner ones more than once. */
const HAPPENINGS: readonly ((world: World, contactId: number) => Input)[] = [
  asks,
  asks,
  asks,
  accepts,
  accepts,
  ({ now }) => event('page', now, { properties: { path: '/pricing' } }),
  ({ now }) => event('page', now),
  ({ now }) => event('Email Opened', now, { marks: roll(2) === 0 ? ['machine-open'] : [] }),
  ({ now }) => event('identify', now, { type: 'identify', claims: [{ path: 'contact.title', value: 'cto' }] }),
  () => ({ kind: 'rep-acted', by: person, act: { do: 'accept' } }),
  () => ({ kind: 'rep-acted', by: by(), act: { do: 'accept' } }),
  () => ({ kind: 'rep-acted', by: by(), act: { do: 'claim' } }),
  ({ now }) => ({
    kind: 'rep-acted',
    by: person,
    act: { do: 'log-contact', channel: 'call', outcome: OUTCOMES[roll(OUTCOMES.length)] as 'met', note: null, at: now },
  }),
  () => ({
    kind: 'rep-acted',
    by: person,
    act: { do: 'reject', reason: REASONS[roll(REASONS.length)] as string, detail: null },
  }),
  ({ now }) => ({ kind: 'rep-acted', by: person, act: { do: 'park', until: now + 48 * HOUR_MS, note: 'busy' } }),
  () => ({ kind: 'rep-acted', by: person, act: { do: 'hand-back', reason: 'on a trip' } }),
  () => ({ kind: 'rep-acted', by: person, act: { do: 'pass-on', leg: null, to: null, note: null } }),
  () => ({ kind: 'rep-acted', by: person, act: { do: 'pass-on', leg: null, to: 1 + roll(3), note: null } }),
  () => ({ kind: 'timer-fired', timer: 'return' }),
  wakes,
  wakes,
  wakes,
  wakes,
  () => ({ kind: 'timer-fired', timer: 'reevaluate' }),
  () => ({
    kind: 'fast-tracked',
    by: { kind: 'person', name: 'Max', team: 'marketing' },
    intent: 'high',
    note: 'met at the fair',
  }),
  () => ({ kind: 'manager-acted', by: person, act: { do: 'assign', to: 1 + roll(3) } }),
  ({ now, contacts }, id) => ({
    kind: 'deal-changed',
    by: person,
    dealId: contacts.get(id)?.handoff?.dealId ?? 9_000 + id,
    change: { to: (['created', 'moved', 'won', 'lost'] as const)[roll(4)] as 'won', at: now, reason: 'price' },
  }),
  ({ now }) => (roll(6) === 0 ? { kind: 'withdrawn', by: { kind: 'policy' }, cause: 'objection' } : event('page', now)),
  () => ({ kind: 'facts-changed', cause: 'company' }),
  () => ({ kind: 'policy-published' }),
];

const history: History = emptyHistory();
const world = worldOf(history);
const steps: History['steps'][number][] = [];
for (let n = 0; n < 600; n += 1) {
  world.now += roll(3) * 7 * HOUR_MS;
  const contactId = 1 + roll(world.contacts.size);
  const input = (HAPPENINGS[roll(HAPPENINGS.length)] as (typeof HAPPENINGS)[number])(world, contactId);
  const before = world.decisions.length;
  const decided = act(world, contactId, input);
  steps.push({
    now: world.now,
    contactId,
    input,
    outcomes:
      decided.kind === 'refused' ? [decided.refusal.code] : world.decisions.slice(before).map((one) => one.outcome),
    bytes: decided.kind === 'refused' ? null : textHash(world.decisions.slice(before).map(decisionJson).join('\n')),
  });
}
writeFileSync(process.argv[2] ?? '/dev/stdout', `${JSON.stringify({ ...history, steps }, null, 1)}\n`);
