import type { ReactNode } from 'react';
import { shortContainerId, UNKNOWN } from '../../domain/format';
import type { Row } from '../../domain/row';
import { statusOf } from '../../domain/status';
import controls from '../../ui/controls.module.css';
import { CopyButton } from '../../ui/copy-button';
import facts from '../../ui/facts.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { useNow } from '../../ui/search';
import { Status } from '../../ui/status';

interface FactsProps {
  row: Row;
  rows: ReadonlyMap<string, Row>;
  silent: boolean;
  onSelect: (id: string) => void;
}

/** What a row is, as pairs. */
export function Facts({ row, rows, silent, onSelect }: FactsProps) {
  const words = useWords();
  const format = useFormat();
  const now = useNow(5000);
  const status = statusOf(row, silent);
  const parent = row.parent ? rows.get(row.parent) : undefined;
  const pairs: [string, ReactNode][] = [
    [words.drawer.state, <Status key="s" mark={status.mark} word={words.status[status.word]} />],
  ];
  const add = (name: string, value: ReactNode) => pairs.push([name, value]);
  const limit = (value: number | null | undefined, write: (v: number) => string) =>
    value == null ? words.drawer.noLimit : write(value);

  if (row.kind === 'process') {
    add(words.drawer.pid, row.pid ?? UNKNOWN);
    add(words.drawer.parentPid, <ParentPid key="p" row={row} rows={rows} onSelect={onSelect} />);
    add(words.drawer.user, row.user ?? UNKNOWN);
    add(words.drawer.executable, <code>{row.exe || UNKNOWN}</code>);
    add(
      words.drawer.command,
      <span key="c" className={facts.long}>
        <code>{row.detail || row.name}</code>
        <CopyButton text={row.detail || row.name} what={words.drawer.command} />
      </span>,
    );
  }
  if (row.kind === 'container') {
    add(
      words.drawer.containerId,
      <span key="i" className={facts.long}>
        <code title={row.container_id ?? undefined}>
          {shortContainerId(row.container_id ?? '') || UNKNOWN}
        </code>
        <CopyButton text={row.container_id ?? ''} what={words.drawer.containerId} />
      </span>,
    );
    add(words.drawer.runtime, row.container_runtime || UNKNOWN);
    add(words.drawer.image, <code className={facts.wrap}>{row.detail || UNKNOWN}</code>);
    add(
      words.drawer.cpuLimit,
      limit(row.cpu_limit_cores, (v) => words.drawer.cores(format.cores(v))),
    );
    add(words.drawer.memoryLimit, limit(row.memory_limit_bytes, format.bytes));
  }
  if (row.kind === 'host') add(words.drawer.kernel, row.detail || UNKNOWN);
  if (row.start_ms != null) {
    add(
      words.drawer.started,
      <span key="t" title={format.dateTimeMs(row.start_ms)}>
        {format.dateTime(row.start_ms)} · {format.ago(row.start_ms, now)}
      </span>,
    );
  }
  if (parent?.kind === 'container') add(words.drawer.container, <RowLink row={parent} onSelect={onSelect} />);
  for (const { label, value } of row.group) add(label, <code>{value}</code>);
  if (row.kind !== 'host' && row.node !== '') {
    const host = rows.get(`host:${row.node}`);
    add(words.drawer.host, host ? <RowLink row={host} onSelect={onSelect} /> : row.node);
  }

  return (
    <dl className={facts.facts}>
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function RowLink({ row, onSelect }: { row: Row; onSelect: (id: string) => void }) {
  return (
    <button type="button" className={controls.link} onClick={() => onSelect(row.id)}>
      {row.name}
    </button>
  );
}

function ParentPid({ row, rows, onSelect }: Omit<FactsProps, 'silent'>) {
  if (row.ppid == null) return <>{UNKNOWN}</>;
  for (const other of rows.values()) {
    if (other.kind === 'process' && other.node === row.node && other.pid === row.ppid) {
      return (
        <>
          {row.ppid} · <RowLink row={other} onSelect={onSelect} />
        </>
      );
    }
  }
  return <>{row.ppid}</>;
}
