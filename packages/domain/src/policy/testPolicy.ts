import type { JsonObject } from '../kernel/json.ts';

/** The smallest document that can be read, as plain values; tests vary it. */
export const smallestPolicy: JsonObject = {
  baton: 1,
  name: 'Smallest',
  actions: { demo: { say: 'asked for a demo', on: 'Demo Requested' } },
  qualify: [{ id: 'hand-raiser', intent: 'high', any: [{ action: 'demo' }] }],
  route: [{ id: 'everyone', to: { team: 'inbound' } }],
  fallback: { queue: 'triage' },
  promise: { high: { 'contact-within': '4h' } },
  'first-task': { high: { type: 'call', title: 'Call {{ contact.name }}' } },
  feedback: { reject: { 'bad-fit': { status: 'unqualified', 'back-to': 'lead' } } },
};
