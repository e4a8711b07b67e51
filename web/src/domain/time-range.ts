/**
 * Ranges of time as people write them. A bound is `now`, `now-6h` or a moment; a relative range
 * stays relative in the URL until it is frozen.
 */
export type Bound = { kind: 'now'; agoMs: number } | { kind: 'at'; ms: number };

export interface TimeRange {
  from: Bound;
  to: Bound;
}

export interface ResolvedRange {
  fromMs: number;
  toMs: number;
}

const UNIT_MS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

export const PRESETS = ['5m', '15m', '30m', '1h', '3h', '6h', '12h', '1d', '3d', '7d'] as const;

export const DEFAULT_RANGE: TimeRange = {
  from: { kind: 'now', agoMs: 3_600_000 },
  to: { kind: 'now', agoMs: 0 },
};

/** `6h` in milliseconds; `undefined` where it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})([smhdw])$/.exec(text);
  const unit = match && UNIT_MS[match[2]!];
  return unit ? Number(match[1]) * unit : undefined;
}

/** Shortest exact form: `90m`, not `1.5h`; `1d`, not `24h`. */
export function formatDuration(ms: number): string {
  for (const unit of ['w', 'd', 'h', 'm'] as const) {
    const size = UNIT_MS[unit]!;
    if (ms >= size && ms % size === 0 && !(unit === 'w' && ms === size)) return `${ms / size}${unit}`;
  }
  return `${Math.round(ms / 1000)}s`;
}

/** Accepts `now`, `now-6h`, epoch milliseconds and `2026-11-23 13:04[:05[.123]]` in local time or with a zone. */
export function parseBound(text: string): Bound | undefined {
  const word = text.trim();
  if (word === 'now') return { kind: 'now', agoMs: 0 };
  if (word.startsWith('now-')) {
    const agoMs = parseDuration(word.slice(4));
    return agoMs === undefined ? undefined : { kind: 'now', agoMs };
  }
  if (/^\d{10,14}$/.test(word)) return { kind: 'at', ms: Number(word.length <= 10 ? `${word}000` : word) };
  const date =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(word);
  if (!date) return undefined;
  const zone = date[3] ? date[3].replace(/^([+-]\d{2})(\d{2})$/, '$1:$2') : '';
  const ms = Date.parse(`${date[1]}T${date[2] ?? '00:00'}${zone}`);
  return Number.isNaN(ms) ? undefined : { kind: 'at', ms };
}

/** As `parseBound` reads it and as the API takes it. */
export function formatBound(bound: Bound): string {
  if (bound.kind === 'at') return String(bound.ms);
  return bound.agoMs === 0 ? 'now' : `now-${formatDuration(bound.agoMs)}`;
}

/** Two bounds with `to`, `–` or `..` between, or one duration (`6h`, `now-6h`) that ends now. */
export function parseRange(text: string): TimeRange | undefined {
  const word = text.trim();
  const lone = parseDuration(word.startsWith('now-') ? word.slice(4) : word);
  if (lone !== undefined && lone > 0) {
    return { from: { kind: 'now', agoMs: lone }, to: { kind: 'now', agoMs: 0 } };
  }
  const halves = word.split(/\s+to\s+|\s*(?:–|〜|～|\.\.)\s*|\s+-\s+/);
  if (halves.length !== 2) return undefined;
  const from = parseBound(halves[0]!);
  const to = parseBound(halves[1]!);
  if (!from || !to) return undefined;
  const range = { from, to };
  const { fromMs, toMs } = resolve(range, Date.now());
  return fromMs < toMs ? range : undefined;
}

export function resolve(range: TimeRange, nowMs: number): ResolvedRange {
  const at = (b: Bound) => (b.kind === 'at' ? b.ms : nowMs - b.agoMs);
  return { fromMs: at(range.from), toMs: at(range.to) };
}

/** Whether new data can still fall into it. */
export function endsNow(range: TimeRange): boolean {
  return range.to.kind === 'now' && range.to.agoMs === 0;
}

export function presetOf(range: TimeRange): string | undefined {
  return endsNow(range) && range.from.kind === 'now' ? formatDuration(range.from.agoMs) : undefined;
}

export function absolute(fromMs: number, toMs: number): TimeRange {
  return { from: { kind: 'at', ms: Math.round(fromMs) }, to: { kind: 'at', ms: Math.round(toMs) } };
}

/** The range of equal length before (-1) or after (+1), always absolute. */
export function shifted(range: TimeRange, nowMs: number, direction: -1 | 1): TimeRange {
  const { fromMs, toMs } = resolve(range, nowMs);
  const by = (toMs - fromMs) * direction;
  // Shifting into the future ends at now, where the data ends.
  if (toMs + by >= nowMs) {
    return { from: { kind: 'now', agoMs: toMs - fromMs }, to: { kind: 'now', agoMs: 0 } };
  }
  return absolute(fromMs + by, toMs + by);
}
