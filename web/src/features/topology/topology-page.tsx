import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { topologyQuery } from '../../api/topology';
import { endsNow, formatBound } from '../../domain/time-range';
import { findNode, withoutExternals } from '../../domain/topology';
import { LINK_LABELS, type TopologyState } from '../../domain/topology-state';
import controls from '../../ui/controls.module.css';
import { useWords } from '../../ui/i18n/words';
import { useKey } from '../../ui/keys';
import { setLive, useLive, useLiveHold } from '../../ui/live';
import { PageHead } from '../../ui/page-head';
import { ScopeChips } from '../../ui/scope-chips';
import { useRange, useUrl } from '../../ui/search';
import { Failed, Skeleton } from '../../ui/states';
import { Drawer } from './drawer';
import { FootBar } from './foot-bar';
import { Lists } from './lists';
import { MapView } from './map-view';
import { nameOf, nameOfId } from './names';
import { Toolbar } from './toolbar';
import styles from './topology.module.css';
import { TopologyEmpty } from './topology-empty';
import { useTopologyState } from './use-state';
import { useTopologyWords } from './words';

const LIVE_EVERY_MS = 10_000;
/** As many as are laid out in a second; the server folds the least busy of more. */
const MOST_BOXES = 100;

export function TopologyPage() {
  const words = useWords();
  const own = useTopologyWords();
  const [state, change] = useTopologyState();
  const { data, error, isFetching, refetch } = useMap(state);
  const map = useMemo(
    () => (data && state.hideExternals ? withoutExternals(data) : data),
    [data, state.hideExternals],
  );
  const found = useMemo(() => (map ? findNode(map, state.q) : undefined), [map, state.q]);
  const [hovered, setHovered] = useState<string>();
  useLiveHold('row', hovered !== undefined);

  useKey('refresh', () => void refetch());
  useKey('problems', () => change({ problemsOnly: !state.problemsOnly }, true));
  const otherView = () => change({ view: state.view === 'map' ? 'list' : 'map' }, true);
  useKey('next_view', otherView);
  useKey('previous_view', otherView);
  useKey('close', state.selected === undefined ? undefined : () => change({ selected: undefined }));

  const select = (selected: string | undefined) => change({ selected });
  const focusNode = state.focus === undefined ? undefined : data?.nodes.find((n) => n.id === state.focus);
  const focusName = state.focus && (focusNode ? nameOf(focusNode, own) : nameOfId(state.focus));
  return (
    <>
      <PageHead title={words.app.topology}>
        <ScopeChips scope={state.scope} takes={LINK_LABELS} onChange={(scope) => change({ scope })} />
        {focusName && (
          <span className={controls.chip} title={state.focus}>
            <span>{own.focusOn(focusName)}</span>
            <button
              type="button"
              aria-label={own.noFocus}
              title={own.noFocus}
              onClick={() => change({ focus: undefined, depth: 1 })}
            >
              ×
            </button>
          </span>
        )}
      </PageHead>
      <div className={styles.split}>
        <div className={styles.page}>
          <Toolbar state={state} change={change} missing={state.q !== '' && map !== undefined && !found} />
          {error && !map ? (
            <Failed error={error} onRetry={() => void refetch()} />
          ) : !map ? (
            <Skeleton rows={12} inset />
          ) : map.nodes.length === 0 ? (
            <TopologyEmpty state={state} change={change} name={focusName} />
          ) : state.view === 'list' ? (
            <Lists map={map} selected={state.selected} onSelect={select} />
          ) : (
            <MapView
              map={map}
              state={state}
              found={found?.id}
              hovered={hovered}
              onHover={setHovered}
              onSelect={select}
              onFocus={(id) => change({ focus: id, selected: undefined })}
            />
          )}
          {data && map && <FootBar data={data} map={map} busy={isFetching} />}
        </div>
        {state.selected !== undefined && data && (
          <Drawer
            map={data}
            id={state.selected}
            state={state}
            onSelect={select}
            onFocus={(focus) => change({ focus, depth: 1 })}
          />
        )}
      </div>
    </>
  );
}

function useMap(state: TopologyState) {
  const range = useRange();
  const { held } = useLive();
  const live = useUrl().live !== 'off' && endsNow(range);
  const scope = state.scope.flatMap(({ label, values }) =>
    values.map((value) => `${label}:${value.replace(/%/g, '%25').replace(/,/g, '%2C')}`),
  );
  const asked = useQuery(
    topologyQuery(
      {
        level: state.level,
        from: formatBound(range.from),
        to: formatBound(range.to),
        focus: state.focus,
        depth: state.focus === undefined ? undefined : state.depth,
        only: state.problemsOnly ? 'problems' : undefined,
        scope: scope.length > 0 ? scope.join(',') : undefined,
        // The list has each port; lines of a map could not be told apart.
        ports: state.view === 'map' ? 'together' : 'apart',
        limit: MOST_BOXES,
      },
      live && !held && LIVE_EVERY_MS,
    ),
  );
  useEffect(() => {
    setLive({ connection: live ? 'open' : 'none', intervalS: LIVE_EVERY_MS / 1000 });
    return () => setLive({ connection: 'none', intervalS: undefined });
  }, [live]);
  return asked;
}
