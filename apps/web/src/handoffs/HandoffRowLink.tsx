import type { HandoffRow } from '@baton/contract/handoffs.ts';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { fullText, whenText } from '../time/dateText.ts';
import { useNow } from '../time/now.ts';
import { Initials } from '../ui/Initials.tsx';
import { Ring } from '../ui/Ring.tsx';
import { StatusGlyph } from '../ui/StatusGlyph.tsx';
import { PendingDot } from './acts/PendingDot.tsx';
import { lookOfRow, TONE_CLASS } from './clockLook.ts';
import {
  contactContext,
  contactName,
  ownerName,
  sentenceCase,
  statusLook,
  upperFirst,
  whyOwnerText,
} from './rowText.ts';

type Props = { readonly row: HandoffRow; readonly open: boolean; readonly fresh: boolean };

/** The clock in the row's columns; apart from the rest, so that a tick draws nothing else again. */
const ClockCells = ({ row }: { row: HandoffRow }) => {
  const look = lookOfRow(row, useNow());
  return (
    <>
      <Ring state={look.ring} left={look.left} />
      <span className="row-clock" aria-hidden="true">
        <span className={`text-base font-semibold whitespace-nowrap ${TONE_CLASS[look.tone]}`}>{look.remaining}</span>
        <span className="text-dense whitespace-nowrap text-text2">{look.when}</span>
      </span>
      <span className="sr-only">{look.spoken}</span>
    </>
  );
};

/** One row: who, why qualified, whose and why, by when. The whole row is one link. */
export const HandoffRowLink = memo(({ row, open, fresh }: Props) => {
  const status = statusLook(row);
  const at = Date.parse(row.qualifiedAt);
  return (
    <Link
      to="/handoffs/$handoffId"
      params={{ handoffId: row.id }}
      search={(before) => before}
      data-row={row.id}
      aria-current={open ? 'true' : undefined}
      className={`row-grid row-height relative border-b border-hair px-5 text-left -outline-offset-2 ${
        open ? 'on-tint bg-accent-soft row-open' : 'hover:bg-hover'
      } ${fresh ? 'animate-arrive' : ''}`}
    >
      <ClockCells row={row} />
      <span className="row-who">
        <span className="truncate">
          <span className="text-base font-semibold text-text">{contactName(row)}</span>
          <span className="ml-1.5 text-dense text-text2">{contactContext(row)}</span>
        </span>
        <span className="truncate text-dense text-text2">
          {upperFirst(row.why)}
          {row.groupSize > 1 ? <span className="text-text3"> · {row.groupSize} people, one promise</span> : null}
        </span>
      </span>
      <span className="row-owner">
        <span className="row-owner-name flex items-center gap-1.5">
          {row.owner === null ? null : <Initials name={row.owner.name} />}
          <span className={`truncate text-dense font-medium ${row.owner === null ? 'text-warn' : 'text-text'}`}>
            {ownerName(row)}
          </span>
        </span>
        <span className={`truncate text-dense text-text2 ${row.owner === null ? '' : 'row-why-owner'}`}>
          {whyOwnerText(row)}
        </span>
      </span>
      <span className="row-status">
        <span className="flex items-center gap-1.5 text-dense whitespace-nowrap">
          <StatusGlyph shape={status.shape} />
          <span className="row-status-say">{status.say}</span>
          <PendingDot id={row.id} />
        </span>
        <span className="truncate text-meta text-text3" title={fullText(at)}>
          {row.source === null ? '' : `${sentenceCase(row.source)}, `}
          {whenText(at, at)}
        </span>
      </span>
    </Link>
  );
});
HandoffRowLink.displayName = 'HandoffRowLink';
