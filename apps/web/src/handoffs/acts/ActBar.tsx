import type { HandoffAction, HandoffDetail } from '@baton/contract/handoffs.ts';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useId, useState } from 'react';
import { KEY_MAP } from '../../keys/keyMap.ts';
import { useSingleKeys } from '../../keys/singleKeys.ts';
import { useKeys } from '../../keys/useKeys.ts';
import type { HandoffAct } from './handoffAct.ts';
import { usePending } from './pending.ts';
import { performAct } from './performAct.ts';

const loadDialog = () => import('./ActDialog.tsx').then(({ ActDialog: it }) => ({ default: it }));
const ActDialog = lazy(loadDialog);

/** A verb that asks for more before it is done. */
export type AskingVerb = 'log-contact' | 'reject' | 'park' | 'hand-back' | 'assign';

type Verb = {
  readonly act: 'accept' | 'logContact' | 'reject' | 'badTiming' | 'handBack' | 'assign';
  readonly do: string;
  readonly say: string;
  /** Has a button only where it may be done; its key says why not. */
  readonly isRare?: boolean;
};

/** The verbs in the order of their keys. A lead in a queue is claimed where an offered one is accepted. */
const verbsOf = (isQueued: boolean): readonly Verb[] => [
  isQueued ? { act: 'accept', do: 'claim', say: 'Claim' } : { act: 'accept', do: 'accept', say: 'Accept' },
  { act: 'logContact', do: 'log-contact', say: 'Log contact' },
  { act: 'reject', do: 'reject', say: 'Reject' },
  { act: 'badTiming', do: 'park', say: 'Bad timing' },
  { act: 'handBack', do: 'hand-back', say: 'Hand back', isRare: true },
  { act: 'assign', do: 'assign', say: 'Assign', isRare: true },
];

const NOTHING: HandoffAction = { do: '', label: '', allowed: false, why: 'The server does not know this action.' };

/** What one may do with the handoff, each by a button and a key; what one may not says why not, in the server's words. */
export const ActBar = ({ detail }: { detail: HandoffDetail }) => {
  const client = useQueryClient();
  const { row, actions } = detail;
  const pending = usePending(row.id);
  const keysOn = useSingleKeys();
  const [asking, setAsking] = useState<AskingVerb | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const whyId = useId();
  useEffect(() => {
    loadDialog();
  }, []);

  const verbs = verbsOf(row.status === 'queued').map((verb) => ({
    ...verb,
    action: actions.find((action) => action.do === verb.do) ?? NOTHING,
  }));
  const primary = verbs.find(({ action, isRare }) => action.allowed && isRare !== true);
  const begin = (verb: (typeof verbs)[number]) => (event?: KeyboardEvent) => {
    event?.preventDefault();
    // a dialog that is still on its way takes the next key for itself, not the page
    if (pending || asking !== null) return;
    if (!verb.action.allowed) {
      setTold(verb.action.why);
      return;
    }
    setTold(null);
    if (verb.do === 'accept' || verb.do === 'claim') performAct(client, row, { do: verb.do });
    else setAsking(verb.do as AskingVerb);
  };
  useKeys(Object.fromEntries(verbs.map((verb) => [verb.act, begin(verb)])));
  const perform = (act: HandoffAct): void => {
    setAsking(null);
    performAct(client, row, act);
  };
  // said of itself only where nothing at all may be done: one sentence, not four greyed ones
  const say = told ?? (primary === undefined ? (verbs[0]?.action.why ?? null) : null);
  return (
    <section className="act-bar" aria-label="What you can do" aria-busy={pending}>
      <div className="act-grid">
        {verbs.map((verb) =>
          verb.isRare === true && !verb.action.allowed ? null : (
            <button
              key={verb.do}
              type="button"
              className={`button ${verb === primary ? 'button-primary' : ''}`}
              aria-disabled={!verb.action.allowed || pending}
              aria-keyshortcuts={keysOn ? KEY_MAP[verb.act].shown[0] : undefined}
              aria-describedby={verb.action.why === null ? undefined : `${whyId}${verb.do}`}
              title={verb.action.why ?? undefined}
              onClick={() => begin(verb)()}
            >
              {keysOn ? (
                <span className="font-mono text-meta" aria-hidden="true">
                  {KEY_MAP[verb.act].shown[0]}
                </span>
              ) : null}
              {verb.say}
              {verb.action.why === null ? null : (
                <span id={`${whyId}${verb.do}`} hidden>
                  {verb.action.why}
                </span>
              )}
            </button>
          ),
        )}
      </div>
      <p role="status" className={say === null ? 'sr-only' : 'mt-1.5 text-dense text-text2'}>
        {say ?? ''}
      </p>
      {asking === null ? null : (
        <Suspense fallback={null}>
          <ActDialog verb={asking} detail={detail} onClose={() => setAsking(null)} onAct={perform} />
        </Suspense>
      )}
    </section>
  );
};
