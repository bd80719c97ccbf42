import type { IncomingEvent, Submit } from '../intake/incomingEvent.ts';
import { personOf } from './demoEvents.ts';

/**
 * Submits events so that each person's are committed in their order: events that name the person in different ways may go
 * different ways through the intake, so that what was said under one name is answered before the next name is used. Events
 * of different people stay together. Linear.
 */
export const submitInOrder = async (submit: Submit, events: readonly IncomingEvent[]): Promise<void> => {
  const turns: IncomingEvent[][] = [];
  const places = new Map<string, { name: string; turn: number }>();
  for (const event of events) {
    const name = event.identity.anonymousId ?? event.identity.email ?? '';
    const person = personOf(event);
    const place = places.get(person) ?? { name, turn: 0 };
    if (place.name !== name) place.turn += 1;
    place.name = name;
    places.set(person, place);
    const turn = turns[place.turn] ?? [];
    turns[place.turn] = turn;
    turn.push(event);
  }
  for (const turn of turns) await submit(turn);
};
