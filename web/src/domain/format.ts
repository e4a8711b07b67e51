/** Numbers, sizes and times as every page writes them: three significant digits, IEC bytes, 24 h. */
export type Language = 'en' | 'ja';

/** What stands for "not known". Never a zero. */
export const UNKNOWN = '–';

const SI = ['', 'k', 'M', 'G', 'T', 'P'];
const IEC = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

export interface Formatter {
  language: Language;
  timeZone: string;
  /** `1.31k`, `44.8`, `0.07`. */
  count(value: number | null | undefined): string;
  /** `184 GiB`, `97.9 MiB`. */
  bytes(value: number | null | undefined): string;
  /** `1.20 MiB/s`. */
  bytesPerSecond(value: number | null | undefined): string;
  /** Cores: `2.33`, `0.07`, `<0.01`. */
  cores(value: number | null | undefined): string;
  /** Without the sign: `97`, `4.2`, `0.3`. */
  percent(value: number | null | undefined): string;
  /** All digits with separators, for tooltips and copies. */
  exact(value: number | null | undefined): string;
  /** `13:04:05`. */
  time(ms: number): string;
  /** `13:04:05.218`. */
  timeMs(ms: number): string;
  /** `11-23 13:04:05`: time within a range of more than a day. */
  dayTime(ms: number): string;
  /** `2026-11-23 13:04:05 +09:00`. */
  dateTime(ms: number): string;
  /** `2026-11-23 13:04:05.218 +09:00`. */
  dateTimeMs(ms: number): string;
  /** `8 min ago`. */
  ago(ms: number, nowMs: number): string;
  /** `3 d 2 h`, `1 h 41 min`, `6 s`: length of a stretch of time. */
  span(ms: number): string;
  /** `JST`, `UTC`, `GMT+2`. */
  zoneName(ms: number): string;
}

/** `value` with three significant digits and no exponent. */
export function three(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 999.5) return String(Math.round(value));
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return value.toFixed(digits);
}

function scaled(value: number, base: number, units: readonly string[]): [string, string] {
  let step = 0;
  let rest = Math.abs(value);
  // 999.5 would be written as 1000: it belongs to the next unit.
  while (rest >= (base === 1000 ? 999.5 : 1023.5) && step < units.length - 1) {
    rest /= base;
    step += 1;
  }
  return [three(value < 0 ? -rest : rest), units[step]!];
}

export function countText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1000) return String(value);
  const [number, unit] = scaled(value, 1000, SI);
  return number + unit;
}

export function bytesText(value: number): string {
  if (Math.abs(value) < 1) return '0 B';
  if (Math.abs(value) < 1023.5) return `${Math.round(value)} B`;
  const [number, unit] = scaled(value, 1024, IEC);
  return `${number} ${unit}`;
}

export function coresText(value: number): string {
  if (value > 0 && value < 0.005) return '<0.01';
  return value < 0.005 ? '0' : three(value);
}

export function percentText(value: number): string {
  if (value > 0 && value < 0.05) return '<0.1';
  if (value >= 9.95) return String(Math.round(value));
  return value < 0.05 ? '0' : value.toFixed(1);
}

const SPAN_UNITS = [
  [86_400_000, 'd', '日'],
  [3_600_000, 'h', '時間'],
  [60_000, 'min', '分'],
  [1000, 's', '秒'],
] as const;

export function spanText(ms: number, language: Language): string {
  const space = language === 'ja' ? '' : ' ';
  const index = SPAN_UNITS.findIndex(([size]) => ms >= size);
  if (index < 0) return `${Math.max(0, Math.round(ms))} ms`;
  const [size, en, ja] = SPAN_UNITS[index]!;
  const whole = Math.floor(ms / size);
  const first = `${whole}${space}${language === 'ja' ? ja : en}`;
  const next = SPAN_UNITS[index + 1];
  // A second unit says something only while the first is small.
  if (!next || whole >= 10 || size === 60_000) return first;
  const rest = Math.floor((ms - whole * size) / next[0]);
  return rest === 0
    ? first
    : `${first}${language === 'ja' ? '' : ' '}${rest}${space}${language === 'ja' ? next[2] : next[1]}`;
}

/** `timeZone` is an IANA name; the browser's own where it is absent or unknown. */
export function createFormatter(language: Language, timeZone?: string): Formatter {
  const zone = knownZone(timeZone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'longOffset',
  });
  const separated = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });

  const split = (ms: number) => {
    const p = Object.fromEntries(parts.formatToParts(ms).map((x) => [x.type, x.value]));
    const offset = p.timeZoneName === 'GMT' ? '+00:00' : (p.timeZoneName ?? '').replace('GMT', '');
    return {
      date: `${p.year}-${p.month}-${p.day}`,
      day: `${p.month}-${p.day}`,
      time: `${p.hour}:${p.minute}:${p.second}`,
      fraction: p.fractionalSecond ?? '000',
      offset,
    };
  };
  const orUnknown =
    (write: (v: number) => string) =>
    (value: number | null | undefined): string =>
      value == null || Number.isNaN(value) ? UNKNOWN : write(value);

  return {
    language,
    timeZone: zone,
    count: orUnknown(countText),
    bytes: orUnknown(bytesText),
    bytesPerSecond: orUnknown((v) => `${bytesText(v)}/s`),
    cores: orUnknown(coresText),
    percent: orUnknown(percentText),
    exact: orUnknown((v) => separated.format(v)),
    time: (ms) => split(ms).time,
    timeMs: (ms) => `${split(ms).time}.${split(ms).fraction}`,
    dayTime: (ms) => `${split(ms).day} ${split(ms).time}`,
    dateTime: (ms) => {
      const s = split(ms);
      return `${s.date} ${s.time} ${s.offset}`;
    },
    dateTimeMs: (ms) => {
      const s = split(ms);
      return `${s.date} ${s.time}.${s.fraction} ${s.offset}`;
    },
    ago: (ms, nowMs) => agoText(language, ms, nowMs),
    span: (ms) => spanText(ms, language),
    zoneName: (ms) => zoneNameOf(zone, ms),
  };
}

function agoText(language: Language, ms: number, nowMs: number): string {
  // A browser's clock may be behind the server's: nothing here lies in the future.
  const past = Math.max(0, nowMs - ms);
  const [size, en, ja] = SPAN_UNITS.find(([unit]) => past >= unit) ?? SPAN_UNITS[3];
  const count = Math.floor(past / size);
  return language === 'ja' ? `${count}${ja}前` : `${count} ${en} ago`;
}

/** `JST` rather than `GMT+9`: which languages know the short name of a zone differs by zone. */
function zoneNameOf(zone: string, ms: number): string {
  let name = zone;
  for (const locale of ['en-US', 'en-GB', 'ja-JP', 'en-AU', 'en-IN']) {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' }).formatToParts(
      ms,
    );
    name = parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
    if (!/^(GMT|UTC)[+-]/.test(name)) break;
  }
  return name;
}

function knownZone(timeZone: string | undefined): string | undefined {
  if (timeZone === undefined || timeZone === 'browser') return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** Shortens in the middle, as the end of a generated name is what tells two apart. */
export function middleCut(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** The part of a container's id that people and tools show. */
export function shortContainerId(id: string): string {
  return id.slice(0, 12);
}

/** A text, with the whole container ids in it shortened. */
export function withShortIds(text: string): string {
  return text.replace(/\b[0-9a-f]{64}\b/g, shortContainerId);
}
