/** The texts of the shipped dashboards in Japanese. People's own are shown as they were written. */
import type { Dashboard, DashboardContent, DashboardSummary } from '../../api/dashboards';

export const JAPANESE: Record<string, string> = {
  Host: 'ホスト',
  'Processor, memory, disks and network of whole machines, with the processes that use most.':
    'マシン全体の CPU、メモリ、ディスク、ネットワークと、使用量の多いプロセスです。',
  'CPU used': 'CPU 使用率',
  'Time not idle and not waiting for disks, of all CPUs.':
    '全 CPU のうち、アイドルでもディスク待ちでもない時間の割合です。',
  'Memory used': 'メモリ使用率',
  'What could not be given to new programs without swapping.':
    'スワップせずに新しいプログラムへ渡せないメモリの割合です。',
  'Fullest file system': '最も埋まったファイルシステム',
  'Of those who are not root.': 'root 以外から見た割合です。',
  'Load per CPU': 'CPU あたりのロード',
  'Tasks that run, could run or wait for a disk, averaged over a minute.':
    '実行中・実行可能・ディスク待ちのタスク数の 1分平均です。',
  'OOM kills': 'OOM キル',
  'Processes killed for want of memory in the time range.':
    '期間内にメモリ不足で強制終了されたプロセスの数です。',
  'Up for': '稼働時間',
  'Time since the machine booted; of several, the youngest.':
    '起動からの時間です。複数ある場合は最も短いものです。',
  'CPU by mode': 'モード別 CPU',
  Memory: 'メモリ',
  'programs and kernel': 'プログラムとカーネル',
  caches: 'キャッシュ',
  free: '空き',
  'CPU by program': 'プログラム別 CPU',
  'Processes of the same name together.': '同じ名前のプロセスをまとめています。',
  'Memory by program': 'プログラム別メモリ',
  'Resident memory; pages that processes share count for each.':
    '常駐メモリです。共有ページはプロセスごとに数えます。',
  Pressure: 'プレッシャー',
  'Share of time in which some task had to wait; of several hosts, the highest.':
    'いずれかのタスクが待たされた時間の割合です。複数ホストの場合は最大値です。',
  memory: 'メモリ',
  disk: 'ディスク',
  'Disk throughput': 'ディスクのスループット',
  '{{device}} read': '{{device}} 読み取り',
  '{{device}} written': '{{device}} 書き込み',
  Network: 'ネットワーク',
  'Real interfaces; what lies on top of them would count the same bytes again.':
    '実インターフェースのみです。その上の仮想インターフェースは同じバイトを重ねて数えます。',
  '{{device}} received': '{{device}} 受信',
  '{{device}} sent': '{{device}} 送信',
  Load: 'ロード',
  '1 min': '1分',
  '5 min': '5分',
  '15 min': '15分',
  CPUs: 'CPU 数',
  'Disk busy': 'ディスクのビジー率',
  'Share of time with at least one request under way.': '1件以上の要求を処理していた時間の割合です。',
  'Context switches and forks': 'コンテキストスイッチと fork',
  switches: 'スイッチ',
  interrupts: '割り込み',
  'File systems': 'ファイルシステム',
  Size: 'サイズ',
  Free: '空き',
  Used: '使用率',
  'Inodes used': 'inode 使用率',
  Container: 'コンテナー',
  'What containers use of their limits, and the programs in them.':
    'コンテナーの使用量と上限、その中のプログラムです。',
  Containers: 'コンテナー',
  'The working set: what the kernel could not take back at once.':
    'ワーキングセット（カーネルがすぐには回収できないメモリ）です。',
  'Memory of limit': 'メモリ上限に対する割合',
  'The container nearest to its limit; nothing where none has one.':
    '上限に最も近いコンテナーの値です。上限がなければ表示されません。',
  'Held back': 'スロットリング',
  'Share of CPU periods in which a limit stopped a container.':
    'CPU 上限によりコンテナーが止められた周期の割合です。',
  'Processes killed at the memory limit in the time range.':
    '期間内にメモリ上限で強制終了されたプロセスの数です。',
  'The working set of each container.': '各コンテナーのワーキングセットです。',
  'CPU of limit': 'CPU 上限に対する割合',
  'Containers with a CPU limit only.': 'CPU 上限のあるコンテナーのみです。',
  'Containers with a memory limit only.': 'メモリ上限のあるコンテナーのみです。',
  'Memory by kind': '種類別メモリ',
  anonymous: '匿名',
  'page cache': 'ページキャッシュ',
  kernel: 'カーネル',
  Disk: 'ディスク',
  '{{container}} {{name}} read': '{{container}} {{name}} 読み取り',
  '{{container}} {{name}} written': '{{container}} {{name}} 書き込み',
  'Containers with a network of their own only.': '専用のネットワークを持つコンテナーのみです。',
  '{{container}} {{name}} received': '{{container}} {{name}} 受信',
  '{{container}} {{name}} sent': '{{container}} {{name}} 送信',
  Limit: '上限',
  Processes: 'プロセス',
  Descriptors: 'ファイル記述子',
  Began: '開始',
  Process: 'プロセス',
  'Processes one by one: the 50 highest of a node in CPU, memory, disk and network each; the rest summed by name as "other".':
    'プロセスごとの値です。ノードごとに CPU、メモリ、ディスク、ネットワークの上位 50 を個別に、残りは名前ごとに「other」として合計します。',
  'Resident; pages that processes share count for each.':
    '常駐メモリです。共有ページはプロセスごとに数えます。',
  Threads: 'スレッド',
  'Read and written.': '読み取りと書き込みの合計です。',
  'Received and sent.': '受信と送信の合計です。',
  '{{comm}} {{pid}} read': '{{comm}} {{pid}} 読み取り',
  '{{comm}} {{pid}} written': '{{comm}} {{pid}} 書き込み',
  'Connections that were open when the agent looked.': 'エージェントが確認した時点で開いていた接続の値です。',
  '{{comm}} {{pid}} received': '{{comm}} {{pid}} 受信',
  '{{comm}} {{pid}} sent': '{{comm}} {{pid}} 送信',
  "Who talks to whom over TCP, how much, how fast it is answered, and what the machine's own counters say.":
    'TCP での通信相手、通信量、応答の速さと、マシン自身のカウンターです。',
  'Open connections': '接続数',
  'Each end counts: a connection between two programs of a watched host is there twice.':
    '両端で数えます。監視対象ホスト内のプログラム同士の接続は 2件になります。',
  'New connections': '新規接続',
  'Failed connections': '失敗した接続',
  'Connects that were refused or got no answer.': '拒否されたか応答がなかった接続です。',
  Sent: '送信',
  'HTTP requests': 'HTTP リクエスト',
  'Requests that programs here were asked.': 'ここのプログラムが受けたリクエストです。',
  'HTTP errors': 'HTTP エラー率',
  'Answers of 500 and above, and requests without an answer.':
    '500番台の応答と、応答のなかったリクエストです。',
  'Traffic sent by program': 'プログラム別の送信量',
  'New connections by program': 'プログラム別の新規接続',
  '{{comm}} out': '{{comm}} 発信',
  '{{comm}} in': '{{comm}} 着信',
  'HTTP requests by answer': '応答別の HTTP リクエスト',
  'none: no answer came.': 'none は応答がなかったものです。',
  'HTTP response time': 'HTTP 応答時間',
  "From the first byte of the request to the first of the answer, on the server's side.":
    'サーバー側で測った、リクエストの先頭から応答の先頭までの時間です。',
  'half below': '50 % 以内',
  '95 % below': '95 % 以内',
  '99 % below': '99 % 以内',
  'Slowest peers': '最も遅い相手',
  'Round-trip time the kernel measured.': 'カーネルが測った往復時間です。',
  'Traffic by peer': '相手別の通信量',
  'Sent and received by clients here.': 'ここのクライアントの送受信の合計です。',
  Listening: '待ち受け',
  Sockets: 'ソケット',
  'Retransmissions and resets': '再送とリセット',
  'Of the whole host.': 'ホスト全体の値です。',
  'segments sent again': '再送セグメント',
  'resets sent': '送信したリセット',
  'full accept queues': '受け付けキュー溢れ',
  Interfaces: 'インターフェース',
  established: '確立済み',
  Agent: 'エージェント',
  "Lanner's own agents: what they take in, what they lose, and what they cost.":
    'Lanner のエージェントの取り込み量、欠落、消費リソースです。',
  Agents: 'エージェント',
  Events: 'イベント',
  Lost: '欠落',
  'Events, records and samples lost in the time range.':
    '期間内に失われたイベント、レコード、サンプルの数です。',
  'Security events': 'セキュリティイベント',
  'In the time range.': '期間内の数です。',
  'The agent that uses most.': '最も多く使うエージェントの値です。',
  'The agent that uses most, its rings included.':
    '最も多く使うエージェントの値です。リングバッファーを含みます。',
  'Lost by cause': '原因別の欠落',
  '{{node}} all': '{{node}} 全体',
  '{{node}} reading /proc, /sys and cgroups': '{{node}} /proc・/sys・cgroup の読み取り',
  Seen: '確認した数',
  processes: 'プロセス',
  containers: 'コンテナー',
  Series: '系列',
  'Series an agent keeps alive.': 'エージェントが保持する系列の数です。',
};

const said = (text: string) => JAPANESE[text] ?? text;

export function contentIn(language: string, { built_in, content }: Dashboard): DashboardContent {
  if (language !== 'ja' || !built_in) return content;
  return {
    ...content,
    title: said(content.title),
    description: said(content.description),
    panels: content.panels.map((panel) => ({
      ...panel,
      title: said(panel.title),
      description: said(panel.description),
      queries: panel.queries.map((query) => ({ ...query, legend: said(query.legend) })),
    })),
  };
}

export function summaryIn(language: string, summary: DashboardSummary): DashboardSummary {
  if (language !== 'ja' || !summary.built_in) return summary;
  return { ...summary, title: said(summary.title), description: said(summary.description) };
}
