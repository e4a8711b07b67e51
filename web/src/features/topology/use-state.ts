import { useCallback, useMemo } from 'react';
import { decodeTopology, encodeTopology, type TopologyState } from '../../domain/topology-state';
import { useSetUrl, useUrl } from '../../ui/search';

export type ChangeTopology = (patch: Partial<TopologyState>, replace?: boolean) => void;

/** The state of the page, which is its URL. */
export function useTopologyState(): [TopologyState, ChangeTopology] {
  const url = useUrl();
  const setUrl = useSetUrl();
  const state = useMemo(() => decodeTopology(url), [url]);
  const change = useCallback<ChangeTopology>(
    (patch, replace = false) => setUrl(encodeTopology({ ...state, ...patch }), { replace }),
    [state, setUrl],
  );
  return [state, change];
}
