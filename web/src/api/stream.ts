/** Server-sent events with a state that people are shown and a retry that backs off. */
export type StreamState = 'connecting' | 'open' | 'lost';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;

interface StreamOptions {
  url: string;
  /** What to do with the data of each kind of event. */
  on: Record<string, (data: unknown) => void>;
  onState: (state: StreamState) => void;
}

/** Opens the stream and keeps it open until the function it returns is called. */
export function openStream({ url, on, onState }: StreamOptions): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;
  let closed = false;

  const connect = () => {
    source = new EventSource(url);
    source.onopen = () => {
      retryMs = FIRST_RETRY_MS;
      onState('open');
    };
    for (const [event, take] of Object.entries(on)) {
      source.addEventListener(event, (message: MessageEvent<string>) => {
        let value: unknown;
        try {
          value = JSON.parse(message.data);
        } catch {
          // Half a message of a connection that broke: the retry brings the whole.
          return;
        }
        take(value);
      });
    }
    source.onerror = () => {
      // The browser retries by itself only after some errors; ours is the same after all.
      source?.close();
      if (closed) return;
      onState('lost');
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    };
  };

  onState('connecting');
  connect();
  return () => {
    closed = true;
    clearTimeout(timer);
    source?.close();
  };
}

export function queryString(query: object): string {
  const text = new URLSearchParams(
    Object.entries(query)
      .filter(([, v]) => v !== undefined && v !== null && v !== '')
      .map(([k, v]) => [k, String(v)]),
  ).toString();
  return text === '' ? '' : `?${text}`;
}
