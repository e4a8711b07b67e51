/**
 * Invented data in the shapes of the API: the same for unit tests, the mock server and its pictures.
 * Everything is a function of a clock, so that a test's picture is the same every day.
 */
import type {
  Agent,
  EventPage,
  ExploreTable,
  History,
  RuleList,
  SecurityEvent,
  SecurityEventDetail,
  Status,
} from '../api/queries';
import type { Severity } from '../domain/row';
import { SEVERITIES } from '../domain/severity';

type ExploreRow = ExploreTable['rows'][number];

const NODE = 'atlas-1';
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const DAY_MS = 86_400_000;
const CPUS = 8;
const MEMORY = 32 * GIB;

/** The same numbers every time, without a library. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A row with everything unknown but what is given. */
export function rowOf(given: Partial<ExploreRow> & Pick<ExploreRow, 'id' | 'kind' | 'name'>): ExploreRow {
  return {
    parent: null,
    detail: '',
    node: NODE,
    pid: null,
    ppid: null,
    user: null,
    state: null,
    exe: null,
    container_id: null,
    container_runtime: null,
    start_ms: null,
    cpu_cores: null,
    cpu_percent: null,
    cpu_worst_child_percent: null,
    cpu_limit_cores: null,
    memory_bytes: null,
    memory_percent: null,
    memory_limit_bytes: null,
    disk_read_bps: null,
    disk_write_bps: null,
    net_rx_bps: null,
    net_tx_bps: null,
    threads: null,
    fds: null,
    processes: null,
    findings: [],
    group: [],
    cpu_spark: [],
    ...given,
  };
}

interface ProcessSeed {
  comm: string;
  cmdline: string;
  user: string;
  cpu: number;
  memoryMib: number;
  threads: number;
  fds: number;
  state?: string;
  pid?: number;
}

interface ContainerSeed {
  name: string;
  image: string;
  runtime: string;
  cpuLimit?: number;
  memoryLimitMib?: number;
  findings?: SecurityEvent['severity'][];
  processes: ProcessSeed[];
}

function p(
  comm: string,
  cmdline: string,
  user: string,
  cpu: number,
  memoryMib: number,
  threads: number,
  fds: number,
  state?: string,
): ProcessSeed {
  return { comm, cmdline, user, cpu, memoryMib, threads, fds, state };
}

const CONTAINERS: ContainerSeed[] = [
  {
    name: 'checkout',
    image: 'shop/checkout:4.18.2',
    runtime: 'containerd',
    cpuLimit: 2,
    memoryLimitMib: 1024,
    findings: ['critical', 'high', 'high'],
    processes: [
      p('node', 'node --max-old-space-size=768 server.js', 'node', 1.86, 812, 11, 148, 'R'),
      p('sh', 'sh -c convert /tmp/u-83f1.svg /tmp/u-83f1.png', 'node', 0, 1.2, 1, 4),
      p('bash', 'bash -i', 'node', 0.02, 3.4, 1, 6),
    ],
  },
  {
    name: 'postgres',
    image: 'postgres:15.8',
    runtime: 'containerd',
    cpuLimit: 4,
    memoryLimitMib: 4096,
    processes: [
      p('postgres', 'postgres -D /var/lib/postgresql/data', 'postgres', 0.02, 164, 1, 71),
      p('postgres', 'postgres: checkpointer', 'postgres', 0.01, 148, 1, 12),
      p('postgres', 'postgres: shop shop 10.0.33.201(51122) SELECT', 'postgres', 0.71, 212, 1, 26, 'R'),
      p('postgres', 'postgres: walwriter', 'postgres', 0.04, 22, 1, 12, 'D'),
    ],
  },
  {
    name: 'search',
    image: 'opensearchproject/opensearch:2.17.0',
    runtime: 'containerd',
    cpuLimit: 2,
    memoryLimitMib: 3072,
    processes: [
      p(
        'java',
        '/usr/share/opensearch/jdk/bin/java -Xms1g -Xmx1g -cp /usr/share/opensearch/lib/*',
        'opensearch',
        0.63,
        2380,
        87,
        412,
      ),
    ],
  },
  {
    name: 'redis-cart',
    image: 'redis:7.4-alpine',
    runtime: 'podman',
    memoryLimitMib: 512,
    findings: ['low', 'low'],
    processes: [p('redis-server', 'redis-server *:6379', 'redis', 0.08, 58, 6, 39)],
  },
  {
    name: 'frontend',
    image: 'shop/frontend:4.18.2',
    runtime: 'containerd',
    cpuLimit: 1,
    memoryLimitMib: 256,
    processes: [
      p('nginx', 'nginx: master process nginx -g daemon off;', 'root', 0, 7.1, 1, 9),
      p('nginx', 'nginx: worker process', 'nginx', 0.06, 11.8, 1, 64),
      p('nginx', 'nginx: worker process', 'nginx', 0.05, 11.6, 1, 61),
    ],
  },
  {
    name: 'ingest-worker-7d9f6c5b8-x2kqp',
    image: 'shop/ingest:1.9.0',
    runtime: 'docker',
    cpuLimit: 0.5,
    memoryLimitMib: 256,
    findings: ['medium'],
    processes: [p('python3', 'python3 -m ingest --queue orders --concurrency 4', 'app', 0.29, 201, 5, 22)],
  },
];

