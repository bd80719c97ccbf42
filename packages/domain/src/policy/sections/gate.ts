import { EVENT_MARKS } from '../../handoff/input.ts';
import { type Gate, HOLD_CAUSES, type HoldCause } from '../document.ts';
import { nearest } from '../nearest.ts';
import { readElapsed } from '../readDuration.ts';
import {
  type At,
  complete,
  type Read,
  readById,
  readFields,
  readId,
  readList,
  readOneOf,
  readText,
  report,
} from '../reader.ts';

/** What holds where the section, or a part of it, is left out: machines don't count, a lead can be reached. */
export const GATE_DEFAULT: Gate = {
  ignore: [...EVENT_MARKS],
  reachableRequired: true,
  consent: { emailRequiredIn: [], respectDoNotCall: true },
  hold: [],
};

const HOLD_EXAMPLE = '{ for: 7d, queue: triage, then: drop }';
const isHoldCause = (id: string): id is HoldCause => (HOLD_CAUSES as readonly string[]).includes(id);

const readHeld = (at: At, id: string): Gate['hold'][number] | undefined => {
  if (!isHoldCause(id)) {
    const meant = nearest(id, HOLD_CAUSES);
    const mend = meant === undefined ? `known: ${HOLD_CAUSES.join(', ')}` : `did you mean ${meant}?`;
    return report(at, 'not-in-vocabulary', `nothing is suspected of “${id}”`, mend);
  }
  const fields = readFields(at, ['for', 'queue', 'then'], HOLD_EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<Gate['hold'][number]>({
    id,
    ms: fields.required('for', readElapsed),
    queue: fields.required('queue', readId),
    after: fields.required('then', readOneOf(['drop', 'hand-off'])),
  });
};

const readCountry: Read<string> = (at) => {
  const text = readText(2)(at);
  if (text === undefined || /^[A-Z]{2}$/.test(text)) return text;
  return report(at, 'not-in-vocabulary', `“${text}” is no country code`, 'write two capital letters, e.g. DE');
};

const readConsent: Read<Gate['consent']> = (at) => {
  const fields = readFields(at, ['email', 'do-not-call'], '{ email: { required-in: [DE] }, do-not-call: respect }');
  if (fields === undefined) return undefined;
  const readEmail: Read<readonly string[]> = (inner) =>
    readFields(inner, ['required-in'], '{ required-in: [DE] }')?.required(
      'required-in',
      readList(readCountry, '[DE, AT]'),
    );
  const doNotCall = fields.optional('do-not-call', readOneOf(['respect', 'ignore']), 'respect');
  return complete<Gate['consent']>({
    emailRequiredIn: fields.optional('email', readEmail, []),
    respectDoNotCall: doNotCall === undefined ? undefined : doNotCall === 'respect',
  });
};

/** `gate`: checks before anything is handed off. */
export const readGate: Read<Gate> = (at) => {
  const fields = readFields(at, ['ignore', 'reachable', 'consent', 'hold'], '{ ignore: [bot], reachable: required }');
  if (fields === undefined) return undefined;
  const reachable = fields.optional('reachable', readOneOf(['required', 'optional']), 'required');
  return complete<Gate>({
    ignore: fields.optional(
      'ignore',
      readList(readOneOf(EVENT_MARKS), '[bot]', { min: 0, max: 20 }),
      GATE_DEFAULT.ignore,
    ),
    reachableRequired: reachable === undefined ? undefined : reachable === 'required',
    consent: fields.optional('consent', readConsent, GATE_DEFAULT.consent),
    hold: fields.optional('hold', readById(readHeld, `{ spam-suspect: ${HOLD_EXAMPLE} }`), []),
  });
};
