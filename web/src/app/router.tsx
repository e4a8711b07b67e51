import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { basePath } from '../api/client';
import { commonOf, parseSearch, type Search, stringifySearch } from '../domain/search';
import controls from '../ui/controls.module.css';
import { useWords } from '../ui/i18n/words';
import { Empty } from '../ui/states';
import { Shell } from './shell';

const root = createRootRoute({
  component: Shell,
  validateSearch: (search): Search => search as Search,
  notFoundComponent: NotFound,
});

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/explore', search: commonOf(search) as never, replace: true });
  },
});

const explore = createRoute({
  getParentRoute: () => root,
  path: '/explore',
  component: lazyRouteComponent(() => import('../features/explore/explore-page'), 'ExplorePage'),
});

const events = createRoute({
  getParentRoute: () => root,
  path: '/security/events',
  component: lazyRouteComponent(() => import('../features/events/events-page'), 'EventsPage'),
});

const event = createRoute({
  getParentRoute: () => root,
  path: '/security/events/$id',
  component: lazyRouteComponent(() => import('../features/events/event-page'), 'EventPage'),
});

const about = createRoute({
  getParentRoute: () => root,
  path: '/settings/about',
  component: lazyRouteComponent(() => import('../features/about/about-page'), 'AboutPage'),
});

export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren([index, explore, events, event, about]),
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