const HOST_PROCESSES: ProcessSeed[] = [
  p('systemd', '/sbin/init', 'root', 0, 12.4, 1, 61),
  p('containerd', '/usr/bin/containerd', 'root', 0.05, 71, 14, 84),
  p('containerd-shim', '/usr/bin/containerd-shim-runc-v2 -namespace k8s.io', 'root', 0.01, 11, 12, 22),
  p('systemd-journal', '/lib/systemd/systemd-journald', 'root', 0.02, 38, 1, 114),
  p('sshd', 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups', 'root', 0, 7.6, 1, 6),
  p('dbus-daemon', '/usr/bin/dbus-daemon --system --address=systemd:', 'messagebus', 0, 4.9, 1, 18),
  p('lanner', 'lanner up', 'root', 0.11, 143, 9, 58, 'R'),
  p('cron', '/usr/sbin/cron -f', 'root', 0, 2.7, 1, 5),
  p('kworker/3:1', '', 'root', 0, 0, 1, 0, 'I'),
  p('python3', '[python3] <defunct>', 'deploy', 0, 0, 1, 0, 'Z'),
  p('chronyd', '/usr/sbin/chronyd -F 1', '_chrony', 0, 3.1, 1, 9),
  p('rsync', 'rsync -a --delete /srv/backup/ vault:/atlas-1/', 'backup', 0.34, 9.8, 1, 11, 'D'),
];

function spark(random: () => number, level: number, rising = false): (number | null)[] {
  return Array.from({ length: 30 }, (_, i) => {
    const climb = rising && i > 22 ? 1 + (i - 22) * 0.14 : 1;
    return rising && i < 4 ? null : Math.max(0, level * climb * (0.8 + random() * 0.4));
  });
}

export function containerIdOf(name: string): string {
  const random = randomOf([...name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7));
  return Array.from({ length: 64 }, () => '0123456789abcdef'[Math.floor(random() * 16)]).join('');
}

/** The table of this moment; `tick` moves its numbers a little. */
export function exploreTable(nowMs: number, tick = 0): ExploreTable {
  const random = randomOf(42 + tick * 977);
  const jitter = () => 0.9 + random() * 0.2;
  const rows: ExploreRow[] = [];
  const hostId = `host:${NODE}`;
  let pid = 1;

  const process = (
    seed: ProcessSeed,
    parent: string,
    index: number,
    container?: ContainerSeed,
  ): ExploreRow => {
    pid += index === 0 ? 211 : 17;
    // Since a moment that does not move with the clock: it is part of the process's identity.
    const start = Math.floor(nowMs / DAY_MS) * DAY_MS - DAY_MS * 3 - pid * 1000;
    const io = seed.comm === 'postgres' ? 420_000 : seed.comm === 'rsync' ? 18 * MIB : 0;
    const net = container && seed.cpu > 0 ? seed.cpu * 900_000 : 0;
    const cpu = seed.cpu * jitter();
    return rowOf({
      id: `process:${NODE}:${seed.comm === 'systemd' ? 1 : pid}:${Math.round(start)}`,
      parent,
      kind: 'process',
      name: seed.comm,
      detail: seed.cmdline,
      pid: seed.comm === 'systemd' ? 1 : pid,
      ppid: index === 0 ? 1 : pid - 17,
      user: seed.user,
      state: seed.state ?? 'S',
      exe: seed.cmdline === '' ? null : `/usr/bin/${seed.comm}`,
      container_id: container ? containerIdOf(container.name) : null,
      container_runtime: container?.runtime ?? null,
      start_ms: Math.round(start),
      cpu_cores: cpu,
      cpu_percent: (cpu / (container?.cpuLimit ?? CPUS)) * 100,
      memory_bytes: seed.memoryMib * MIB,
      memory_percent:
        ((seed.memoryMib * MIB) / (container?.memoryLimitMib ? container.memoryLimitMib * MIB : MEMORY)) *
        100,
      disk_read_bps: seed.comm === 'rsync' ? io * jitter() : 0,
      disk_write_bps: seed.comm === 'postgres' ? io * jitter() : 0,
      net_rx_bps: net * jitter(),
      net_tx_bps: net * 2.2 * jitter(),
      threads: seed.threads,
      fds: seed.fds === 0 ? null : seed.fds,
      findings: seed.comm === 'bash' && container ? [{ severity: 'critical', count: 1 }] : [],
      cpu_spark: seed.state === 'I' ? [] : spark(random, cpu, seed.comm === 'node'),
    });
  };

  for (const container of CONTAINERS) {
    const id = `container:${NODE}:${containerIdOf(container.name)}`;
    const processes = container.processes.map((seed, i) => process(seed, id, i, container));
    const cpu = sum(processes.map((r) => r.cpu_cores));
    const memory = sum(processes.map((r) => r.memory_bytes));
    rows.push(
      rowOf({
        id,
        parent: hostId,
        kind: 'container',
        name: container.name,
        detail: container.image,
        container_id: containerIdOf(container.name),
        container_runtime: container.runtime,
        start_ms: nowMs - 86_400_000 * 3,
        cpu_cores: cpu,
        cpu_percent: (cpu / (container.cpuLimit ?? CPUS)) * 100,
        cpu_worst_child_percent: Math.max(...processes.map((r) => r.cpu_percent ?? 0)),
        cpu_limit_cores: container.cpuLimit ?? null,
        memory_bytes: memory,
        memory_percent: (memory / (container.memoryLimitMib ? container.memoryLimitMib * MIB : MEMORY)) * 100,
        memory_limit_bytes: container.memoryLimitMib ? container.memoryLimitMib * MIB : null,
        disk_read_bps: sum(processes.map((r) => r.disk_read_bps)),
        disk_write_bps: sum(processes.map((r) => r.disk_write_bps)),
        net_rx_bps: sum(processes.map((r) => r.net_rx_bps)),
        net_tx_bps: sum(processes.map((r) => r.net_tx_bps)),
        threads: sum(processes.map((r) => r.threads)),
        fds: sum(processes.map((r) => r.fds)),
        processes: processes.length,
        findings: countsOf(container.findings ?? []),
        cpu_spark: spark(random, cpu, container.name === 'checkout'),
      }),
      ...processes,
    );
  }
  rows.push(...HOST_PROCESSES.map((seed, i) => process(seed, hostId, i)));

  const below = rows.filter((r) => r.kind === 'process');
  const cpu = sum(below.map((r) => r.cpu_cores));
  const memory = sum(below.map((r) => r.memory_bytes)) + 3.2 * GIB;
  rows.unshift(
    rowOf({
      id: hostId,
      kind: 'host',
      name: NODE,
      detail: '6.12.48-amd64 · 8 CPUs · 32 GiB',
      cpu_cores: cpu,
      cpu_percent: (cpu / CPUS) * 100,
      cpu_worst_child_percent: Math.max(
        ...rows.filter((r) => r.kind === 'container').map((r) => r.cpu_percent ?? 0),
      ),
      memory_bytes: memory,
      memory_percent: (memory / MEMORY) * 100,
      memory_limit_bytes: MEMORY,
      disk_read_bps: sum(below.map((r) => r.disk_read_bps)),
      disk_write_bps: sum(below.map((r) => r.disk_write_bps)),
      net_rx_bps: sum(below.map((r) => r.net_rx_bps)),
      net_tx_bps: sum(below.map((r) => r.net_tx_bps)),
      threads: sum(below.map((r) => r.threads)),
      fds: sum(below.map((r) => r.fds)),
      processes: below.length,
      findings: countsOf(CONTAINERS.flatMap((c) => c.findings ?? [])),
      cpu_spark: spark(random, cpu),
    }),
  );
  return { updated_ms: nowMs, interval_s: 2, rows, total: rows.length };
}

/** A table of any size, for budgets and for scrolling. */
export function largeTable(nowMs: number, processes: number): ExploreTable {
  const random = randomOf(7);
  const host = rowOf({ id: `host:${NODE}`, kind: 'host', name: NODE, processes, cpu_cores: 4 });
  const rows = Array.from({ length: processes }, (_, i) => {
    const cpu = random() ** 6 * 2;
    return rowOf({
      id: `process:${NODE}:${i + 2}:${DAY_MS + i}`,
      parent: host.id,
      kind: 'process',
      name: `worker-${i}`,
      detail: `/usr/bin/worker --shard ${i}`,
      pid: i + 2,
      user: 'app',
      state: 'S',
      cpu_cores: cpu,
      cpu_percent: cpu * 12,
      memory_bytes: random() * GIB,
      memory_percent: random() * 100,
      threads: 1,
      fds: 8,
      cpu_spark: spark(random, cpu),
    });
  });
  return { updated_ms: nowMs, interval_s: 2, rows: [host, ...rows], total: processes + 1 };
}

function sum(values: (number | null)[]): number {
  return values.reduce<number>((total, v) => total + (v ?? 0), 0);
}

function countsOf(severities: Severity[]): { severity: Severity; count: number }[] {
  return SEVERITIES.map((severity) => ({
    severity,
    count: severities.filter((s) => s === severity).length,
  })).filter((c) => c.count > 0);
}

export function history(row: string, fromMs: number, toMs: number): History {
  const points = 180;
  const step = Math.max(2000, Math.round((toMs - fromMs) / points));
  const random = randomOf(row.length * 31);
  const line = (level: number, swing: number, rising = false) =>
    Array.from({ length: points }, (_, i) => {
      if (i > 40 && i < 44) return null;
      const climb = rising && i > 140 ? 1 + (i - 140) * 0.02 : 1;
      return Math.max(0, level * climb * (1 + Math.sin(i / 9) * swing + (random() - 0.5) * swing));
    });
  const flat = (value: number) => Array.from({ length: points }, () => value);
  const process = row.startsWith('process:');
  const limits = row.startsWith('container:');
  return {
    from_ms: fromMs,
    to_ms: toMs,
    step_ms: step,
    charts: [
      {
        name: 'cpu',
        unit: 'cores',
        series: [
          { name: 'used', metric: 'cpu', values: line(1.1, 0.12, true) },
          ...(limits ? [{ name: 'limit', metric: 'cpu_limit', values: flat(2) }] : []),
        ],
      },
      {
        name: 'memory',
        unit: 'bytes',
        series: [
          { name: 'used', metric: 'memory', values: line(640 * MIB, 0.05) },
          ...(limits ? [{ name: 'limit', metric: 'memory_limit', values: flat(GIB) }] : []),
        ],
      },
      {
        name: 'disk',
        unit: 'bytes_per_second',
        series: [
          { name: 'read', metric: 'disk_read', values: line(80_000, 0.9) },
          { name: 'write', metric: 'disk_write', values: line(420_000, 0.5) },
        ],
      },
      {
        name: 'network',
        unit: 'bytes_per_second',
        series: [
          { name: 'rx', metric: 'net_rx', values: process ? flat(0).map(() => null) : line(900_000, 0.3) },
          { name: 'tx', metric: 'net_tx', values: process ? flat(0).map(() => null) : line(2_100_000, 0.3) },
        ],
      },
      { name: 'threads', unit: 'count', series: [{ name: 'count', metric: 'threads', values: flat(13) }] },
      {
        name: 'fds',
        unit: 'count',
        series: [{ name: 'count', metric: 'fds', values: line(150, 0.08).map((v) => v && Math.round(v)) }],
      },
    ],
  };
}

interface FindingSeed {
  rule: string;
  severity: Severity;
  priority: string;
  output: string;
  event: string;
  process: string;
  container?: string;
  tags: string[];
}

const FINDINGS: FindingSeed[] = [
  {
    rule: 'Shell started in a container',
    severity: 'critical',
    priority: 'Critical',
    output: 'bash (PID 131882, user node) was started in checkout by node server.js with a terminal.',
    event: 'execve',
    process: 'bash',
    container: 'checkout',
    tags: ['container', 'shell', 'mitre_execution', 'T1059'],
  },
  {
    rule: 'Credential file read',
    severity: 'high',
    priority: 'Error',
    output: 'cat read /etc/shadow (user root, parent bash) in checkout.',
    event: 'openat',
    process: 'cat',
    container: 'checkout',
    tags: ['filesystem', 'mitre_credential_access', 'T1555'],
  },
  {
    rule: 'Write below /etc',
    severity: 'medium',
    priority: 'Warning',
    output: 'python3 opened /etc/cron.d/ingest for writing in ingest-worker-7d9f6c5b8-x2kqp.',
    event: 'openat',
    process: 'python3',
    container: 'ingest-worker-7d9f6c5b8-x2kqp',
    tags: ['filesystem', 'mitre_persistence', 'T1053'],
  },
  {
    rule: 'Package manager run in a container',
    severity: 'low',
    priority: 'Notice',
    output: 'apk add curl ran in redis-cart (user root).',
    event: 'execve',
    process: 'apk',
    container: 'redis-cart',
    tags: ['process', 'mitre_persistence', 'T1505'],
  },
  {
    rule: 'Credential file read',
    severity: 'high',
    priority: 'Error',
    output: 'cat read /etc/shadow (user deploy, parent sudo) on atlas-1.',
    event: 'openat',
    process: 'cat',
    tags: ['filesystem', 'mitre_credential_access', 'T1555'],
  },
  {
    rule: 'Kernel module loaded',
    severity: 'info',
    priority: 'Informational',
    output: 'modprobe loaded nf_conntrack on atlas-1.',
    event: 'finit_module',
    process: 'modprobe',
    tags: ['host', 'mitre_persistence', 'T1547'],
  },
];

/** Events of the last day, newest first; they crowd towards now. */
export function securityEvents(nowMs: number): SecurityEvent[] {
  const random = randomOf(11);
  return Array.from({ length: 64 }, (_, i) => {
    const seed = FINDINGS[i < 6 ? i : 2 + Math.floor(random() ** 0.7 * (FINDINGS.length - 2))]!;
    const ago = i < 6 ? 40_000 + i * 210_000 : 1_400_000 + i ** 1.7 * 62_000 * (0.6 + random());
    return finding(seed, i, Math.round(nowMs - ago));
  }).sort((a, b) => b.time_ms - a.time_ms);
}

/** The event that `tick` brings by the stream. */
export function arrivingEvent(nowMs: number, tick: number): SecurityEvent {
  return finding(FINDINGS[tick % 2 === 0 ? 4 : 1]!, 1000 + tick, nowMs);
}

function finding(seed: FindingSeed, index: number, timeMs: number): SecurityEvent {
  const container = CONTAINERS.find((c) => c.name === seed.container);
  return {
    id: `f-${(0x7f3a91c2 + index * 7919).toString(16)}`,
    capture_id: null,
    time_ms: timeMs,
    time_ns: `${timeMs}218417`,
    node: NODE,
    rule: seed.rule,
    severity: seed.severity,
    priority: seed.priority,
    tags: seed.tags,
    output: seed.output,
    event_type: seed.event,
    process: seed.process,
    pid: 131_882 + index * 13,
    process_row: `process:${NODE}:${131_882 + index * 13}:${timeMs - 900}`,
    container: container
      ? {
          id: containerIdOf(container.name),
          name: container.name,
          image: container.image,
          runtime: container.runtime,
          pod_uid: '',
          cgroup_path: `/kubepods/burstable/pod3f0c/${containerIdOf(container.name)}`,
        }
      : null,
  };
}

interface EventFilter {
  fromMs: number;
  toMs: number;
  severities?: string[];
  rule?: string;
  container?: string;
  q?: string;
  limit?: number;
  cursor?: string;
}

export function eventPage(all: SecurityEvent[], filter: EventFilter): EventPage {
  const { fromMs, toMs, severities = [], limit = 100 } = filter;
  const q = filter.q?.toLowerCase();
  const inFilter = (e: SecurityEvent) =>
    (!filter.rule || e.rule === filter.rule) &&
    (!filter.container || (e.container?.id ?? 'host') === filter.container) &&
    (!q || `${e.rule} ${e.output} ${e.process} ${e.container?.name ?? ''}`.toLowerCase().includes(q));
  const within = (from: number, to: number) =>
    all.filter((e) => e.time_ms >= from && e.time_ms <= to && inFilter(e));
  const here = within(fromMs, toMs);
  const matching = here.filter((e) => severities.length === 0 || severities.includes(e.severity));
  const start = Number(filter.cursor ?? 0);
  const bars = 60;
  const step = (toMs - fromMs) / bars;
  return {
    events: matching.slice(start, start + limit),
    counts: countsOf(here.map((e) => e.severity)),
    previous_counts: countsOf(within(fromMs - (toMs - fromMs), fromMs).map((e) => e.severity)),
    histogram: Array.from({ length: bars }, (_, i) => ({
      from_ms: Math.round(fromMs + i * step),
      counts: countsOf(
        here.filter((e) => Math.floor((e.time_ms - fromMs) / step) === i).map((e) => e.severity),
      ),
    })),
    next_cursor: start + limit < matching.length ? String(start + limit) : null,
    from_ms: fromMs,
    to_ms: toMs,
  };
}

export function eventDetail(event: SecurityEvent): SecurityEventDetail {
  const inside = event.container?.id ?? '';
  const node = (
    pid: number,
    vpid: number | null,
    cmdline: string,
    user: string,
    agoMs: number,
    container: string,
  ) => ({
    pid,
    vpid,
    comm: cmdline.split(' ')[0]!.split('/').at(-1)!,
    exe: `/usr/bin/${cmdline.split(' ')[0]!.split('/').at(-1)!}`,
    cmdline,
    user,
    start_ms: event.time_ms - agoMs,
    container_id: container,
    row: `process:${NODE}:${pid}:${event.time_ms - agoMs}`,
  });
  const day = 86_400_000;
  const tree = event.container
    ? [
        node(1, null, '/sbin/init', 'root', day * 19, ''),
        node(
          2841,
          null,
          `containerd-shim-runc-v2 -namespace k8s.io -id ${inside.slice(0, 12)}`,
          'root',
          day * 3.1,
          '',
        ),
        node(118_204, 1, 'tini -- node server.js', 'node', day * 3.09, inside),
        node(118_231, 7, 'node --max-old-space-size=768 server.js', 'node', day * 3.09, inside),
        node(131_877, 412, 'sh -c "convert /tmp/u-83f1.svg /tmp/u-83f1.png"', 'node', 1300, inside),
        node(
          event.pid,
          415,
          event.process === 'bash' ? 'bash -i' : `${event.process} /etc/shadow`,
          'node',
          900,
          inside,
        ),
      ]
    : [
        node(1, null, '/sbin/init', 'root', day * 19, ''),
        node(812, null, 'sshd: /usr/sbin/sshd -D [listener]', 'root', day * 19, ''),
        node(40_112, null, 'sshd: deploy [priv]', 'root', 620_000, ''),
        node(40_131, null, '-bash', 'deploy', 618_000, ''),
        node(41_002, null, 'sudo cat /etc/shadow', 'root', 1200, ''),
        node(event.pid, null, 'cat /etc/shadow', 'root', 900, ''),
      ];
  const exec = event.event_type === 'execve';
  return {
    ...event,
    process_tree: tree,
    matched: exec
      ? [
          { text: 'evt.type in (execve, execveat)', field: 'evt.type', value: 'execve', negated: false },
          { text: 'container.id != host', field: 'container.id', value: inside.slice(0, 12), negated: false },
          {
            text: 'proc.name in (ash, bash, dash, sh, zsh)',
            field: 'proc.name',
            value: 'bash',
            negated: false,
          },
          { text: 'proc.tty != 0', field: 'proc.tty', value: '34816', negated: false },
          { text: 'proc.pname in (runc, crun)', field: 'proc.pname', value: 'node', negated: true },
        ]
      : [
          { text: 'evt.type in (open, openat, openat2)', field: 'evt.type', value: 'openat', negated: false },
          { text: 'evt.is_open_read = true', field: 'evt.is_open_read', value: 'true', negated: false },
          {
            text: 'fd.name in (/etc/shadow, /etc/gshadow)',
            field: 'fd.name',
            value: '/etc/shadow',
            negated: false,
          },
          {
            text: 'proc.name in (sshd, login, su, sudo, cron, passwd)',
            field: 'proc.name',
            value: event.process,
            negated: true,
          },
        ],
    fields: [
      ['evt.type', event.event_type],
      ['evt.time', new Date(event.time_ms).toISOString()],
      ['evt.num', '918274'],
      ['proc.name', event.process],
      ['proc.pid', String(event.pid)],
      ['proc.exepath', `/usr/bin/${event.process}`],
      ['proc.cmdline', tree.at(-1)!.cmdline],
      ['proc.pname', tree.at(-2)!.comm],
      ['proc.tty', '34816'],
      ['user.name', tree.at(-1)!.user],
      ['user.uid', '1000'],
      ['fd.name', exec ? '' : '/etc/shadow'],
      ['container.id', inside === '' ? 'host' : inside.slice(0, 12)],
      ['container.name', event.container?.name ?? 'host'],
    ]
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ({ name: name!, value: value! })),
    rule_description: exec
      ? 'A shell with a terminal in a container is seldom part of its work; someone is looking around.'
      : 'Files with password hashes are read by a program that has no business there.',
    rule_condition: exec
      ? 'spawned_process and container\nand proc.name in (shell_binaries)\nand proc.tty != 0\nand not proc.pname in (container_entrypoints)'
      : 'open_read and fd.name in (credential_files)\nand not proc.name in (programs_that_check_passwords)',
  };
}

