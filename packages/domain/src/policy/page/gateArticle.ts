import { formatDuration } from '../../kernel/formatInstant.ts';
import type { Hold, HoldCause, Ignorable, PolicyDocument } from '../document.ts';
import { andList, clause, type Run, type Said, strong } from './clause.ts';
import { sayCondition, sayTarget } from './sayParts.ts';

const IGNORED: { readonly [Mark in Ignorable]: string } = {
  'machine-open': 'opens by machines',
  'scanner-click': 'clicks by scanners',
  'own-staff': 'our own staff',
  bot: 'bots',
};
const SUSPECTED: { readonly [Cause in HoldCause]: string } = {
  'spam-suspect': 'suspected spam',
  'disposable-mail': 'a throw-away mailbox',
};

const sayHold = (hold: Hold): readonly (string | Run)[] => [
  ' waits ',
  strong(formatDuration(hold.ms)),
  ` in ${hold.queue}, then it is ${hold.after === 'drop' ? 'dropped' : 'handed off'}.`,
];

/** What is checked before anyone is told: the gate and the exceptions. */
export const gateClauses = ({ gate, except }: PolicyDocument): readonly Said[] => {
  const { ignore, reachableRequired, consent } = gate;
  const said: Said[] = [];
  if (ignore.length > 0)
    said.push(clause('gate.ignore', [`${andList(ignore.map((mark) => IGNORED[mark]))} count for nothing.`]));
  said.push(
    clause('gate.reachable', [
      reachableRequired ? 'a lead has an e-mail address or a number.' : 'a lead need not be reachable.',
    ]),
  );
  if (consent.emailRequiredIn.length > 0)
    said.push(
      clause('gate.consent', ['in ', strong(andList(consent.emailRequiredIn)), ' there is consent before any e-mail.']),
    );
  said.push(
    clause('gate.consent', [
      consent.respectDoNotCall
        ? 'who does not want to be called is not called.'
        : 'a wish not to be called is shown, and calls stay possible.',
    ]),
  );
  for (const hold of gate.hold) said.push(clause(`gate.hold.${hold.id}`, [SUSPECTED[hold.id], sayHold(hold)]));
  for (const [index, rule] of except.entries()) {
    const { instead } = rule;
    const who = ['exception ', strong(rule.id), `: where ${sayCondition(rule.when)}, the lead`];
    said.push(
      instead.kind === 'hold'
        ? clause(`except[${index}]`, [who, sayHold(instead.hold)])
        : clause(`except[${index}]`, [
            who,
            ' goes to ',
            sayTarget(instead.to),
            ' with intent ',
            strong(instead.intent),
            '.',
          ]),
    );
  }
  return said;
};
