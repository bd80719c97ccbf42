import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Delivery } from '../../outbox/sender.ts';
import { handoffAddress, type LinkMaker } from '../links.ts';
import { noticeParts } from '../mail/noticeParts.ts';
import type { NoticeFacts } from '../noticeFacts.ts';

const TEXT_MAX = 2_000;

/** Adaptive Cards read Markdown in texts: what people wrote keeps its own characters. */
const plain = (text: string): string => text.slice(0, TEXT_MAX).replace(/[\\`*_{}[\]()#+!|<>~-]/g, '\\$&');

/** The card of a delivery as Teams takes it by an incoming webhook: what holds, and a link. It acts by opening Baton. */
export const teamsCard = (delivery: Delivery, facts: NoticeFacts, links: LinkMaker, now: Instant): object => {
  const parts = noticeParts(delivery, facts, now);
  const open = delivery.handoffId === null ? links.publicUrl : handoffAddress(links, delivery.handoffId);
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          fallbackText: delivery.subject.slice(0, TEXT_MAX),
          body: [
            { type: 'TextBlock', size: 'Large', weight: 'Bolder', wrap: true, text: plain(parts.heading) },
            ...(parts.under === null
              ? []
              : [{ type: 'TextBlock', isSubtle: true, spacing: 'None', wrap: true, text: plain(parts.under) }]),
            ...parts.says.map((say) => ({ type: 'TextBlock', wrap: true, text: plain(say) })),
            ...(parts.rows.length === 0
              ? []
              : [
                  {
                    type: 'FactSet',
                    facts: parts.rows.map(({ label, value }) => ({ title: label, value: plain(value) })),
                  },
                ]),
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open in Baton', url: open }],
          msteams: { width: 'Full' },
        },
      },
    ],
  };
};
