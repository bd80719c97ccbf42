import { compareTexts } from '../facts/foldFacts.ts';
import type { Touch, Touches } from './touch.ts';

/** Total order by (at, key); what one event says beyond that breaks the last tie, so that repetition has no say. */
const compareTouches = (one: Touch, other: Touch): number =>
  one.at - other.at || compareTexts(one.key, other.key) || compareTexts(JSON.stringify(one), JSON.stringify(other));

/** Keeps the earliest and the latest touch. Answers the same object where nothing changed. Constant. */
export const addTouch = (touches: Touches, touch: Touch): Touches => {
  const { first, latest } = touches;
  const isFirst = first === null || compareTouches(touch, first) < 0;
  const isLatest = latest === null || compareTouches(touch, latest) > 0;
  return isFirst || isLatest ? { first: isFirst ? touch : first, latest: isLatest ? touch : latest } : touches;
};

/** The earliest and the latest of both. Constant. */
export const mergeTouches = (one: Touches, other: Touches): Touches => {
  const first = other.first === null ? one : addTouch(one, other.first);
  return other.latest === null ? first : addTouch(first, other.latest);
};
