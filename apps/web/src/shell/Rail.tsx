import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useMe } from '../access/useMe.ts';
import type { KeyAct } from '../keys/keyMap.ts';
import { useKeys } from '../keys/useKeys.ts';
import { leakChecksQuery } from '../leaks/leakQueries.ts';
import { Mark } from '../ui/Mark.tsx';
import { DESTINATIONS, isAt } from './destinations.ts';

const number = new Intl.NumberFormat('en-GB');

/** The way between the screens that one may see: beside the page, as icons where it is narrower, under it on a phone. */
export const Rail = () => {
  const me = useMe();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const navigate = useNavigate();
  const shown = DESTINATIONS.filter(({ permission }) => me?.permissions.includes(permission) === true);
  const mayLeaks = me?.permissions.includes('leaks.read') === true;
  const looked = useQuery({ ...leakChecksQuery, enabled: mayLeaks }).data;
  // No look is no zero.
  const leaks = looked?.checks.some(({ checkedAt }) => checkedAt !== null) ? looked.leaks : undefined;
  const goes: Partial<Record<KeyAct, () => void>> = {};
  for (const { act, to } of shown) goes[act] = () => navigate({ to });
  useKeys(goes);
  return (
    <>
      <p className="rail-brand">
        <Mark />
        <span className="rail-word">Baton</span>
      </p>
      <ul className="rail-list">
        {shown.map((each) => {
          const { to, say, short, Icon, key } = each;
          const count = to === '/leaks' ? leaks : undefined;
          return (
            <li key={to} className="min-w-0 max-room:flex-1">
              <Link
                to={to}
                search={{}}
                className="rail-item"
                aria-current={isAt(path, each) ? 'page' : undefined}
                title={`${say} (G ${key})`}
              >
                <Icon className="size-4 shrink-0" strokeWidth={1.5} aria-hidden="true" />
                <span className="rail-word">{say}</span>
                <span className="rail-short" aria-hidden="true">
                  {short}
                </span>
                {count === undefined ? null : (
                  <span className={`rail-count ${count > 0 ? 'text-breach' : 'rail-zero text-ok'}`}>
                    {number.format(count)}
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </>
  );
};
