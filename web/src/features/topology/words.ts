import type { Metric, NodeKind, TopologyStatus } from '../../domain/topology';
import { roomWords } from '../../ui/i18n/room-words';

interface Words {
  level: string;
  levels: Record<'process' | 'container' | 'host', string>;
  metric: string;
  metrics: Record<Metric, string>;
  view: string;
  map: string;
  list: string;
  problemsOnly: string;
  hideExternals: string;
  find: string;
  clearFind: string;
  notFound: string;
  mapLabel: (boxes: number, edges: number) => string;
  mapHelp: string;
  shown: (boxes: number, edges: number) => string;
  folded: (count: number) => string;
  filtered: (count: number) => string;
  observed: (from: string, to: string) => string;
  step: (span: string) => string;
  zoomIn: string;
  zoomOut: string;
  fit: string;
  kinds: Record<NodeKind, string>;
  clients: (count: number) => string;
  others: (count: number) => string;
  outside: string;
  processes: (count: number) => string;
  statuses: Record<TopologyStatus, string>;
  cpu: string;
  legend: { errors: string; some: string; wider: (metric: string) => string; outside: string };
  edgeName: (from: string, to: string, port: string) => string;
  facts: {
    label: string;
    state: string;
    container: string;
    image: string;
    host: string;
    addresses: string;
    listens: string;
    processes: string;
    cpu: string;
    cores: (cores: string) => string;
    port: string;
    protocol: string;
    severalPorts: string;
    callers: string;
    calls: string;
    peer: string;
    client: string;
    server: string;
    noView: string;
    gone: string;
    goneHint: string;
  };
  traffic: {
    requests: string;
    statuses: string;
    errors: string;
    clientErrors: string;
    mean: string;
    p50: string;
    p95: string;
    sent: string;
    received: string;
    connections: string;
    active: string;
    failed: string;
    rtt: string;
  };
  noAnswer: string;
  focus: string;
  focusOn: (name: string) => string;
  noFocus: string;
  depth: string;
  explore: string;
  dashboard: string;
  edges: string;
  nodes: string;
  columns: {
    from: string;
    to: string;
    name: string;
    kind: string;
    state: string;
    port: string;
    inbound: string;
  };
  sortBy: (column: string) => string;
  empty: {
    title: string;
    why: string;
    narrowed: string;
    narrowedWhy: string;
    noProblem: string;
    noProblemWhy: string;
    notSeen: (name: string) => string;
    notSeenWhy: string;
    showAll: string;
    lastDay: string;
  };
}

const en: Words = {
  level: 'Level',
  levels: { process: 'Process', container: 'Container', host: 'Host' },
  metric: 'Metric on edges',
  metrics: { rps: 'Req/s', p95: 'p95', err: 'Errors', bytes: 'Traffic', conn: 'Conn/s' },
  view: 'View',
  map: 'Map',
  list: 'List',
  problemsOnly: 'Problems only',
  hideExternals: 'Hide external',
  find: 'Find a node',
  clearFind: 'Clear the search',
  notFound: 'Nothing on the map has this name',
  mapLabel: (boxes, edges) => `Map of ${boxes} boxes and ${edges} edges. The list has the same data.`,
  mapHelp: 'Arrow keys go to the next box, Enter opens it, + and - zoom, 0 shows all.',
  shown: (boxes, edges) => `${boxes} boxes, ${edges} edges`,
  folded: (count) => `${count} folded`,
  filtered: (count) => `${count} left out`,
  observed: (from, to) => `Observed ${from} to ${to}`,
  step: (span) => `${span} steps`,
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Show all',
  kinds: {
    host: 'Host',
    container: 'Container',
    process: 'Process',
    group: 'Group',
    external: 'External',
    clients: 'External clients',
    others: 'Others',
  },
  clients: (count) => `${count} clients`,
  others: (count) => `${count} others`,
  outside: 'not observed',
  processes: (count) => (count === 1 ? '1 process' : `${count} processes`),
  statuses: { unknown: 'Unknown', ok: 'OK', warning: 'Warning', critical: 'Problem' },
  cpu: 'CPU',
  legend: {
    errors: 'over 1 % errors',
    some: 'some errors',
    wider: (metric) => `wider = more ${metric}`,
    outside: 'external',
  },
  edgeName: (from, to, port) => `${from} to ${to}${port}`,
  facts: {
    label: 'Details',
    state: 'State',
    container: 'Container',
    image: 'Image',
    host: 'Host',
    addresses: 'Addresses',
    listens: 'Listens on',
    processes: 'Processes now',
    cpu: 'CPU',
    cores: (cores) => `${cores} cores`,
    port: 'Port',
    protocol: 'Protocol',
    severalPorts: 'several',
    callers: 'Callers',
    calls: 'Calls',
    peer: 'Peer',
    client: "Client's view",
    server: "Server's view",
    noView: 'not observed',
    gone: 'Not in this map.',
    goneHint: 'It had no traffic in this range, or the filters leave it out.',
  },
  traffic: {
    requests: 'Requests',
    statuses: 'Statuses',
    errors: 'Errors',
    clientErrors: '4xx',
    mean: 'Mean',
    p50: 'p50',
    p95: 'p95',
    sent: 'To server',
    received: 'To client',
    connections: 'New connections',
    active: 'Active',
    failed: 'Failed',
    rtt: 'Round trip',
  },
  noAnswer: 'no answer',
  focus: 'Focus',
  focusOn: (name) => `around ${name}`,
  noFocus: 'Show the whole map',
  depth: 'Steps away',
  explore: 'Open in Explore',
  dashboard: 'Dashboard',
  edges: 'Edges',
  nodes: 'Nodes',
  columns: {
    from: 'Client',
    to: 'Server',
    name: 'Name',
    kind: 'Kind',
    state: 'State',
    port: 'Port',
    inbound: 'In',
  },
  sortBy: (column) => `Sort by ${column}`,
  empty: {
    title: 'No connections seen in this range.',
    why: 'The map is made of TCP connections that agents see. It fills within 20 s of the first one.',
    narrowed: 'Nothing matches in this range.',
    narrowedWhy: 'The scope leaves out every connection.',
    noProblem: 'No problem in this range.',
    noProblemWhy: 'No request failed, every connection was made, and CPU is within its limits.',
    notSeen: (name) => `${name} had no connection in this range.`,
    notSeenWhy: 'It may have ended, or another level shows it.',
    showAll: 'Show all',
    lastDay: 'Last 24 h',
  },
};

