/**
 * The Prometheus HTTP API: series over time and of one moment, and the values of labels. At most six
 * questions are under way at a time, so that a page of forty panels does not hold up the rest.
 */
import { queryOptions } from '@tanstack/react-query';
import { ApiError } from './client';

export type LabelSet = Record<string, string>;

/** One series; a value for each moment of the grid, `null` where there was none. */
export interface RangeSeries {
  labels: LabelSet;
  values: (number | null)[];
}

export interface InstantSeries {
  labels: LabelSet;
  value: number | null;
}

export interface Warned<T> {
  series: T[];
  /** What the server says of the query that is likely a mistake. */
  warnings: string[];
}

export interface Moments {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

const MOST_AT_A_TIME = 6;
let underWay = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  if (underWay >= MOST_AT_A_TIME) await new Promise<void>((turn) => waiting.push(turn));
  else underWay += 1;
  try {
    signal.throwIfAborted();
    return await ask();
  } finally {
    // The place goes to who waits longest, or is free.
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  }
}

type Raw = [number, string];

interface Matrix {
  resultType: 'matrix';
  result: { metric: LabelSet; values: Raw[] }[];
}

type Instant =
  | { resultType: 'vector'; result: { metric: LabelSet; value: Raw }[] }
  | { resultType: 'scalar'; result: Raw }
  | Matrix;

interface Envelope<T> {
  status: 'success' | 'error';
  data?: T;
  errorType?: string;
  /** Prometheus' text, or the form of our own API from those who stand before it. */
  error?: string | { code: string; message: string; hint?: string | null; id?: string };
  warnings?: string[];
  infos?: string[];
}

async function get<T>(
  path: string,
  params: Record<string, string>,
  signal: AbortSignal,
): Promise<{ data: T; warnings: string[] }> {
  const url = new URL(`prometheus/api/v1/${path}?${new URLSearchParams(params)}`, document.baseURI);
  let response: Response;
  try {
    response = await fetch(url, { signal, headers: { Accept: 'application/json' } });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('unreachable', 'unreachable');
  }
  const answer = (await response.json().catch(() => undefined)) as Partial<Envelope<T>> | undefined;
  if (answer?.status === 'success' && answer.data !== undefined) {
    return { data: answer.data, warnings: answer.warnings ?? [] };
  }
  if (typeof answer?.error === 'string') throw new ApiError(answer.errorType ?? 'query', answer.error);
  if (answer?.error) {
    const { code, message, hint, id } = answer.error;
    throw new ApiError(code, message, hint, id);
  }
  throw new ApiError('http', `HTTP ${response.status}`);
}

/** `NaN` is what a division of nothing by nothing gives: no value that could be drawn. */
function numberOf(text: string): number | null {
  const value = Number(text === '+Inf' ? 'Infinity' : text === '-Inf' ? '-Infinity' : text);
  return Number.isFinite(value) ? value : null;
}

/** Samples at the moments of a grid. */
export function onGrid(values: readonly Raw[], { fromMs, toMs, stepMs }: Moments): (number | null)[] {
  const length = Math.floor((toMs - fromMs) / stepMs) + 1;
  const placed: (number | null)[] = Array.from({ length }, () => null);
  for (const [seconds, text] of values) {
    const at = Math.round((seconds * 1000 - fromMs) / stepMs);
    if (at >= 0 && at < length) placed[at] = numberOf(text);
  }
  return placed;
}

export async function askRange(
  promql: string,
  moments: Moments,
  signal: AbortSignal,
): Promise<Warned<RangeSeries>> {
  const params = {
    query: promql,
    start: String(moments.fromMs / 1000),
    end: String(moments.toMs / 1000),
    step: String(moments.stepMs / 1000),
  };
  const { data, warnings } = await inTurn(signal, () => get<Matrix>('query_range', params, signal));
  const series = data.result.map((s) => ({ labels: s.metric, values: onGrid(s.values, moments) }));
  return { series, warnings };
}

export async function askInstant(
  promql: string,
  atMs: number,
  signal: AbortSignal,
): Promise<Warned<InstantSeries>> {
  const params = { query: promql, time: String(atMs / 1000) };
  const { data, warnings } = await inTurn(signal, () => get<Instant>('query', params, signal));
  return { series: instantSeries(data), warnings };
}

function instantSeries(data: Instant): InstantSeries[] {
  if (data.resultType === 'scalar') return [{ labels: {}, value: numberOf(data.result[1]) }];
  if (data.resultType === 'vector') {
    return data.result.map((s) => ({ labels: s.metric, value: numberOf(s.value[1]) }));
  }
  return data.result.map((s) => ({ labels: s.metric, value: numberOf(s.values.at(-1)?.[1] ?? 'NaN') }));
}

/** Values of a label, sorted; of all series, or of those that match. */
export function labelValuesQuery(label: string, match: string | undefined, fromMs: number, toMs: number) {
  return queryOptions({
    queryKey: ['label-values', label, match, fromMs, toMs],
    queryFn: async ({ signal }) => {
      const params: Record<string, string> = { start: String(fromMs / 1000), end: String(toMs / 1000) };
      if (match !== undefined) params['match[]'] = match;
      const path = `label/${encodeURIComponent(label)}/values`;
      return (await inTurn(signal, () => get<string[]>(path, params, signal))).data;
    },
    staleTime: 30_000,
  });
}
