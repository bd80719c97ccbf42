/** A mail as far as it says who wrote to whom, and whether a person did. Nothing of its text is kept. */
export type Mail = {
  readonly header: (name: string) => string | null;
  readonly headers: (name: string) => readonly string[];
  /** What follows the header, as it came; cut where the mail was. */
  readonly body: string;
};

const HEADERS_MAX = 500;

/** Reads a mail's header. Folded lines are joined; names count in any case. Linear in the mail. */
export const readMail = (source: Buffer): Mail => {
  const text = source.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/, HEADERS_MAX);
  const all = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    all.set(name, [...(all.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const headers = (name: string): readonly string[] => all.get(name) ?? [];
  return {
    headers,
    header: (name) => headers(name)[0] ?? null,
    body: end === null ? '' : text.slice(end.index + end[0].length),
  };
};

/** The addresses of a header such as To, in lower case. What stands in quotes or comments is no address. */
export const addressesIn = (value: string): readonly string[] => {
  const plain = value.replace(/"(?:[^"\\]|\\.)*"/g, ' ').replace(/\([^()]*\)/g, ' ');
  return plain.split(',').flatMap((one) => {
    const angled = /<([^<>]*)>[^<>]*$/.exec(one)?.[1] ?? one;
    const found = /[^\s<>,;:"()]+@[^\s<>,;:"()]+/.exec(angled)?.[0];
    return found === undefined ? [] : [found.toLowerCase()];
  });
};

/** The one address that wrote it; null where there is none or several. */
export const senderOf = (mail: Mail): string | null => {
  const froms = mail.headers('from').flatMap(addressesIn);
  return froms.length === 1 ? (froms[0] ?? null) : null;
};
