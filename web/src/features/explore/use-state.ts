import { useCallback, useMemo } from 'react';
import { decodeExplore, type ExploreState, encodeExplore } from '../../domain/search';
import { useSetUrl, useUrl } from '../../ui/search';

/** The state of the page, which is its URL. */
export function useExploreState(): [ExploreState, (patch: Partial<ExploreState>, replace?: boolean) => void] {
  const url = useUrl();
  const setUrl = useSetUrl();
  const state = useMemo(() => decodeExplore(url), [url]);
  const change = useCallback(
    (patch: Partial<ExploreState>, replace = false) =>
      setUrl(encodeExplore({ ...state, ...patch }), { replace }),
    [state, setUrl],
  );
  return [state, change];
}
