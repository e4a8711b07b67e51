import { useEffect, useEffectEvent, useState } from 'react';
import { apiUrl } from './client';
import { openStream, queryString, type StreamState } from './stream';

/**
 * A stream as long as the component lives, `on` is true and the tab is seen. (Over HTTP/1.1 a browser has
 * six connections per server for all its tabs: a hidden tab gives its own back.)
 */
export function useStream(
  path: string,
  query: object,
  handlers: Record<string, (data: unknown) => void>,
  on: boolean,
): StreamState | 'none' {
  const [state, setState] = useState<StreamState | 'none'>('none');
  const seen = useTabSeen();
  const url = apiUrl(path) + queryString(query);
  const events = Object.keys(handlers).join();
  const take = useEffectEvent((event: string, data: unknown) => handlers[event]?.(data));

  useEffect(() => {
    if (!on || !seen) {
      setState('none');
      return;
    }
    return openStream({
      url,
      on: Object.fromEntries(events.split(',').map((e) => [e, (data: unknown) => take(e, data)])),
      onState: setState,
    });
  }, [url, events, on, seen]);

  return state;
}

function useTabSeen(): boolean {
  const [seen, setSeen] = useState(() => !document.hidden);
  useEffect(() => {
    const onChange = () => setSeen(!document.hidden);
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, []);
  return seen;
}
