import type { Instant } from '../kernel/time.ts';

/** Where a fact lives: `contact.title`, `company.industry`, `source.first`, `contact.<custom>`; dots separate, kebab-case. */
export type FactPath = string;

/** What is known. A fact that nobody knows is absent, never null; null is a value that somebody removed on purpose. */
export type FactValue = string | number | boolean | null | readonly string[];

/** Who says so, least to most: a public write key, our own form endpoint, a secret key or import, a person. */
export const TRUST = ['browser', 'form', 'server', 'person'] as const;
export type Trust = (typeof TRUST)[number];

/** One known fact with its provenance. Of two claims the higher (trust, at, key) wins, so order of arrival has no say. */
export type Fact = {
  readonly value: FactValue;
  readonly trust: Trust;
  /** When it was true from, the event's effectiveAt. */
  readonly at: Instant;
  /** The name of the source that said it (key, form, import), for people. */
  readonly source: string;
  /** The event's key; breaks ties and names the evidence. */
  readonly key: string;
};

/** The known facts of one contact or one company, by path. */
export type Facts = { readonly [path: FactPath]: Fact };

/** One claim of an event about a fact, before it is weighed against what is known. */
export type FactClaim = { readonly path: FactPath; readonly value: FactValue };
