import { useCallback, useMemo } from 'react';
import type { InspectQuery } from '../../api/inspect';
import { useSetUrl, useUrl } from '../../ui/search';
import { decodeInspect, encodeInspect, type InspectState } from './inspect-state';

export type Go = (state: InspectState, how?: { replace?: boolean }) => void;

/** The state of the page, which is its URL. */
export function useInspectState(): [InspectState, Go] {
  const url = useUrl();
  const setUrl = useSetUrl();
  const state = useMemo(() => decodeInspect(url), [url]);
  const go = useCallback<Go>((next, how) => setUrl(encodeInspect(next), how), [setUrl]);
  return [state, go];
}

/** The selection as every question of the room carries it. */
export function selectionOf(state: InspectState): InspectQuery {
  return {
    path: state.path.join('~') || undefined,
    t0: state.t0,
    t1: state.t1,
    filter: state.filter || undefined,
  };
}
