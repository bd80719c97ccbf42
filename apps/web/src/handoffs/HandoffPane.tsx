import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronDown, ChevronLeft, ChevronUp, Maximize2, Minimize2, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { type HandoffFilter, handoffQuery } from '../api/handoffQueries.ts';
import { statusOf } from '../api/request.ts';
import { useKeys } from '../keys/useKeys.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { Bar, useLate } from '../ui/Skeleton.tsx';
import { useMedia, WIDE } from '../ui/useMedia.ts';
import { contactName } from './rowText.ts';
import { usePlace } from './usePlace.ts';

/** Not on the way to the first view of the list; under way as soon as that is there, so that opening waits for neither. */
const loadDetail = () => import('./detail/HandoffDetail.tsx').then(({ HandoffDetail: it }) => ({ default: it }));
const loadBar = () => import('./acts/ActBar.tsx').then(({ ActBar: it }) => ({ default: it }));
export const preloadPane = (): void => {
  loadDetail();
  loadBar();
};
const HandoffDetail = lazy(loadDetail);
const ActBar = lazy(loadBar);

const number = new Intl.NumberFormat('en-GB');

const Waiting = () => {
  const late = useLate();
  if (!late) return null;
  return (
    <div aria-busy="true" className="grid gap-3 p-6">
      <p className="sr-only" role="status">
        Reading the handoff
      </p>
      <Bar width="w-48" />
      <Bar width="w-72" />
      <Bar width="w-full" />
    </div>
  );
};

type Props = {
  readonly id: number;
  /** The list is not beside it. */
  readonly full: boolean;
  readonly filter: HandoffFilter;
};

/** The detail of one handoff: beside the list where there is room for both, else in its place. */
export const HandoffPane = ({ id, full, filter }: Props) => {
  const navigate = useNavigate();
  const wide = useMedia(WIDE);
  const scroller = useRef<HTMLDivElement>(null);
  const { data, error, isError, refetch } = useQuery(handoffQuery(id));
  const gone = statusOf(error) === 404;
  const shown = data?.row.id === id && !gone ? data : undefined;
  const place = usePlace(id, filter);
  const go = (to: number | null): void => {
    if (to === null) return;
    navigate({ to: '/handoffs/$handoffId', params: { handoffId: to }, search: (before) => before, replace: true });
  };

  const close = (): void => {
    navigate({ to: '/', search: ({ full: _, ...before }) => before });
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus());
  };
  const setFull = (next: boolean): void => {
    navigate({ to: '.', search: (before) => ({ ...before, full: next ? true : undefined }), replace: true });
  };
  // Beside the list the keys are the list's: it moves its focus along.
  const moves = full ? { next: () => go(place.nextId), previous: () => go(place.previousId) } : {};
  useKeys({
    ...moves,
    close: () => {
      if (full && wide) setFull(false);
      else close();
    },
    full: () => {
      if (wide) setFull(!full);
    },
  });

  // In place of the list it takes the focus too: the row that had it is gone.
  const article = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each handoff that takes the list's place
  useEffect(() => {
    if (full) article.current?.focus({ preventScroll: true });
  }, [full, id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another handoff begins at its top
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [id]);
  const title = shown === undefined ? null : contactName(shown.row);
  useEffect(() => {
    if (title === null) return;
    document.title = `${title} · Baton`;
    return () => {
      document.title = 'Inbox · Baton';
    };
  }, [title]);

  const Sized = full ? Minimize2 : Maximize2;
  const sizeLabel = full ? 'Show beside the list (F)' : 'Show in full width (F)';
  return (
    <article
      ref={article}
      tabIndex={-1}
      aria-label={title === null ? 'Handoff' : `Handoff of ${title}`}
      className={`@container flex min-h-0 min-w-0 flex-col outline-none ${wide && !full ? 'border-l border-line bg-surface' : ''}`}
    >
      <div className="flex h-9 shrink-0 items-center justify-between gap-4 border-b border-hair pr-3 pl-5">
        {full ? (
          <Link
            to="/"
            search={({ full: _, ...before }) => before}
            className="flex min-h-6 items-center gap-1 text-dense text-text2 hover:text-text"
          >
            <ChevronLeft className="size-3.5" strokeWidth={1.5} aria-hidden="true" />
            All handoffs
          </Link>
        ) : (
          <span />
        )}
        <div className="flex items-center">
          {place.position === null ? null : (
            <>
              <span className="mr-1 text-meta text-text3">
                {place.position}
                {place.total === null ? '' : ` of ${number.format(place.total)}`}
              </span>
              <button
                type="button"
                className="icon-button"
                aria-label="Previous handoff"
                title="Previous handoff (K)"
                disabled={place.previousId === null}
                onClick={() => go(place.previousId)}
              >
                <ChevronUp className="size-4" strokeWidth={1.5} aria-hidden="true" />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label="Next handoff"
                title="Next handoff (J)"
                disabled={place.nextId === null}
                onClick={() => go(place.nextId)}
              >
                <ChevronDown className="size-4" strokeWidth={1.5} aria-hidden="true" />
              </button>
            </>
          )}
          {wide ? (
            <button
              type="button"
              className="icon-button"
              aria-label={sizeLabel}
              title={sizeLabel}
              onClick={() => setFull(!full)}
            >
              <Sized className="size-3.5" strokeWidth={1.5} aria-hidden="true" />
            </button>
          ) : null}
          <button type="button" className="icon-button" aria-label="Close (Esc)" title="Close (Esc)" onClick={close}>
            <X className="size-4" strokeWidth={1.5} aria-hidden="true" />
          </button>
        </div>
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {shown === undefined ? null : (
          <Suspense fallback={<Waiting />}>
            <HandoffDetail key={id} detail={shown} />
          </Suspense>
        )}
        {shown === undefined && !isError ? <Waiting /> : null}
        {shown === undefined && isError ? (
          gone ? (
            <p className="p-6 text-base">
              <span className="font-semibold">
                {data === undefined ? `There is no handoff H-${id}.` : `H-${id} is not among yours any more.`}
              </span>{' '}
              <span className="text-text2">
                {data === undefined
                  ? 'Its number may be mistyped, or demo data that it was part of was removed.'
                  : 'It went to somebody else, or was removed.'}
              </span>
            </p>
          ) : (
            <FailureNote
              what="This handoff could not be read."
              safe="Nothing is lost: it is in the database, and its clock runs on."
              error={error}
              retry={() => refetch()}
            />
          )
        ) : null}
      </div>
      {shown === undefined ? null : (
        <Suspense fallback={<div className="act-bar" />}>
          <ActBar key={id} detail={shown} />
        </Suspense>
      )}
    </article>
  );
};
