import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
  type ParsedLocation,
  redirect,
} from '@tanstack/react-router';
import { greetingQuery } from '../api/access';
import { basePath } from '../api/client';
import { nextOf } from '../domain/next-page';
import { commonOf, parseSearch, type Search, stringifySearch } from '../domain/search';
import controls from '../ui/controls.module.css';
import { useWords } from '../ui/i18n/words';
import { Empty } from '../ui/states';
import { Shell } from './shell';

interface RouterContext {
  queries: QueryClient;
}

/** Who is signed in is asked once, before a page asks for what it would be refused. */
async function checkSignedIn({ context, location }: { context: RouterContext; location: ParsedLocation }) {
  if (location.pathname.endsWith('/login')) return;
  // A server that does not answer is told by the page itself.
  const greeting = await context.queries.ensureQueryData(greetingQuery).catch(() => undefined);
  if (!greeting || (greeting.me && !greeting.me.must_set_password)) return;
  throw redirect({
    to: '/login',
    search: { next: nextOf(location.pathname + location.searchStr) } as never,
    replace: true,
  });
}

const root = createRootRouteWithContext<RouterContext>()({
  beforeLoad: checkSignedIn,
  component: Shell,
  validateSearch: (search): Search => search as Search,
  notFoundComponent: NotFound,
});

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/spotlight', search: commonOf(search) as never, replace: true });
  },
});

/** A page whose code is loaded when it is asked for. */
function page<const P extends string, M extends Record<string, () => React.ReactNode>>(
  path: P,
  load: () => Promise<M>,
  name: keyof M & string,
) {
  return createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, name) });
}

const pages = [
  page('/login', () => import('../features/access/login-page'), 'LoginPage'),
  page('/spotlight', () => import('../features/spotlight/spotlight-page'), 'SpotlightPage'),
  page('/explore', () => import('../features/explore/explore-page'), 'ExplorePage'),
  page('/topology', () => import('../features/topology/topology-page'), 'TopologyPage'),
  page('/dashboards', () => import('../features/dashboards/dashboards-page'), 'DashboardsPage'),
  page('/dashboards/$id', () => import('../features/dashboards/dashboard-page'), 'DashboardPage'),
  page('/dashboards/$id/edit', () => import('../features/dashboards/dashboard-editor'), 'DashboardEditor'),
  page('/alerts', () => import('../features/alerts/alerts-page'), 'AlertsPage'),
  page('/alerts/history', () => import('../features/alerts/history-page'), 'AlertHistoryPage'),
  page('/alerts/rules', () => import('../features/alerts/rules-page'), 'AlertRulesPage'),
  page('/alerts/rules/$id', () => import('../features/alerts/rule-page'), 'AlertRulePage'),
  page('/alerts/silences', () => import('../features/alerts/silences-page'), 'SilencesPage'),
  page('/security/events', () => import('../features/events/events-page'), 'EventsPage'),
  page('/security/events/$id', () => import('../features/events/event-page'), 'EventPage'),
  page('/captures', () => import('../features/captures/captures-page'), 'CapturesPage'),
  page('/captures/$id/inspect', () => import('../features/inspect/inspect-page'), 'InspectPage'),
  page('/settings/channels', () => import('../features/alerts/channels-page'), 'ChannelsPage'),
  page('/settings/access', () => import('../features/access/access-page'), 'AccessPage'),
  page('/settings/about', () => import('../features/about/about-page'), 'AboutPage'),
] as const;

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    context: { queries },
    routeTree: root.addChildren([index, ...pages]),
    basepath: basePath(),
    parseSearch: (text) => parseSearch(text),
    stringifySearch: (search) => stringifySearch(search as Search),
    defaultPreload: 'intent',
    // Links share the query cache: preloading a route fetches its code, not its data.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: Crashed,
    scrollRestoration: false,
  });
}

function NotFound() {
  const words = useWords();
  return (
    <Empty
      title={words.app.notFound}
      actions={
        <Link to="/explore" className={controls.control}>
          {words.app.toExplore}
        </Link>
      }
    />
  );
}

function Crashed({ error }: ErrorComponentProps) {
  const words = useWords();
  return (
    <Empty
      title={words.app.crashed}
      actions={
        <button type="button" className={controls.control} onClick={() => location.reload()}>
          {words.app.reload}
        </button>
      }
    >
      <p>{error instanceof Error ? error.message : String(error)}</p>
    </Empty>
  );
}
