import type { Facts } from '../facts/fact.ts';
import { assertNever } from '../kernel/assertNever.ts';
import type { CompiledPolicy, View } from '../policy/compiled.ts';
import type { ExceptRule, HoldCause, Hold as HoldRule, RouteTarget } from '../policy/document.ts';
import { testCondition } from '../policy/evaluate.ts';
import { channelsOf } from './channels.ts';

/** What stands between a rule that is met and a handoff. */
export type Passage =
  | { readonly kind: 'free' }
  /** Not handed off yet: a fact that comes later can open the way, so it is judged again with each. */
  | { readonly kind: 'blocked'; readonly code: 'not-reachable'; readonly say: string }
  | { readonly kind: 'hold'; readonly exceptionId: string; readonly hold: HoldRule; readonly say: string }
  | {
      readonly kind: 'expansion';
      readonly exceptionId: string;
      readonly intent: string;
      readonly to: RouteTarget | null;
    };

/** Who is a customer already gets an expansion handoff, where no exception of the policy says otherwise. */
const CUSTOMER_STAGES: ReadonlySet<string> = new Set(['customer', 'evangelist']);

/** The facts by which a suspicion is known. */
const SUSPICIONS: { readonly [cause in HoldCause]: (facts: Facts) => boolean } = {
  'spam-suspect': (facts) => facts['contact.spam-suspect']?.value === true,
  'disposable-mail': (facts) => facts['contact.email-kind']?.value === 'disposable',
};

/**
 * Checks whether there is an address or a number at all. Cheap: needs no company. Missing consent does not stop somebody
 * who asks for a demo from being handed off; it decides by which way the first task may reach them.
 */
export const checkReachable = (policy: CompiledPolicy, facts: Facts): Passage => {
  const { gate } = policy.document;
  if (!gate.reachableRequired) return { kind: 'free' };
  const channels = channelsOf(gate, facts);
  return channels.any ? { kind: 'free' } : { kind: 'blocked', code: 'not-reachable', say: channels.say };
};

/** Suspicions first, then the policy's exceptions, first match; then what being a customer means. */
export const checkPassage = (policy: CompiledPolicy, view: View): Passage => {
  for (const rule of policy.document.gate.hold)
    if (SUSPICIONS[rule.id](view.facts))
      return { kind: 'hold', exceptionId: rule.id, hold: rule, say: HOLD_WORDS[rule.id] };
  for (const rule of policy.document.except) {
    const { verdict, trace } = testCondition(policy, rule.when, view);
    if (verdict === 'met') return except(rule, trace.say);
  }
  if (view.companyStage != null && CUSTOMER_STAGES.has(view.companyStage))
    return { kind: 'expansion', exceptionId: 'customer', intent: 'expansion', to: { kind: 'company-owner' } };
  return { kind: 'free' };
};

/** True for a suspicion that what is known by now no longer bears out. */
export const isCleared = (exceptionId: string, facts: Facts): boolean =>
  exceptionId in SUSPICIONS && !SUSPICIONS[exceptionId as HoldCause](facts);

const HOLD_WORDS: { readonly [cause in HoldCause]: string } = {
  'spam-suspect': 'it looks like spam',
  'disposable-mail': 'the mailbox is a disposable one',
};

const except = (rule: ExceptRule, say: string): Passage => {
  switch (rule.instead.kind) {
    case 'hold':
      return { kind: 'hold', exceptionId: rule.id, hold: rule.instead.hold, say };
    case 'handoff':
      return { kind: 'expansion', exceptionId: rule.id, intent: rule.instead.intent, to: rule.instead.to };
    default:
      return assertNever(rule.instead);
  }
};
