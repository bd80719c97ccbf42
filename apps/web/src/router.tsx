import { HANDOFF_VIEWS, type HandoffView } from '@baton/contract/handoffs.ts';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Door } from './access/Door.tsx';
import { HandoffsPage } from './handoffs/HandoffsPage.tsx';
import { NotFound } from './shell/NotFound.tsx';
import type { TeamSearch } from './team/teamSearch.ts';

/** What the address says of the list; what it doesn't understand it leaves out. */
export type PageSearch = {
  readonly view?: HandoffView | undefined;
  readonly rep?: number | undefined;
  readonly team?: string | undefined;
  readonly q?: string | undefined;
  /** The detail over the whole width. */
  readonly full?: boolean | undefined;
};

const readSearch = (given: Record<string, unknown>): PageSearch => {
  const view = HANDOFF_VIEWS.find((each) => each === given['view']);
  const rep = Number(given['rep']);
  return {
    view: view === 'all' ? undefined : view,
    rep: Number.isSafeInteger(rep) && rep > 0 ? rep : undefined,
    team: given['team'] === undefined ? undefined : String(given['team']).slice(0, 120),
    q: given['q'] === undefined ? undefined : String(given['q']).slice(0, 200),
    full: given['full'] === true ? true : undefined,
  };
};

const root = createRootRoute({ component: Door, notFoundComponent: NotFound });

/** List and detail are one page: opening a row keeps the list, its scroll and its place. */
const handoffs = createRoute({
  getParentRoute: () => root,
  id: 'handoffs',
  component: HandoffsPage,
  validateSearch: readSearch,
});
const index = createRoute({ getParentRoute: () => handoffs, path: '/', component: () => null });
const detail = createRoute({
  getParentRoute: () => handoffs,
  path: 'handoffs/$handoffId',
  component: () => null,
  params: {
    parse: ({ handoffId }) => ({ handoffId: Number.parseInt(handoffId, 10) || 0 }),
    stringify: ({ handoffId }) => ({ handoffId: String(handoffId) }),
  },
});

/** What lets people in and is about themselves; none of it is on the way to the first view. */
const access = [
  createRoute({
    getParentRoute: () => root,
    path: 'sign-in',
    component: lazyRouteComponent(() => import('./access/SignInPage.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: 'welcome',
    component: lazyRouteComponent(() => import('./access/LinkPage.tsx'), 'LinkPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: 'new-password',
    component: lazyRouteComponent(() => import('./access/LinkPage.tsx'), 'LinkPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: 'account',
    component: lazyRouteComponent(() => import('./access/AccountPage.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: 'accounts',
    component: lazyRouteComponent(() => import('./access/AccountsPage.tsx'), 'AccountsPage'),
  }),
] as const;

/** Its chunk reads the address again: nothing of it is on the way to the first view. */
const team = createRoute({
  getParentRoute: () => root,
  path: 'team',
  component: lazyRouteComponent(() => import('./team/TeamPage.tsx'), 'TeamPage'),
  validateSearch: (given): TeamSearch => given,
});

/** What an independent look at the database found. */
const leaks = createRoute({
  getParentRoute: () => root,
  path: 'leaks',
  component: lazyRouteComponent(() => import('./leaks/LeaksPage.tsx'), 'LeaksPage'),
});

export const makeRouter = () =>
  createRouter({
    routeTree: root.addChildren([handoffs.addChildren([index, detail]), leaks, ...access, team]),
    defaultPreload: false,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
