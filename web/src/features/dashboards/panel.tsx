import { type ReactNode, useRef, useState } from 'react';
import type { Panel } from '../../api/dashboards';
import controls from '../../ui/controls.module.css';
import { CopyButton } from '../../ui/copy-button';
import { useFormat } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { Popover } from '../../ui/popover';
import { Failed, Skeleton } from '../../ui/states';
import { ChartBody } from './chart-body';
import styles from './dashboards.module.css';
import type { PanelPlace } from './place';
import { SeriesTable } from './series-table';
import { StatBody } from './stat-body';
import { TableBody } from './table-body';
import { TopBody } from './top-body';
import { useNear } from './use-near';
import { type PanelData, usePanel } from './use-panel';
import { useDashboardWords } from './words';

/** A panel that loads, fails and is empty by itself. */
export function PanelView({ panel, place }: { panel: Panel; place: PanelPlace }) {
  const words = useDashboardWords();
  const box = useRef<HTMLElement>(null);
  const near = useNear(box);
  const data = usePanel(panel, place.selectors, place.scope, place.moment, near);
  const [asTable, setAsTable] = useState(false);
  const drawn = panel.kind === 'line' || panel.kind === 'stacked';
  const warnings = [...new Set(data.brought?.flatMap((b) => b.warnings))];
  return (
    <section
      ref={box}
      className={styles.panel}
      data-kind={panel.kind}
      aria-label={panel.title}
      aria-busy={data.fetching}
      style={{ '--columns': panel.width, '--rows': panel.height } as React.CSSProperties}
    >
      <div className={styles.progress} data-on={(data.fetching && data.brought) || undefined} />
      <header>
        <h2 title={panel.description || panel.title}>
          {panel.title}
          {/* The one unit that its numbers do not carry. */}
          {panel.unit === 'cores' && <small> {words.units.cores}</small>}
        </h2>
        <Popover
          align="end"
          label={words.menu(panel.title)}
          buttonClass={controls.icon}
          button={<span aria-hidden="true">⋯</span>}
        >
          {(close) => (
            <PanelMenu
              panel={panel}
              asked={data.asked}
              warnings={warnings}
              table={drawn ? asTable : undefined}
              onTable={() => {
                setAsTable(!asTable);
                close();
              }}
            />
          )}
        </Popover>
      </header>
      <div className={styles.body}>
        <PanelBody panel={panel} place={place} data={data} asTable={asTable} />
      </div>
    </section>
  );
}

interface BodyProps {
  panel: Panel;
  place: PanelPlace;
  data: PanelData;
  asTable: boolean;
}

function PanelBody({ panel, place, data, asTable }: BodyProps): ReactNode {
  const format = useFormat();
  const { brought, error } = data;
  if (error) return <Failed error={error} onRetry={data.retry} />;
  if (!brought) return <Skeleton rows={panel.height === 1 ? 2 : panel.height * 2} />;
  if (brought.every((b) => (b.range ?? b.instant ?? []).length === 0)) {
    return <NoSeries asked={data.asked} short={panel.height === 1} />;
  }
  switch (panel.kind) {
    case 'stat':
      return <StatBody panel={panel} brought={brought[0]!} format={format} />;
    case 'top':
      return <TopBody panel={panel} place={place} brought={brought} format={format} />;
    case 'table':
      return <TableBody panel={panel} place={place} brought={brought} format={format} />;
    default:
      return asTable ? (
        <SeriesTable panel={panel} brought={brought} format={format} />
      ) : (
        <ChartBody panel={panel} place={place} brought={brought} format={format} />
      );
  }
}

function NoSeries({ asked, short }: { asked: string[]; short: boolean }) {
  const words = useDashboardWords();
  if (short) {
    return (
      <p className={styles.none} title={`${words.noSeries} ${asked.join('\n')}`}>
        {words.noData}
      </p>
    );
  }
  return (
    <p className={styles.none}>
      {words.noSeries} <code>{asked[0]}</code> {words.noSeriesHint}
    </p>
  );
}

interface PanelMenuProps {
  panel: Panel;
  asked: string[];
  warnings: string[];
  /** Whether a chart is shown as a table; `undefined` where it cannot be. */
  table: boolean | undefined;
  onTable: () => void;
}

function PanelMenu({ panel, asked, warnings, table, onTable }: PanelMenuProps) {
  const words = useDashboardWords();
  return (
    <div className={styles.menu}>
      {panel.description && <p>{panel.description}</p>}
      {table !== undefined && (
        <button type="button" className={controls.control} onClick={onTable}>
          <Icon name={table ? 'dashboards' : 'columns'} size={14} />
          {table ? words.showChart : words.showTable}
        </button>
      )}
      {warnings.length > 0 && (
        <p>
          <b>{words.warnings}</b> {warnings.join(' ')}
        </p>
      )}
      {asked.map((query) => (
        <div key={query} className={styles.asked}>
          <code>{query}</code>
          <CopyButton text={query} what={words.query} />
        </div>
      ))}
    </div>
  );
}
