import { type ReactNode, useMemo, useState } from 'react';
import { UNKNOWN } from '../../domain/format';
import {
  cellText,
  MARKS,
  METRICS,
  metricValue,
  type TopologyEdge,
  type TopologyMap,
  type TopologyNode,
  type TopologyStatus,
} from '../../domain/topology';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { Section } from '../../ui/section';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import { nameOf, placeOf } from './names';
import styles from './topology.module.css';
import { useTopologyWords } from './words';

interface ListsProps {
  map: TopologyMap;
  selected: string | undefined;
  onSelect: (id: string) => void;
}

interface Column<T> {
  key: string;
  title: string;
  number?: boolean;
  value: (row: T) => string | number | undefined;
  cell: (row: T) => ReactNode;
}

const GRAVITY: Record<TopologyStatus, number> = { unknown: 0, ok: 1, warning: 2, critical: 3 };

/** The map as two tables: edges, and nodes. */
export function Lists({ map, selected, onSelect }: ListsProps) {
  const words = useTopologyWords();
  const format = useFormat();
  const nodes = useMemo(() => new Map(map.nodes.map((n) => [n.id, n])), [map]);
  const name = (id: string) => {
    const node = nodes.get(id);
    return node ? nameOf(node, words) : id;
  };
  const end = (id: string) => {
    const node = nodes.get(id);
    return (
      <>
        {name(id)} <span className={styles.place}>{node && placeOf(node, words)}</span>
      </>
    );
  };
  const open = (id: string, content: ReactNode) => (
    <button type="button" className={controls.link} onClick={() => onSelect(id)}>
      {content}
    </button>
  );
  const state = (status: TopologyStatus) => <Status mark={MARKS[status]} word={words.statuses[status]} />;
  const edgeColumns: Column<TopologyEdge>[] = [
    {
      key: 'from',
      title: words.columns.from,
      value: (e) => name(e.from),
      cell: (e) => open(e.id, end(e.from)),
    },
    { key: 'to', title: words.columns.to, value: (e) => name(e.to), cell: (e) => end(e.to) },
    {
      key: 'port',
      title: words.columns.port,
      number: true,
      value: (e) => e.port ?? undefined,
      cell: (e) => e.port ?? UNKNOWN,
    },
    {
      key: 'state',
      title: words.columns.state,
      value: (e) => GRAVITY[e.status],
      cell: (e) => state(e.status),
    },
    ...METRICS.map((m) => ({
      key: m,
      title: words.metrics[m],
      number: true,
      value: (e: TopologyEdge) => metricValue(m, e.traffic),
      cell: (e: TopologyEdge) => cellText(m, e.traffic, format) ?? UNKNOWN,
    })),
  ];
  const nodeColumns: Column<TopologyNode>[] = [
    {
      key: 'name',
      title: words.columns.name,
      value: (n) => nameOf(n, words),
      cell: (n) => open(n.id, end(n.id)),
    },
    {
      key: 'kind',
      title: words.columns.kind,
      value: (n) => words.kinds[n.kind],
      cell: (n) => words.kinds[n.kind],
    },
    {
      key: 'state',
      title: words.columns.state,
      value: (n) => GRAVITY[n.status],
      cell: (n) => state(n.status),
    },
    {
      key: 'cpu',
      title: words.cpu,
      number: true,
      value: (n) => n.cpu_percent ?? undefined,
      cell: (n) => (n.cpu_percent == null ? UNKNOWN : `${format.percent(n.cpu_percent)} %`),
    },
    ...METRICS.map((m) => ({
      key: m,
      title: words.metrics[m],
      number: true,
      value: (n: TopologyNode) => metricValue(m, n.inbound),
      cell: (n: TopologyNode) => cellText(m, n.inbound, format) ?? UNKNOWN,
    })),
  ];
  return (
    <div className={styles.lists}>
      <Section level={2} title={words.edges} note={map.edges.length}>
        <SortTable rows={map.edges} columns={edgeColumns} first="rps" selected={selected} />
      </Section>
      <Section level={2} title={words.nodes} note={map.nodes.length}>
        <SortTable rows={map.nodes} columns={nodeColumns} first="rps" selected={selected} />
      </Section>
    </div>
  );
}

interface SortTableProps<T> {
  rows: readonly T[];
  columns: Column<T>[];
  /** What it is sorted by at first. */
  first: string;
  selected: string | undefined;
}

function SortTable<T extends { id: string }>({ rows, columns, first, selected }: SortTableProps<T>) {
  const words = useTopologyWords();
  const [sort, setSort] = useState({ key: first, descending: true });
  const by = columns.find((c) => c.key === sort.key);
  const sorted = by ? rows.slice().sort((a, b) => compare(by.value(a), by.value(b), sort.descending)) : rows;
  return (
    <table className={tables.table}>
      <thead>
        <tr>
          {columns.map((c) => (
            <th
              key={c.key}
              data-key={c.key}
              scope="col"
              className={c.number ? tables.number : undefined}
              aria-sort={c.key !== sort.key ? undefined : sort.descending ? 'descending' : 'ascending'}
            >
              <button
                type="button"
                title={words.sortBy(c.title)}
                onClick={() =>
                  setSort({
                    key: c.key,
                    descending: c.key === sort.key ? !sort.descending : c.number === true,
                  })
                }
              >
                {c.title}
                {c.key === sort.key && (sort.descending ? ' ↓' : ' ↑')}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr key={row.id} data-selected={row.id === selected || undefined}>
            {columns.map((c) => (
              <td key={c.key} className={c.number ? tables.number : undefined}>
                {c.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is not known comes last, whichever way it is sorted. */
function compare(
  a: string | number | undefined,
  b: string | number | undefined,
  descending: boolean,
): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b);
  return descending ? -order : order;
}
