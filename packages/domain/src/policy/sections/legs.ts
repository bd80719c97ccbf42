import { LEG_TRIGGERS, type LegRule } from '../document.ts';
import { readDuration } from '../readDuration.ts';
import { complete, type Read, readFields, readId, readOneOf, readRules } from '../reader.ts';
import { readAccept, readTarget, readTeam } from '../readTarget.ts';

const EXAMPLE = '{ id: sdr-to-ae, when: meeting-booked, to: { team: ae }, accept: { by: rep, within: 1wd } }';

const readLeg: Read<LegRule> = (at) => {
  const fields = readFields(at, ['id', 'when', 'to', 'accept', 'promise', 'deal-owner'], EXAMPLE);
  if (fields === undefined) return undefined;
  const readContact: Read<LegRule['contactWithin']> = (inner) =>
    readFields(inner, ['contact-within'], '{ contact-within: 1wd }')?.required('contact-within', readDuration);
  return complete<LegRule>({
    id: fields.required('id', readId),
    when: fields.required('when', readOneOf(LEG_TRIGGERS)),
    to: fields.required('to', readTarget),
    accept: fields.optional('accept', readAccept, { by: 'policy' }),
    contactWithin: fields.optional('promise', readContact, null),
    dealOwner: fields.optional('deal-owner', readTeam, null),
  });
};

/** `legs`: passing on inside sales. */
export const readLegs = readRules(readLeg, `[ ${EXAMPLE} ]`);
