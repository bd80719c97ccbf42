/**
 * Cases as both teams write them: what a contact is and does, and what the policy should make of it, at a pinned `now`.
 * They are read into this shape by `readCases`; instants are absolute here.
 */
import type { FactValue, Trust } from '../../facts/fact.ts';
import type { EventMark } from '../../handoff/input.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import type { Instant } from '../../kernel/time.ts';
import type { TouchSource } from '../../source/touch.ts';

/** What happens, in the order of time. */
export type CaseStep =
  | {
      readonly kind: 'event';
      readonly at: Instant;
      /** As a policy's `on`: `page`, `screen`, or a track event's name. */
      readonly name: string;
      readonly properties: JsonObject;
      /** Facts about the contact that the event tells. */
      readonly facts: { readonly [path: string]: FactValue };
      readonly trust: Trust;
      readonly marks: readonly EventMark[];
    }
  | { readonly kind: 'fast-track'; readonly at: Instant; readonly intent: string; readonly note: string }
  | { readonly kind: 'accept'; readonly at: Instant; readonly by: string }
  | { readonly kind: 'reject'; readonly at: Instant; readonly by: string; readonly reason: string }
  | {
      readonly kind: 'log-contact';
      readonly at: Instant;
      readonly by: string;
      readonly outcome: 'connected' | 'no-answer';
    };

/** What is expected at the end, by the words of `EXPECTATIONS`; only what is named is compared. */
export type Expected = { readonly [what: string]: JsonValue };

export type PolicyCase = {
  readonly say: string;
  /** Facts by full path: `contact.title`. Told before the first step, by a server. */
  readonly contact: { readonly [path: string]: FactValue };
  /** Null: no company. `company.owner` names a rep, `company.lifecycle` a stage. */
  readonly company: { readonly [path: string]: FactValue } | null;
  readonly source: TouchSource | null;
  readonly steps: readonly CaseStep[];
  readonly expect: Expected;
};

export type CaseRep = { readonly name: string; readonly active: boolean; readonly selling: boolean };

export type CaseFile = {
  readonly now: Instant;
  readonly reps: readonly CaseRep[];
  /** Team id to the names of its members, each with a full share. */
  readonly teams: { readonly [team: string]: readonly string[] };
  readonly cases: readonly PolicyCase[];
};
