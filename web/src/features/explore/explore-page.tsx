import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type ExploreQuery, statusQuery } from '../../api/queries';
import { isFolded, withFold } from '../../domain/fold';
import type { Row } from '../../domain/row';
import {
  dashboardOfScope,
  formatScope,
  ROW_LABELS,
  rowIdOfScope,
  scopeOfRow,
  scopeOfRowId,
} from '../../domain/scope';
import { type ExploreState, sortAfterClick, sortText } from '../../domain/search';
import { isProblem } from '../../domain/status';
import { containerNames, type Line, linesOf, positionsOf, type Sort } from '../../domain/tree';
import { useWords } from '../../ui/i18n/words';
import { useKey } from '../../ui/keys';
import { holdLive } from '../../ui/live';
import { PageHead } from '../../ui/page-head';
import { ScopeChips } from '../../ui/scope-chips';
import { keepCommon, useUrl } from '../../ui/search';
import { Failed, Skeleton } from '../../ui/states';
import { Drawer } from './drawer';
import { ExploreEmpty } from './explore-empty';
import styles from './explore-page.module.css';
import { ExploreTable } from './explore-table';
import { FootBar } from './foot-bar';
import { Toolbar } from './toolbar';
import { useExploreState } from './use-state';
import { useTable } from './use-table';

const MOST_ROWS = 10_000;
const HELD_AFTER_LEAVING_MS = 5000;

export function ExplorePage() {
  const words = useWords();
  const [state, change] = useExploreState();
  const navigate = useNavigate();
  const live = useUrl().live !== 'off';
  const [truncated, setTruncated] = useState(false);
  const { table, error, stale, refresh } = useTable(queryOf(state, truncated), live);
  const status = useQuery(statusQuery);
  const silent = useSilentNodes(status.data?.agents);
  const { held, hold, letGo, sortNow } = useHeldOrder();

  useEffect(() => {
    if (table) setTruncated(table.total > table.rows.length || (truncated && state.q !== ''));
  }, [table, truncated, state.q]);

  const lines = useMemo(
    () => (table ? linesOf(table.rows, treeOptions(state, silent, held)) : []),
    [table, state, silent, held],
  );
  const byId = useMemo(() => new Map(table?.rows.map((r) => [r.id, r])), [table]);
  const names = useMemo(() => containerNames(table?.rows ?? []), [table]);
  const selected = state.selected === undefined ? undefined : byId.get(state.selected);
  const [active, setActive] = useState<string>();

  const fold = useCallback(
    (row: Row, folded: boolean) => change({ folds: withFold(state.folds, row, folded) }, true),
    [change, state.folds],
  );
  const select = useCallback(
    (id: string | undefined, replace = false) => {
      setActive(id);
      change({ selected: id }, replace);
    },
    [change],
  );
  useRowKeys({ lines, active: active ?? state.selected, setActive, state, select, fold });
  useKey('refresh', () => {
    sortNow();
    refresh();
  });
  useKey('problems', () => change({ problemsOnly: !state.problemsOnly }, true));
  const otherView = () => change({ view: state.view === 'tree' ? 'flat' : 'tree' });
  useKey('next_view', otherView);
  useKey('previous_view', otherView);

  const openDashboard = (id: string | undefined) => {
    if (id === undefined) return;
    const row = byId.get(id);
    const scope = row ? scopeOfRow(row) : scopeOfRowId(id);
    void navigate({
      to: '/dashboards/$id',
      params: { id: dashboardOfScope(scope) },
      search: keepCommon({ scope: formatScope(scope) }),
    });
  };
  useKey('dashboard', () => openDashboard(state.selected ?? active));

  return (
    <>
      <PageHead title={words.app.explore}>
        <ScopeChips
          scope={state.scope}
          takes={ROW_LABELS}
          text={(label, value) => (label === 'container_id' ? names.get(value) : undefined)}
          onChange={(scope) => change({ scope })}
        />
      </PageHead>
      <div className={styles.split}>
        <div className={styles.page} data-stale={stale || undefined}>
          <Toolbar state={state} change={change} />
          {error ? (
            <Failed error={error} onRetry={refresh} />
          ) : !table ? (
            <Skeleton rows={12} inset />
          ) : lines.length === 0 ? (
            <ExploreEmpty table={table} state={state} change={change} agents={status.data?.agents.length} />
          ) : (
            <ExploreTable
              lines={lines}
              state={state}
              silent={silent}
              names={names}
              active={active ?? state.selected}
              onSort={(column) => {
                sortNow();
                change({ sort: sortAfterClick(state.sort, column) }, true);
              }}
              onSelect={select}
              onFold={fold}
              onEnter={() => hold(lines)}
              onLeave={letGo}
            />
          )}
          {table && <FootBar table={table} shown={lines.length} live={live} />}
        </div>
        {state.selected !== undefined && table && (
          <Drawer
            id={state.selected}
            row={selected}
            rows={byId}
            silent={silent}
            onClose={() => change({ selected: undefined })}
            onSelect={(id) => select(id)}
            onScope={() => change({ scope: scopeOfRow(selected!), q: '' })}
          />
        )}
      </div>
    </>
  );
}

