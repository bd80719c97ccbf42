import type { EventMark } from '@baton/domain/handoff/input.ts';
import { isbot } from 'isbot';

/** Mail proxies that fetch pictures for everybody, and Apple's privacy proxy, which names itself `Mozilla/5.0` and no more. */
const MACHINE_OPENERS = /GoogleImageProxy|YahooMailProxy|ggpht\.com|Microsoft Outlook Image|^Mozilla\/5\.0$/i;
/** Mail gateways that follow links before the person sees them. */
const LINK_SCANNERS =
  /Barracuda|Proofpoint|Mimecast|BingPreview|SafeLinks|SymantecMail|Cisco-?Email|IronPort|TrendMicro|Forcepoint|FireEye|urldefense|LinkScan|Slackbot|Office 365 ATP/i;
const OPENED = /^email opened$/i;
const CLICKED = /^email (?:link )?clicked$/i;

/** Flags that mail services put on opens that no person made. */
const MACHINE_FLAGS = ['machine_open', 'machineOpen', 'is_machine_open', 'sg_machine_open', 'mpp', 'proxied'] as const;

const NONE: readonly EventMark[] = [];
const BOT: readonly EventMark[] = ['bot'];
const known = new Map<string, boolean>();

/** True for the user agent of a robot. Answers are remembered, since few distinct agents come again and again. */
export const isBotAgent = (userAgent: string): boolean => {
  const before = known.get(userAgent);
  if (before !== undefined) return before;
  const answer = isbot(userAgent);
  if (known.size > 20_000) known.clear();
  known.set(userAgent, answer);
  return answer;
};

/** What the rules below look at. `userAgent` is the contact's, as the event says, or the requesting browser's. */
export type MarkHints = {
  readonly name: string;
  readonly userAgent: string | undefined;
  readonly properties: { readonly [name: string]: unknown };
  readonly email: string | undefined;
  readonly ownDomains: ReadonlySet<string>;
};

/** Why an event is not the contact's own act, by what it says of itself; see scannerClicks.ts for what timing tells. Pure. */
export const readMarks = (hints: MarkHints): readonly EventMark[] => {
  const { name, userAgent, properties, email, ownDomains } = hints;
  const marks: EventMark[] = [];
  if (OPENED.test(name)) {
    if (MACHINE_FLAGS.some((flag) => properties[flag] === true)) marks.push('machine-open');
    else if (userAgent !== undefined && MACHINE_OPENERS.test(userAgent)) marks.push('machine-open');
  } else if (CLICKED.test(name)) {
    if (userAgent !== undefined && LINK_SCANNERS.test(userAgent)) marks.push('scanner-click');
  }
  if (email !== undefined && ownDomains.size > 0) {
    const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
    if (ownDomains.has(domain)) marks.push('own-staff');
  }
  const bot = marks.length === 0 && userAgent !== undefined && isBotAgent(userAgent);
  if (bot) return BOT;
  return marks.length === 0 ? NONE : marks;
};
