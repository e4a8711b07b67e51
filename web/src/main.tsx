import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client';
import { createAppRouter } from './app/router';
import { nextOf } from './domain/next-page';
import './ui/tokens.css';
import './ui/base.css';
import { applyToDocument } from './ui/preferences';

applyToDocument();

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: signInAgain }),
  mutationCache: new MutationCache({ onError: signInAgain }),
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, staleTime: 2000 } },
});
const router = createAppRouter(queries);

/** Who is no longer signed in is led to where that is done, and back. */
function signInAgain(error: Error): void {
  const { pathname, searchStr } = router.state.location;
  const isOut =
    error instanceof ApiError && (error.code === 'unauthorized' || error.code === 'password_to_set');
  if (!isOut || pathname.endsWith('/login')) return;
  queries.removeQueries({ queryKey: ['greeting'] });
  void router.navigate({
    to: '/login',
    search: { next: nextOf(pathname + searchStr) } as never,
    replace: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
