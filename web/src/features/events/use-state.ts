import { useCallback, useMemo } from 'react';
import { decodeEvents, type EventsState, encodeEvents } from '../../domain/search';
import { useSetUrl, useUrl } from '../../ui/search';

/** The state of the list, which is its URL. */
export function useEventsState(): [EventsState, (patch: Partial<EventsState>, replace?: boolean) => void] {
  const url = useUrl();
  const setUrl = useSetUrl();
  const state = useMemo(() => decodeEvents(url), [url]);
  const change = useCallback(
    (patch: Partial<EventsState>, replace = false) =>
      setUrl(encodeEvents({ ...state, ...patch }), { replace }),
    [state, setUrl],
  );
  return [state, change];
}
