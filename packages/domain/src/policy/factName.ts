import { isKnownFact, KNOWN_FACTS } from './knownFacts.ts';

const WHOSE: { readonly [space: string]: string } = {
  contact: 'the contact’s ',
  company: 'the company’s ',
  source: 'the source’s ',
};

/** A fact in words: `the job title`; a custom one from its path: `contact.plan-tier` is `the contact’s plan tier`. */
export const factName = (path: string): string => {
  if (isKnownFact(path)) return KNOWN_FACTS[path];
  const dot = path.indexOf('.');
  const whose = WHOSE[path.slice(0, dot)];
  const name = path.slice(dot + 1).replace(/[-_.]+/g, ' ');
  return whose === undefined ? path : whose + name;
};
