import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMe } from '../access/useMe.ts';
import { useKeys } from '../keys/useKeys.ts';
import { useNow } from '../time/now.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { useMedia, WIDE } from '../ui/useMedia.ts';
import type { Rep } from './availability.ts';
import { IntentTabs } from './IntentTabs.tsx';
import { MemberTable } from './MemberTable.tsx';
import { membersOf, type Team } from './members.ts';
import { NextUp } from './NextUp.tsx';
import { RepPanel } from './RepPanel.tsx';
import { SimulatePanel } from './SimulatePanel.tsx';
import { Skipped } from './Skipped.tsx';
import { TeamWaiting } from './TeamWaiting.tsx';
import { SIMULATED, turnsQuery } from './teamQueries.ts';
import type { TeamSearch } from './teamSearch.ts';

type Props = { readonly team: Team; readonly reps: ReadonlyMap<number, Rep>; readonly search: TeamSearch };

/** Moves the focus to the next or the previous member. */
const step = (by: 1 | -1): void => {
  const all = [...document.querySelectorAll<HTMLElement>('[data-member]')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[at < 0 ? (by === 1 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
};

/** One team: who is next and why, its members, and beside them whoever is open or the simulation. */
export const TeamView = ({ team, reps, search }: Props) => {
  const navigate = useNavigate();
  const intent = search.intent ?? 'high';
  const { data: turns, error, refetch } = useQuery(turnsQuery(team.id, intent));
  const now = useNow();
  const me = useMe();
  const wide = useMedia(WIDE);
  useKeys({ next: () => step(1), previous: () => step(-1) });
  if (turns === undefined)
    return error === null ? (
      <TeamWaiting />
    ) : (
      <main>
        <FailureNote
          what="Whose turn it is could not be read."
          safe="Leads go on to be assigned; nothing was changed."
          error={error}
          retry={() => refetch()}
        />
      </main>
    );
  const members = membersOf(team, reps, turns, now);
  const open = members.find((one) => one.rep.id === search.rep);
  const panel =
    open !== undefined ? (
      <RepPanel key={open.rep.id} team={team.id} member={open} reps={reps} />
    ) : search.simulate === true ? (
      <SimulatePanel turns={turns} members={members} intent={intent} />
    ) : null;
  return (
    <main className={`split min-h-0 flex-1 ${panel !== null ? 'team-split' : ''}`}>
      {panel === null || wide ? (
        <div className="min-h-0 overflow-y-auto">
          <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 px-6 py-4">
            <NextUp turns={turns} members={members} intent={intent} />
            <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
              <IntentTabs intent={intent} />
              <button
                type="button"
                data-simulate
                className="button"
                disabled={members.length === 0}
                onClick={() =>
                  navigate({ to: '/team', search: (before) => ({ ...before, rep: undefined, simulate: true }) })
                }
              >
                Simulate next {SIMULATED}
              </button>
            </div>
          </div>
          {members.length === 0 ? (
            <p className="border-t border-line px-6 py-6 text-base text-text2">
              Nobody is in this team yet, so its leads go to the queue that the route names.
            </p>
          ) : (
            <>
              <MemberTable members={members} openId={open?.rep.id} meId={me?.repId ?? null} />
              <Skipped turns={turns} members={members} />
            </>
          )}
        </div>
      ) : null}
      {panel}
    </main>
  );
};
