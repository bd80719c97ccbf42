import type { Clause, Owes, Page } from './clause.ts';

const OWES: { readonly [Who in Owes]: string } = {
  marketing: 'Marketing owes this',
  sales: 'Sales owes this',
  both: 'Both owe this',
};

/** Stands behind a clause that is agreed on but has no effect yet. */
export const NOT_YET = '(Agreed; does not act yet.)';

const plain = (clause: Clause): string =>
  `${clause.runs.map((run) => run.text).join('')}${clause.acts ? '' : ` ${NOT_YET}`}`;

/** The page as plain text, as a terminal shows it. */
export const renderPageText = (page: Page): string => {
  const lines = [page.title, page.intro];
  for (const article of page.articles) {
    lines.push('', `${article.number}  ${article.title}  [${OWES[article.owes]}]`);
    for (const clause of article.clauses) lines.push(`  ${clause.number.padEnd(5)} ${plain(clause)}`);
  }
  return `${lines.join('\n')}\n`;
};

/** The page as Markdown; whatever the document's own words hold is shown as it is. */
export const renderPageMarkdown = (page: Page): string => {
  const lines = [`# ${escaped(page.title)}`, '', escaped(page.intro)];
  for (const article of page.articles) {
    lines.push('', `## ${article.number}. ${article.title}`, '', `*${OWES[article.owes]}*`, '');
    for (const clause of article.clauses) {
      const words = clause.runs.map((run) => (run.strong ? `**${escaped(run.text)}**` : escaped(run.text))).join('');
      lines.push(`- ${clause.number} ${words}${clause.acts ? '' : ` *${NOT_YET}*`}`);
    }
  }
  return `${lines.join('\n')}\n`;
};

const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
