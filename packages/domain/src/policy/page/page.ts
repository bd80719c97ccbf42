import type { PolicyDocument } from '../document.ts';
import type { Owes, Page, Said } from './clause.ts';
import { againClauses, feedbackClauses } from './feedbackArticle.ts';
import { firstStepsClauses } from './firstStepsArticle.ts';
import { gateClauses } from './gateArticle.ts';
import { noticeClauses } from './noticeArticle.ts';
import { promiseClauses } from './promiseArticle.ts';
import { qualifyClauses } from './qualifyArticle.ts';
import { routeClauses } from './routeArticle.ts';

/** The articles in the order of a lead's way; one without clauses is left out. */
const ARTICLES: readonly {
  readonly title: string;
  readonly owes: Owes;
  readonly say: (document: PolicyDocument) => readonly Said[];
}[] = [
  { title: 'What makes a lead qualify', owes: 'marketing', say: qualifyClauses },
  { title: 'What is checked before anyone is told', owes: 'marketing', say: gateClauses },
  { title: 'Whose lead it is', owes: 'both', say: routeClauses },
  { title: 'What sales promises', owes: 'sales', say: promiseClauses },
  { title: 'What sales does first', owes: 'sales', say: firstStepsClauses },
  { title: 'Who is told', owes: 'both', say: noticeClauses },
  { title: 'What comes back, and why', owes: 'sales', say: feedbackClauses },
  { title: 'When somebody may qualify again', owes: 'marketing', say: againClauses },
];

/**
 * The page of plain English that both teams read and sign: every part of the document is in some clause, and every
 * clause names the place that says it. The same document gives the same page. Linear in the document.
 */
export const pageOf = (document: PolicyDocument): Page => ({
  title: document.name,
  intro: 'What marketing and sales agree on for leads that come in.',
  articles: ARTICLES.map(({ title, owes, say }) => ({ title, owes, said: say(document) }))
    .filter(({ said }) => said.length > 0)
    .map(({ title, owes, said }, index) => ({
      number: index + 1,
      title,
      owes,
      clauses: said.map((one, position) => ({ number: `${index + 1}.${position + 1}`, ...one })),
    })),
});
