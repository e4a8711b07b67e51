import { type Formatter, three } from '../../domain/format';
import { secondsText, writerOf } from '../../domain/panel';
import { ratioText, type Traffic } from '../../domain/topology';
import type { TopologyWords } from './words';

/** Everything that is known of some traffic, as pairs of a name and a text; what is not known is left out. */
export function figuresOf(traffic: Traffic, words: TopologyWords, format: Formatter): [string, string][] {
  const pairs: [string, string][] = [];
  const add = (name: string, value: number | null | undefined, write: (v: number) => string) => {
    if (value != null) pairs.push([name, write(value)]);
  };
  const time = (ms: number) => secondsText(ms / 1000, format);
  const rate = (v: number) => `${three(v)}/s`;
  add(words.traffic.requests, traffic.requests_per_second, writerOf('requests_per_second', format));
  if (traffic.statuses.length > 0) {
    const text = ({ status, requests }: { status: string; requests: number }) =>
      `${status === 'none' ? words.noAnswer : status} ${format.count(Math.round(requests))}`;
    pairs.push([words.traffic.statuses, traffic.statuses.map(text).join(' · ')]);
  }
  add(words.traffic.errors, traffic.error_ratio, ratioText);
  add(words.traffic.clientErrors, traffic.client_error_ratio, ratioText);
  add(words.traffic.mean, traffic.mean_ms, time);
  add(words.traffic.p50, traffic.p50_ms, time);
  add(words.traffic.p95, traffic.p95_ms, time);
  add(words.traffic.sent, traffic.sent_bytes_per_second, format.bytesPerSecond);
  add(words.traffic.received, traffic.received_bytes_per_second, format.bytesPerSecond);
  add(words.traffic.connections, traffic.connections_per_second, rate);
  add(words.traffic.active, traffic.active_connections, format.count);
  add(words.traffic.failed, traffic.failed_connections_per_second, rate);
  add(words.traffic.rtt, traffic.rtt_ms, time);
  return pairs;
}
