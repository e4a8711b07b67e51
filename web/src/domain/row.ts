/**
 * What a table of Explore is made of. The shape is that of `ExploreRow` in the API; the domain
 * names it itself, so that sorting and folding know nothing of how rows travel.
 * `null` or absent is "not known", never zero.
 */
export type RowKind = 'host' | 'container' | 'process' | 'group';

export interface SeverityCount {
  severity: Severity;
  count: number;
}

/** How grave, as the API says it. */
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

export interface Row {
  id: string;
  parent?: string | null;
  kind: RowKind;
  name: string;
  /** Grey behind the name: kernel, image or cgroup, command line. */
  detail: string;
  node: string;
  pid?: number | null;
  ppid?: number | null;
  user?: string | null;
  /** One letter as in `ps`. */
  state?: string | null;
  exe?: string | null;
  container_id?: string | null;
  container_runtime?: string | null;
  start_ms?: number | null;
  cpu_cores?: number | null;
  /** Of the limit, else of the node's CPUs. */
  cpu_percent?: number | null;
  cpu_worst_child_percent?: number | null;
  cpu_limit_cores?: number | null;
  memory_bytes?: number | null;
  memory_percent?: number | null;
  memory_limit_bytes?: number | null;
  disk_read_bps?: number | null;
  disk_write_bps?: number | null;
  net_rx_bps?: number | null;
  net_tx_bps?: number | null;
  threads?: number | null;
  fds?: number | null;
  processes?: number | null;
  /** Of a group its labels, the outermost first. */
  group: { label: string; value: string }[];
  /** Security events of 24 h, the gravest first. */
  findings: SeverityCount[];
  /** CPU over the last 10 minutes, oldest first. */
  cpu_spark: (number | null)[];
}

export interface Table {
  /** When the newest of it was read, ms since the epoch; absent while no agent has sent any. */
  updated_ms?: number | null;
  interval_s: number;
  rows: Row[];
  /** Rows there would be without the limit. */
  total: number;
}

/** The table in which a row's id says it lives, or `undefined` where it is no row's id. */
export function kindOfRowId(id: string): RowKind | undefined {
  const word = id.slice(0, id.indexOf(':'));
  const kinds: readonly string[] = ['host', 'container', 'process', 'group'];
  return kinds.includes(word) ? (word as RowKind) : undefined;
}

/** `NODE` of `host:NODE`, `container:NODE:ID`, `process:NODE:PID:START_MS`; a group has none. */
export function nodeOfRowId(id: string): string {
  return id.startsWith('group:') ? '' : (id.split(':')[1] ?? '');
}
