import { type ContactState, newContact } from '@baton/domain/handoff/state.ts';

/**
 * A contact's state as it is stored: JSON without what is null, zero or an empty list, which is most of a visitor's. It is written
 * and parsed at nearly every event, so each byte costs on both sides.
 */
export const storeState = (state: ContactState): string => {
  let text = `{"id":${state.id}`;
  for (const key of Object.keys(state) as (keyof ContactState)[]) {
    const value = state[key];
    if (key === 'id' || value === null || value === 0 || (Array.isArray(value) && value.length === 0)) continue;
    text += `,"${key}":${JSON.stringify(value)}`;
  }
  return `${text}}`;
};

/** The state of a stored text; what was left out is as a contact begins. */
export const readState = (text: string): ContactState => {
  const stored = JSON.parse(text) as Partial<ContactState> & Pick<ContactState, 'id'>;
  return { ...newContact(stored.id), ...stored };
};
