/** A team with hours, a manager and a promise with a whole ladder, for tests of clocks. */
import type { RepId } from '../kernel/ids.ts';
import { HOUR_MS, MINUTE_MS } from '../kernel/time.ts';
import type { PolicyDocument, PromiseRule } from '../policy/document.ts';
import type { Calendar } from '../promise/clock.ts';
import { nextAtOf } from '../promise/ladder.ts';
import type { Change, ClockKind, Decision } from './decision.ts';
import { ANA, BEN, decisionOf } from './givenFixture.ts';
import { compiled, inboundDocument } from './inboundFixture.ts';
import type { Clock } from './state.ts';
import { clocksOf } from './steps/clocks.ts';
import { act, addContact, event, newWorld, rep, type World } from './worldFixture.ts';

export const CLEO: RepId = 3;
export const MIA: RepId = 9;

/** Four working hours: reminded at half, told of at the end, relieved at one and a half; then two days, ten days, six tries. */
export const HIGH: PromiseRule = {
  intent: 'high',
  contactWithin: { kind: 'working', ms: 4 * HOUR_MS },
  nextStepWithin: { kind: 'working-days', days: 2 },
  outcomeWithin: { kind: 'working-days', days: 10 },
  tries: { count: 3, within: { kind: 'working-days', days: 5 } },
  graceAfterReassign: { kind: 'working', ms: 30 * MINUTE_MS },
  ladder: [
    { atPercent: 50, do: ['remind'] },
    { atPercent: 100, do: ['remind-task', 'tell-manager'] },
    { atPercent: 150, do: ['reassign'] },
  ],
};

/** The inbound policy with that promise; `more` changes it. */
export const promised = (more: Partial<PolicyDocument> = {}): PolicyDocument => ({
  ...inboundDocument,
  promise: [HIGH],
  notify: [
    { id: 'owner', via: ['in-app', 'email', 'slack'], to: null, for: null, subject: null, body: null },
    { id: 'channel', via: ['slack'], to: '#inbound', for: ['high'], subject: null, body: null },
  ],
  ...more,
});

/** Ana, Ben and Cleo of the team inbound, which Mia manages and which works by this calendar. */
export const floor = (document = promised(), calendar?: Calendar): World => {
  const world = newWorld(
    compiled(document),
    [rep(ANA, 'Ana'), rep(BEN, 'Ben'), rep(CLEO, 'Cleo'), rep(MIA, 'Mia', { selling: false })],
    { inbound: [ANA, BEN, CLEO] },
  );
  world.teams.set('inbound', { managerId: MIA, ...(calendar === undefined ? {} : { calendar }) });
  return world;
};

/** Contact 1 asked for a demo just now. */
export const asked = (world: World): World => {
  addContact(world, 1, 1, { 'contact.name': 'Ada Lovelace', 'contact.phone': '+49 30 1' });
  act(world, 1, event('Demo Requested', world.now));
  return world;
};

/** The running clocks of a contact's handoff. */
export const clocksIn = (world: World, id = 1): readonly (readonly [ClockKind, Clock])[] => {
  const handoff = world.contacts.get(id)?.handoff ?? null;
  return handoff === null ? [] : (Object.entries(clocksOf(handoff)) as [ClockKind, Clock][]);
};

/** Wakes the clocks of a contact one after the other, each when it wants to be looked at, until `end`; each wake's decision. */
export const runUntil = (world: World, end: number, id = 1): readonly Decision[] => {
  const decisions: Decision[] = [];
  for (;;) {
    const [next] = [...clocksIn(world, id)].sort(([, a], [, b]) => nextAtOf(a) - nextAtOf(b));
    if (next === undefined || nextAtOf(next[1]) > end) break;
    world.now = Math.max(world.now, nextAtOf(next[1]));
    decisions.push(decisionOf(act(world, id, { kind: 'timer-fired', timer: next[0] })));
  }
  world.now = Math.max(world.now, end);
  return decisions;
};

/** The steps that were recorded: which clock, which number, what it did, and when after `from` it was planned. */
export const stepsIn = (decisions: readonly Decision[], from: number) =>
  decisions.flatMap(({ changes }) =>
    changes
      .filter((change): change is Extract<Change, { kind: 'clock-fired' }> => change.kind === 'clock-fired')
      .map(({ clock, step, act: did, plannedAt }) => `${clock} ${step} ${did} +${(plannedAt - from) / MINUTE_MS}m`),
  );

/** Who was told, and how. */
export const toldIn = (decisions: readonly Decision[]) =>
  decisions.flatMap(({ effects }) =>
    effects.map((effect) =>
      effect.kind === 'notify-rep'
        ? `rep ${effect.repId}: ${effect.subject}`
        : effect.kind === 'notify-place'
          ? `${effect.via} ${effect.to}: ${effect.subject}`
          : `queue ${effect.queueId}: ${effect.subject}`,
    ),
  );