export function ruleList(): RuleList {
  const seen = new Map(FINDINGS.map((f) => [f.rule, f]));
  return {
    rules: [...seen.values()].map((f) => ({
      name: f.rule,
      description: `Watches ${f.event} for what ${f.process} did here.`,
      severity: f.severity,
      tags: f.tags,
      condition: 'spawned_process and container',
      enabled: f.severity !== 'info',
      file: 'rules/lanner.yaml',
    })),
  };
}

export function agent(nowMs: number): Agent {
  return {
    id: 'a-1',
    node: NODE,
    state: 'connected',
    version: '0.1.0',
    kernel: '6.12.48-amd64',
    arch: 'x86_64',
    last_seen_ms: nowMs - 1200,
    connected_ms: nowMs - 7_200_000,
    events_per_second: 18_430,
    cpu_cores: 0.11,
    memory_bytes: 143 * MIB,
    losses: [
      { cause: 'ring_full', place: 'cpu3', count: 1210 },
      { cause: 'map_full', place: 'threads', count: 0 },
    ],
    decisions: [
      { feature: 'btf', used: true, reason: '/sys/kernel/btf/vmlinux is there, 6.2 MB.' },
      {
        feature: 'tp_btf',
        used: true,
        reason: 'sys_exit, sched_process_exec, fork and exit are typed in BTF.',
      },
      { feature: 'ringbuf', used: true, reason: 'The kernel has BPF_MAP_TYPE_RINGBUF; 8 rings of 2 MiB.' },
      {
        feature: 'bpf_lsm',
        used: false,
        reason: 'bpf is not in /sys/kernel/security/lsm: nothing can be blocked, only reported.',
      },
      {
        feature: 'cgroup_v2',
        used: false,
        reason: 'Runtimes here use the v1 hierarchies; the memory hierarchy is the key.',
      },
      { feature: 'kernel_stack', used: false, reason: 'Not asked for by any rule.' },
    ],
  };
}

export function status(nowMs: number): Status {
  return {
    version: '0.1.0',
    now_ms: nowMs,
    started_ms: nowMs - 7_260_000,
    agents: [agent(nowMs)],
    rules_loaded: 10,
    series: 1843,
    findings_stored: 64,
    last_finding_ms: nowMs - 40_000,
  };
}
