/** One sample: its labels, its value. A counter's and a histogram's names get their endings by kind. */
export type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };

/** A family of samples under one name. */
export type Family = {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
} & ({ readonly type: 'gauge' | 'counter' } | { readonly type: 'histogram'; readonly buckets: Buckets });

/** How often something took up to so many seconds, and how long all of it took. */
export type Buckets = {
  readonly bounds: readonly number[];
  /** One more than bounds: the last is beyond them. Not cumulative. */
  readonly counts: readonly number[];
  readonly sum: number;
};

/** The content type of OpenMetrics. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Writes families as OpenMetrics text, to its end mark. */
export const writeOpenMetrics = (families: readonly Family[]): string => `${families.map(writeFamily).join('')}# EOF\n`;

const writeFamily = (family: Family): string => {
  const { name, help, type, samples } = family;
  const head = `# TYPE ${name} ${type}\n# HELP ${name} ${escaped(help)}\n`;
  if (type === 'histogram') return head + histogram(name, family.buckets);
  const ending = type === 'counter' ? '_total' : '';
  return head + samples.map(({ labels, value }) => line(`${name}${ending}`, labels ?? {}, value)).join('');
};

const histogram = (name: string, { bounds, counts, sum }: Buckets): string => {
  let below = 0;
  let text = '';
  for (const [index, count] of counts.entries()) {
    below += count;
    text += line(`${name}_bucket`, { le: index < bounds.length ? String(bounds[index]) : '+Inf' }, below);
  }
  return `${text}${line(`${name}_count`, {}, below)}${line(`${name}_sum`, {}, sum)}`;
};

const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string => {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
};

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
