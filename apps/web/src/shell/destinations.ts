import type { Permission } from '@baton/domain/access/roles.ts';
import { Droplet, Inbox, KeyRound, Users } from 'lucide-react';
import type { KeyAct } from '../keys/keyMap.ts';

/** A screen that the navigation leads to. */
export type Destination = {
  readonly to: '/' | '/leaks' | '/team' | '/accounts';
  readonly say: string;
  /** For the tabs of a narrow screen. */
  readonly short: string;
  readonly Icon: typeof Inbox;
  readonly act: KeyAct;
  /** The second key after G. */
  readonly key: string;
  /** Whoever lacks it does not see the entry. */
  readonly permission: Permission;
};

/** The screens in the order of the rail: what one lives in first, what one sets up last. */
export const DESTINATIONS: readonly Destination[] = [
  { to: '/', say: 'Inbox', short: 'Inbox', Icon: Inbox, act: 'goInbox', key: 'I', permission: 'handoffs.read' },
  { to: '/leaks', say: 'Leaks', short: 'Leaks', Icon: Droplet, act: 'goLeaks', key: 'L', permission: 'leaks.read' },
  { to: '/team', say: 'Team', short: 'Team', Icon: Users, act: 'goTeam', key: 'T', permission: 'team.read' },
  {
    to: '/accounts',
    say: 'People and roles',
    short: 'People',
    Icon: KeyRound,
    act: 'goPeople',
    key: 'U',
    permission: 'accounts.edit',
  },
];

/** True where the address lies on that screen: a handoff is part of the inbox. */
export const isAt = (path: string, { to }: Destination): boolean =>
  to === '/' ? path === '/' || path.startsWith('/handoffs/') : path === to || path.startsWith(`${to}/`);
