/** Tags that a mail's text may hold, and nothing that fetches, runs or leads astray. */
const TAGS: ReadonlySet<string> = new Set([
  'p',
  'br',
  'b',
  'strong',
  'i',
  'em',
  'ul',
  'ol',
  'li',
  'h2',
  'h3',
  'a',
  'span',
]);
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)(\/?)>/gi;
const LINK = /^\s+href\s*=\s*(?:"(?:https?:\/\/|mailto:|tel:)[^"<>]*"|'(?:https?:\/\/|mailto:|tel:)[^'<>]*')\s*$/i;

/** Why an HTML text may not stand in a mail, in words; null where it may. Liquid is looked through, not judged. */
export const whyNotHtml = (html: string): string | null => {
  const bare = html.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, 'x');
  for (const [whole, , name = '', attributes = ''] of bare.matchAll(TAG)) {
    if (!TAGS.has(name.toLowerCase())) return `${whole.slice(0, 40)} is not taken; tags: ${[...TAGS].join(', ')}`;
    if (attributes.trim() === '') continue;
    if (name.toLowerCase() !== 'a' || !LINK.test(attributes))
      return `${whole.slice(0, 60)}: only href of a, with http, https, mailto or tel, is taken`;
  }
  const rest = bare.replace(TAG, '');
  return /<[a-z!/?]/i.test(rest) ? 'a < begins a tag that is not closed; write &lt;' : null;
};

/** HTML as a text says it: without tags, with line ends where paragraphs and items end. */
export const textOfHtml = (html: string): string =>
  html
    .replace(/<br\s*\/?>|<\/(?:p|li|h2|h3|ul|ol)>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#(?:39|34);/g, "'")
    .replace(/&amp;/g, '&')
    .trim();
