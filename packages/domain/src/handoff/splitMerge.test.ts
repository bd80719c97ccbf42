import { describe, expect, test } from 'vitest';
import { HOUR_MS } from '../kernel/time.ts';
import { accepted, asRep, did, handoffOf, known, ownerOf, stateOf } from './givenFixture.ts';
import { type Split, splitMerge } from './splitMerge.ts';
import type { ContactState } from './state.ts';
import { undoableStateOf } from './undoable.ts';
import { act, addContact, event, type World } from './worldFixture.ts';

const reject = (w: World, id: number): void => {
  act(w, id, did(asRep(ownerOf(w, id) ?? 0), { do: 'reject', reason: 'no-intent', detail: null }));
};

/** A world in which contacts 1 and 2 each had a handoff that was rejected, in the order given. */
const bothRejected = (order: readonly number[]): World => {
  const w = known();
  addContact(w, 2, null);
  for (const id of [1, 2]) act(w, id, event('Demo Requested', w.now));
  for (const id of order) {
    w.now += HOUR_MS;
    reject(w, id);
  }
  return w;
};

/** Merges 2 into 1, lets something happen, and parts them. */
const mergeAndSplit = (w: World, since: () => void = () => {}): { split: Split; before: readonly ContactState[] } => {
  const [one, two] = [stateOf(w, 1), stateOf(w, 2)];
  act(w, 1, { kind: 'merged', loser: two });
  since();
  return { split: splitMerge(stateOf(w, 1), undoableStateOf(one), two, () => false), before: [one, two] };
};

describe('the last closed handoff after a merge is undone', () => {
  test.each([
    ['the merged contact’s closed later', [1, 2]],
    ['the survivor’s own closed later', [2, 1]],
  ])('each has its own back: %s', (_, order) => {
    const { split, before } = mergeAndSplit(bothRejected(order));
    expect(before.map(({ last }) => last?.reason)).toEqual(['no-intent', 'no-intent']);
    expect(before[0]?.last?.id).not.toBe(before[1]?.last?.id);
    expect([split.survivor.last, split.loser.last]).toEqual(before.map(({ last }) => last));
  });

  test('who had none has none', () => {
    const w = known();
    addContact(w, 2, null);
    act(w, 2, event('Demo Requested', w.now));
    w.now += HOUR_MS;
    reject(w, 2);
    const { split, before } = mergeAndSplit(w);
    expect(split.survivor.last).toBeNull();
    expect(split.loser.last).toEqual(before[1]?.last);
  });

  test('one of the survivor that closed since stays with it', () => {
    const w = accepted();
    addContact(w, 2, null);
    act(w, 2, event('Demo Requested', w.now));
    w.now += HOUR_MS;
    reject(w, 2);
    const own = handoffOf(w).id;
    const { split, before } = mergeAndSplit(w, () => {
      w.now += HOUR_MS;
      reject(w, 1);
    });
    expect(split.survivor.last).toMatchObject({ id: own, status: 'rejected' });
    expect(split.loser.last).toEqual(before[1]?.last);
  });

  test('never names a handoff that is open', () => {
    const w = bothRejected([1, 2]);
    const [one, two] = [stateOf(w, 1), stateOf(w, 2)];
    const open = handoffOf(accepted());
    const now: ContactState = { ...one, last: null, handoff: { ...open, id: one.last?.id ?? 0 } };
    expect(splitMerge(now, undoableStateOf(one), two, () => false).survivor.last).toBeNull();
  });
});