/** The server names one column otherwise, and cannot sort by the name of a container. */
function serverSort(sort: Sort): string | undefined {
  if (sort.column === 'container') return undefined;
  return sortText(sort).replace('events', 'findings');
}

/** Only where the server could not send all rows does it sort and filter for us. */
function queryOf(state: ExploreState, truncated: boolean): ExploreQuery {
  const by = state.by.join(',');
  if (!truncated) return { limit: MOST_ROWS, by };
  return {
    limit: MOST_ROWS,
    by,
    view: state.view,
    sort: serverSort(state.sort),
    q: state.q || undefined,
    scope: rowIdOfScope(state.scope),
  };
}

function treeOptions(
  state: ExploreState,
  silent: ReadonlySet<string>,
  held: ReadonlyMap<string, number> | undefined,
) {
  return {
    view: state.view,
    sort: state.sort,
    q: state.q,
    scope: state.scope,
    keep: state.problemsOnly ? (row: Row) => isProblem(row, silent.has(row.node)) : undefined,
    isFolded: (row: Row) => isFolded(state.folds, row),
    held,
  };
}

function useSilentNodes(agents: { node: string; state: string }[] | undefined): ReadonlySet<string> {
  // Status comes every few seconds; the set changes only when an agent does.
  const key = (agents ?? [])
    .filter((a) => a.state === 'disconnected')
    .map((a) => a.node)
    .sort()
    .join();
  return useMemo(() => new Set(key === '' ? [] : key.split(',')), [key]);
}

/** While the pointer is on the rows, and 5 s after, no row changes its place. */
function useHeldOrder() {
  const [held, setHeld] = useState<ReadonlyMap<string, number>>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      holdLive('row', false);
    },
    [],
  );
  return {
    held,
    hold: (lines: Line[]) => {
      clearTimeout(timer.current);
      holdLive('row', true);
      setHeld((before) => before ?? positionsOf(lines));
    },
    letGo: () => {
      holdLive('row', false);
      timer.current = setTimeout(() => setHeld(undefined), HELD_AFTER_LEAVING_MS);
    },
    sortNow: () => {
      clearTimeout(timer.current);
      setHeld(undefined);
    },
  };
}

interface RowKeys {
  lines: Line[];
  active: string | undefined;
  setActive: (id: string | undefined) => void;
  state: ExploreState;
  select: (id: string | undefined, replace?: boolean) => void;
  fold: (row: Row, folded: boolean) => void;
}

function useRowKeys({ lines, active, setActive, state, select, fold }: RowKeys) {
  const index = lines.findIndex((l) => l.row.id === active);
  const line = lines[index];
  const goTo = (i: number) => {
    const id = lines[Math.max(0, Math.min(lines.length - 1, i))]?.row.id;
    // An open drawer follows; Back then leaves it in one step.
    if (state.selected === undefined) setActive(id);
    else select(id, true);
  };
  useKey('down', () => goTo(index + 1));
  useKey('up', () => goTo(index < 0 ? 0 : index - 1));
  useKey('first', () => goTo(0));
  useKey('last', () => goTo(lines.length - 1));
  useKey('open', () => select((line ?? lines[0])?.row.id));
  useKey('unfold', () => {
    if (!line) goTo(0);
    else if (line.folded) fold(line.row, false);
    else if (line.children > 0) goTo(index + 1);
  });
  useKey('fold', () => {
    if (!line) return;
    if (line.children > 0 && !line.folded) fold(line.row, true);
    else if (line.row.parent) {
      const parent = lines.findIndex((l) => l.row.id === line.row.parent);
      if (parent >= 0) goTo(parent);
    }
  });
  useKey('close', () => {
    if (state.selected !== undefined) select(undefined);
    else setActive(undefined);
  });
}
