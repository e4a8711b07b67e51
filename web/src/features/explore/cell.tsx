import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ColumnId } from '../../domain/column';
import { type Formatter, middleCut, shortContainerId, UNKNOWN } from '../../domain/format';
import { heatOf, worstChildShown } from '../../domain/heat';
import type { Row } from '../../domain/row';
import { gravest, totalOf } from '../../domain/severity';
import { statusOf } from '../../domain/status';
import type { Words } from '../../ui/i18n/en';
import { keepCommon } from '../../ui/search';
import { SeverityText } from '../../ui/severity';
import { Sparkline } from '../../ui/sparkline';
import { Status } from '../../ui/status';
import styles from './cell.module.css';

interface CellProps {
  column: ColumnId;
  row: Row;
  silent: boolean;
  containerName: string | undefined;
  words: Words;
  format: Formatter;
}

/** One cell. Blank is "does not apply", `–` is "not known", and neither is 0. */
export function Cell({ column, row, silent, containerName, words, format }: CellProps) {
  switch (column) {
    case 'state': {
      const status = statusOf(row, silent);
      return (
        <Plain>
          <Status mark={status.mark} word={words.status[status.word]} />
        </Plain>
      );
    }
    case 'cpu_spark':
      return (
        <Plain>
          <Sparkline values={row.cpu_spark} heat={heatOf(row.cpu_percent)} />
        </Plain>
      );
    case 'cpu_percent':
      return <Percent value={row.cpu_percent} worst={row.cpu_worst_child_percent} format={format} />;
    case 'memory_percent':
      return <Percent value={row.memory_percent} format={format} />;
    case 'events':
      return <Events row={row} words={words} />;
    case 'user':
      return row.kind === 'process' ? <Plain muted>{row.user ?? UNKNOWN}</Plain> : <Plain />;
    case 'container':
      return (
        <Plain muted>
          {containerName ? middleCut(containerName, 14) : shortContainerId(row.container_id ?? '')}
        </Plain>
      );
    case 'pid':
      return row.kind === 'process' ? <Num muted>{row.pid ?? UNKNOWN}</Num> : <Num />;
    case 'processes':
      return row.kind === 'process' ? (
        <Num />
      ) : (
        <Amount value={row.processes} write={format.count} format={format} />
      );
    case 'threads':
      return <Amount value={row.threads} write={format.count} format={format} />;
    case 'fds':
      return <Amount value={row.fds} write={format.count} format={format} />;
    case 'cpu':
      return <Amount value={row.cpu_cores} write={format.cores} format={format} />;
    case 'memory':
      return <Amount value={row.memory_bytes} write={format.bytes} format={format} />;
    case 'disk_read':
      return <Amount value={row.disk_read_bps} write={format.bytes} format={format} />;
    case 'disk_write':
      return <Amount value={row.disk_write_bps} write={format.bytes} format={format} />;
    case 'net_rx':
      return <Amount value={row.net_rx_bps} write={format.bytes} format={format} />;
    case 'net_tx':
      return <Amount value={row.net_tx_bps} write={format.bytes} format={format} />;
    case 'name':
      return null;
  }
}

function Plain({ children, muted }: { children?: ReactNode; muted?: boolean }) {
  return (
    <div role="gridcell" className={muted ? styles.muted : styles.plain}>
      {children}
    </div>
  );
}

function Num({ children, muted }: { children?: ReactNode; muted?: boolean }) {
  return (
    <div role="gridcell" className={muted ? styles.mutedNumber : styles.number}>
      {children}
    </div>
  );
}

interface AmountProps {
  value: number | null | undefined;
  write: (value: number | null | undefined) => string;
  format: Formatter;
}

/** Zeros and what is not known step back, so that what is going on stands out. */
function Amount({ value, write, format }: AmountProps) {
  const text = write(value);
  const quiet = value == null || text === '0' || text === '0 B';
  return (
    <div
      role="gridcell"
      className={quiet ? styles.mutedNumber : styles.number}
      title={value == null ? undefined : format.exact(value)}
    >
      {text === '0 B' ? '0' : text}
    </div>
  );
}

interface PercentProps {
  value: number | null | undefined;
  worst?: number | null;
  format: Formatter;
}

function Percent({ value, worst, format }: PercentProps) {
  const heat = heatOf(value);
  const shown = worstChildShown(value, worst);
  const quiet = value == null || value < 0.05;
  return (
    <div role="gridcell" className={`${quiet ? styles.mutedNumber : styles.number} ${styles[heat]}`}>
      {shown !== undefined && (
        <span className={heatOf(shown) === 'crit' ? styles.worstCrit : styles.worst}>
          {heatOf(shown) === 'crit' && '▲\u2009'}
          {format.percent(shown)}
        </span>
      )}
      {heat === 'crit' && '▲ '}
      {format.percent(value)}
    </div>
  );
}

function Events({ row, words }: { row: Row; words: Words }) {
  const worst = gravest(row.findings);
  if (!worst) return <Plain />;
  const others = totalOf(row.findings) - worst.count;
  const only =
    row.kind === 'container'
      ? { container: row.container_id ?? undefined }
      : row.kind === 'process'
        ? { container: row.container_id || 'host', q: row.name }
        : {};
  return (
    <Plain>
      <Link
        to="/security/events"
        search={keepCommon({ ...only, from: 'now-24h' })}
        className={styles.events}
        title={words.explore.seeEvents(worst.count, words.severityInText[worst.severity])}
        onClick={(event) => event.stopPropagation()}
        tabIndex={-1}
      >
        <SeverityText severity={worst.severity} count={String(worst.count)} />
        {others > 0 && <span className={styles.others}>{words.explore.more(others)}</span>}
      </Link>
    </Plain>
  );
}
