import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { shortContainerId } from '../../domain/format';
import { kindOfRowId, nodeOfRowId, type Row, type RowKind } from '../../domain/row';
import { dashboardOfScope, formatScope, scopeOfRow, scopeOfRowId } from '../../domain/scope';
import controls from '../../ui/controls.module.css';
import frame from '../../ui/drawer.module.css';
import { useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { DRAWER_WIDTH, setPreference, usePreferences } from '../../ui/preferences';
import { keepCommon } from '../../ui/search';
import { Skeleton } from '../../ui/states';
import styles from './drawer.module.css';
import { Facts } from './facts';

const HistoryCharts = lazy(async () => ({ default: (await import('./history-charts')).HistoryCharts }));

interface DrawerProps {
  id: string;
  /** `undefined` where the table no longer has it. */
  row: Row | undefined;
  rows: ReadonlyMap<string, Row>;
  silent: ReadonlySet<string>;
  onClose: () => void;
  onSelect: (id: string) => void;
  onScope: () => void;
}

const KEY_STEP_PX = 24;

/** One row, close up: what it is and what it did over the range. */
export function Drawer({ id, row, rows, silent, onClose, onSelect, onScope }: DrawerProps) {
  const words = useWords();
  const { width, setWidth, store } = useDrawerWidth();
  const kind = row?.kind ?? kindOfRowId(id) ?? 'process';
  const name = row?.name ?? nameOfGone(id, kind);
  const scope = row ? scopeOfRow(row) : scopeOfRowId(id);
  const only =
    kind === 'container'
      ? { container: id.split(':')[2] }
      : kind === 'process' && row
        ? { container: row.container_id || 'host', q: row.name }
        : {};
  return (
    <aside className={frame.drawer} aria-label={words.drawer.label} style={{ width }}>
      <Resizer width={width} onMove={setWidth} onDone={store} />
      <header className={frame.head}>
        <span className={frame.kind}>{words.explore.kinds[kind]}</span>
        <h2 title={name}>{name}</h2>
        <button
          type="button"
          className={controls.icon}
          aria-label={words.app.close}
          title={`${words.app.close} (Esc)`}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className={frame.body}>
        <div className={frame.actions}>
          {row && kind !== 'process' && (
            <button type="button" className={controls.control} onClick={onScope}>
              <Icon name="target" size={14} />
              {words.drawer.onlyThis}
            </button>
          )}
          <Link
            to="/dashboards/$id"
            params={{ id: dashboardOfScope(scope) }}
            search={keepCommon({ scope: formatScope(scope) })}
            className={controls.control}
            title={`${words.drawer.dashboard} (d)`}
          >
            <Icon name="dashboards" size={14} />
            {words.drawer.dashboard}
          </Link>
          <Link to="/security/events" search={keepCommon(only)} className={controls.control}>
            <Icon name="shield" size={14} />
            {words.drawer.events}
          </Link>
          {row && kind !== 'group' && (
            <Link to="/captures" search={keepCommon({ start: id })} className={controls.control}>
              <Icon name="captures" size={14} />
              {words.drawer.capture}
            </Link>
          )}
        </div>
        {row ? (
          <Facts row={row} rows={rows} silent={silent.has(row.node)} onSelect={onSelect} />
        ) : (
          <p className={styles.gone}>
            <b>{words.drawer.gone}</b> {words.drawer.goneHint}
          </p>
        )}
        <Suspense fallback={<Skeleton rows={6} />}>
          <HistoryCharts id={id} />
        </Suspense>
      </div>
    </aside>
  );
}

function nameOfGone(id: string, kind: RowKind): string {
  if (kind === 'group') return id.slice('group:'.length);
  const part = id.split(':')[2] ?? '';
  if (kind === 'host') return nodeOfRowId(id);
  return kind === 'process' ? `PID ${part}` : shortContainerId(part);
}

function useDrawerWidth() {
  const { drawerWidth } = usePreferences();
  const [width, setWidth] = useState(drawerWidth);
  const clamp = (px: number) => Math.max(DRAWER_WIDTH.least, Math.min(DRAWER_WIDTH.most, Math.round(px)));
  return {
    width,
    setWidth: (px: number) => setWidth(clamp(px)),
    store: (px: number) => setPreference('drawerWidth', clamp(px)),
  };
}

interface ResizerProps {
  width: number;
  onMove: (px: number) => void;
  onDone: (px: number) => void;
}

/** The drawer's left edge: dragged, or moved with the arrow keys. */
function Resizer({ width, onMove, onDone }: ResizerProps) {
  const words = useWords();
  const grip = useRef<{ x: number; width: number }>(undefined);
  return (
    <div
      className={styles.resizer}
      role="separator"
      aria-orientation="vertical"
      aria-label={words.drawer.resize}
      aria-valuenow={width}
      aria-valuemin={DRAWER_WIDTH.least}
      aria-valuemax={DRAWER_WIDTH.most}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (grip.current) onMove(grip.current.width + grip.current.x - event.clientX);
      }}
      onPointerUp={() => {
        grip.current = undefined;
        onDone(width);
      }}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowLeft' ? KEY_STEP_PX : event.key === 'ArrowRight' ? -KEY_STEP_PX : 0;
        if (by === 0) return;
        event.preventDefault();
        onMove(width + by);
        onDone(width + by);
      }}
    />
  );
}
