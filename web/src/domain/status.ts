import { heatOf } from './heat';
import type { Row } from './row';

/** The word a row's status is. The page translates it. */
export type StatusWord =
  | 'reporting'
  | 'silent'
  | 'cpu_high'
  | 'memory_high'
  | 'ok'
  | 'running'
  | 'sleeping'
  | 'disk_wait'
  | 'idle'
  | 'stopped'
  | 'traced'
  | 'zombie'
  | 'dead'
  | 'unknown';

export type StatusMark = 'ok' | 'warn' | 'crit' | 'nodata' | 'plain';

export interface RowStatus {
  mark: StatusMark;
  word: StatusWord;
}

const STATES: Record<string, RowStatus> = {
  R: { mark: 'plain', word: 'running' },
  S: { mark: 'plain', word: 'sleeping' },
  D: { mark: 'plain', word: 'disk_wait' },
  I: { mark: 'plain', word: 'idle' },
  T: { mark: 'plain', word: 'stopped' },
  t: { mark: 'plain', word: 'traced' },
  Z: { mark: 'warn', word: 'zombie' },
  X: { mark: 'plain', word: 'dead' },
};

/**
 * What stands under "Status". `silent` says that the row's agent is not connected. A process that
 * nears a limit of its own container is told by the cells; only hosts and containers become a
 * problem by load, as a busy process is what a machine is for.
 */
export function statusOf(row: Row, silent: boolean): RowStatus {
  if (row.kind === 'host' && silent) return { mark: 'crit', word: 'silent' };
  if (row.kind === 'process') {
    return STATES[row.state?.[0] ?? ''] ?? { mark: 'nodata', word: 'unknown' };
  }
  if (heatOf(row.memory_percent) === 'crit') return { mark: 'warn', word: 'memory_high' };
  if (heatOf(row.cpu_percent) === 'crit') return { mark: 'warn', word: 'cpu_high' };
  return { mark: 'ok', word: row.kind === 'host' ? 'reporting' : 'ok' };
}

/** Whether "Problems only" keeps the row: a bad status, a hot cell or a grave security event. */
export function isProblem(row: Row, silent: boolean): boolean {
  const mark = statusOf(row, silent).mark;
  if (mark === 'warn' || mark === 'crit') return true;
  if (heatOf(row.cpu_percent) === 'crit' || heatOf(row.memory_percent) === 'crit') return true;
  return row.findings.some((f) => f.count > 0 && (f.severity === 'critical' || f.severity === 'high'));
}