const ja: Words = {
  level: '表示単位',
  levels: { process: 'プロセス', container: 'コンテナー', host: 'ホスト' },
  metric: '線に表示する値',
  metrics: { rps: 'リクエスト/秒', p95: 'p95', err: 'エラー', bytes: '通信量', conn: '接続/秒' },
  view: '表示',
  map: 'マップ',
  list: 'リスト',
  problemsOnly: '問題のみ',
  hideExternals: '外部を隠す',
  find: 'ノードを検索',
  clearFind: '検索を解除',
  notFound: 'この名前のノードはマップにありません',
  mapLabel: (boxes, edges) => `ノード ${boxes}個、線 ${edges}本のマップ。リストに同じデータがあります。`,
  mapHelp: '矢印キーで隣のノードへ移動、Enter で詳細、+ と - で拡大縮小、0 で全体表示。',
  shown: (boxes, edges) => `ノード ${boxes}個、線 ${edges}本`,
  folded: (count) => `${count}個をまとめて表示`,
  filtered: (count) => `${count}個を非表示`,
  observed: (from, to) => `観測期間 ${from} – ${to}`,
  step: (span) => `${span}間隔`,
  zoomIn: '拡大',
  zoomOut: '縮小',
  fit: '全体を表示',
  kinds: {
    host: 'ホスト',
    container: 'コンテナー',
    process: 'プロセス',
    group: 'グループ',
    external: '外部',
    clients: '外部クライアント',
    others: 'その他',
  },
  clients: (count) => `クライアント ${count}件`,
  others: (count) => `その他 ${count}個`,
  outside: '観測対象外',
  processes: (count) => `プロセス ${count}個`,
  statuses: { unknown: '不明', ok: '正常', warning: '警告', critical: '問題' },
  cpu: 'CPU',
  legend: {
    errors: 'エラー 1 % 超',
    some: 'エラーあり',
    wider: (metric) => `太い線ほど${metric}が大きい`,
    outside: '外部',
  },
  edgeName: (from, to, port) => `${from} から ${to}${port}`,
  facts: {
    label: '詳細',
    state: '状態',
    container: 'コンテナー',
    image: 'イメージ',
    host: 'ホスト',
    addresses: 'アドレス',
    listens: '待ち受けポート',
    processes: '現在のプロセス数',
    cpu: 'CPU',
    cores: (cores) => `${cores}コア`,
    port: 'ポート',
    protocol: 'プロトコル',
    severalPorts: '複数',
    callers: '呼び出し元',
    calls: '呼び出し先',
    peer: '相手',
    client: 'クライアント側',
    server: 'サーバー側',
    noView: '観測なし',
    gone: 'このマップにはありません。',
    goneHint: 'この期間に通信がなかったか、絞り込みで除かれています。',
  },
  traffic: {
    requests: 'リクエスト',
    statuses: 'ステータス',
    errors: 'エラー',
    clientErrors: '4xx',
    mean: '平均',
    p50: 'p50',
    p95: 'p95',
    sent: 'サーバーへ',
    received: 'クライアントへ',
    connections: '新規接続',
    active: '接続中',
    failed: '失敗',
    rtt: '往復時間',
  },
  noAnswer: '応答なし',
  focus: '周辺を表示',
  focusOn: (name) => `${name} の周辺`,
  noFocus: 'マップ全体を表示',
  depth: '距離',
  explore: 'エクスプローラーで開く',
  dashboard: 'ダッシュボード',
  edges: '接続',
  nodes: 'ノード',
  columns: {
    from: 'クライアント',
    to: 'サーバー',
    name: '名前',
    kind: '種類',
    state: '状態',
    port: 'ポート',
    inbound: '受信',
  },
  sortBy: (column) => `${column}で並べ替え`,
  empty: {
    title: 'この期間に接続はありません。',
    why: 'マップはエージェントが観測した TCP 接続から作られます。最初の接続から 20秒以内に表示されます。',
    narrowed: 'この期間に一致する接続はありません。',
    narrowedWhy: '範囲の指定によってすべての接続が除かれています。',
    noProblem: 'この期間に問題はありません。',
    noProblemWhy: '失敗したリクエストや接続はなく、CPU も上限内です。',
    notSeen: (name) => `${name} はこの期間に接続していません。`,
    notSeenWhy: '終了したか、別の表示単位で表示されます。',
    showAll: 'すべて表示',
    lastDay: '直近24時間',
  },
};

export const useTopologyWords = roomWords<Words>(en, ja);
export type TopologyWords = Words;
