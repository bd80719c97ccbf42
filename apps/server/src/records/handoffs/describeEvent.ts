import type { HandoffDetail } from '@baton/contract/handoffs.ts';
import { iso } from '../iso.ts';

/** An event as it is stored, with the name of its source. */
export type StoredEvent = {
  key: string;
  type: string;
  name: string;
  effective_at: number;
  properties: string | null;
  source: string | null;
};

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, 200) : null;

const pathOf = (properties: Record<string, unknown>): string | null => {
  const path = textOf(properties['path']);
  if (path !== null) return path;
  const url = textOf(properties['url']);
  return url !== null && URL.canParse(url) ? new URL(url).pathname : url;
};

/** `Demo Requested`, `demo_requested` -> `Demo requested`. */
const words = (name: string): string => {
  const plain = name.replace(/[_-]+/g, ' ').trim().toLowerCase();
  return plain === '' ? name : plain.charAt(0).toUpperCase() + plain.slice(1);
};

const sentenceOf = (event: StoredEvent, properties: Record<string, unknown>): string => {
  const path = pathOf(properties);
  switch (event.type) {
    case 'p':
      return `Looked at ${path ?? textOf(properties['title']) ?? 'a page'}`;
    case 's':
      return `Opened ${textOf(properties['name']) ?? 'a screen'}`;
    case 'i':
      return 'Told who they are';
    case 'g':
      return 'Named their company';
    case 'a':
      return 'Turned out to be known';
    default: {
      const form = textOf(properties['form']) ?? textOf(properties['form_name']);
      return form === null ? words(event.name) : `${words(event.name)}: ${form}`;
    }
  }
};

/** An event in words for the timeline, and as evidence of a criterion. */
export const describeEvent = (
  event: StoredEvent,
): {
  readonly key: string;
  readonly at: number;
  readonly say: string;
  readonly evidence: HandoffDetail['evidence'][string];
} => {
  let properties: Record<string, unknown> = {};
  try {
    const parsed: unknown = event.properties === null ? null : JSON.parse(event.properties);
    if (typeof parsed === 'object' && parsed !== null) properties = parsed as Record<string, unknown>;
  } catch {
    // Emptied by erasure or never JSON: the event's name says enough.
  }
  const say = sentenceOf(event, properties);
  return {
    key: event.key,
    at: event.effective_at,
    say,
    evidence: { name: event.name, at: iso(event.effective_at), source: event.source, detail: say },
  };
};
