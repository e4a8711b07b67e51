import { useRouter } from '@tanstack/react-router';
import { useCallback, useMemo, useRef } from 'react';
import { formatScope, parseScope, type Scope } from '../../domain/scope';
import { encodeRange } from '../../domain/search';
import { absolute } from '../../domain/time-range';
import { useSetUrl, useUrl } from '../../ui/search';
import type { PanelPlace } from './place';
import { useMoment } from './use-moment';

/** A drag over less than this asks for more than there is: data comes every few seconds. */
const SHORTEST_ZOOM_MS = 60_000;

/** The scope, time and ways of the page that its panels share. */
export function usePlace(selectors: PanelPlace['selectors']): PanelPlace {
  const setUrl = useSetUrl();
  const router = useRouter();
  const url = useUrl();
  const moment = useMoment();
  const zooms = useRef(0);
  const scope = useMemo(() => parseScope(url.scope), [url.scope]);
  const onScope = useCallback((next: Scope) => setUrl({ scope: formatScope(next) }), [setUrl]);
  const onZoom = useCallback(
    (fromMs: number, toMs: number) => {
      const missing = Math.max(0, SHORTEST_ZOOM_MS - (toMs - fromMs)) / 2;
      zooms.current += 1;
      setUrl(encodeRange(absolute(fromMs - missing, toMs + missing)));
    },
    [setUrl],
  );
  const onBack = useCallback(() => {
    if (zooms.current === 0) return;
    zooms.current -= 1;
    router.history.back();
  }, [router]);
  return useMemo(
    () => ({ selectors, scope, moment, onZoom, onBack, onScope }),
    [selectors, scope, moment, onZoom, onBack, onScope],
  );
}
