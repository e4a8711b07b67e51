import { useRef, useState } from 'react';
import { encodeRange } from '../domain/search';
import {
  absolute,
  endsNow,
  formatBound,
  PRESETS,
  parseBound,
  parseDuration,
  presetOf,
  resolve,
  shifted,
  type TimeRange,
} from '../domain/time-range';
import controls from '../ui/controls.module.css';
import { CopyButton, copyText } from '../ui/copy-button';
import { useFormat, useWords } from '../ui/i18n/words';
import { Icon } from '../ui/icons';
import { useKey } from '../ui/keys';
import { Popover } from '../ui/popover';
import { useNow, useRange, useSetUrl, useUrl } from '../ui/search';
import styles from './range-picker.module.css';

const CLOCK_MS = 10_000;

export function RangePicker() {
  const words = useWords();
  const format = useFormat();
  const range = useRange();
  const setUrl = useSetUrl();
  const now = useNow(CLOCK_MS);
  const opener = useRef<HTMLButtonElement>(null);
  const { fromMs, toMs } = resolve(range, now);
  const go = (next: TimeRange) => setUrl(encodeRange(next));
  const zoomOut = () => {
    const by = (toMs - fromMs) / 2;
    go(
      endsNow(range)
        ? { from: { kind: 'now', agoMs: (toMs - fromMs) * 2 }, to: range.to }
        : absolute(fromMs - by, Math.min(toMs + by, Date.now())),
    );
  };
  useKey('range', () => opener.current?.click());
  useKey('earlier', () => go(shifted(range, Date.now(), -1)));
  useKey('later', () => go(shifted(range, Date.now(), 1)));
  useKey('zoom_out', zoomOut);
  useKey('copy_link', () => void copyText(frozenLink(range)));

  const preset = presetOf(range);
  const long = toMs - fromMs >= 86_400_000;
  const write = (ms: number) =>
    long ? format.dayTime(ms).slice(0, 11) : format.time(ms).slice(0, preset ? 5 : 8);
  const bounds = `${write(fromMs)} – ${write(toMs)}`;
  return (
    <span className={styles.range}>
      <button
        type="button"
        title={`${words.range.earlier} (,)`}
        aria-label={words.range.earlier}
        onClick={() => go(shifted(range, Date.now(), -1))}
      >
        <Icon name="left" size={14} />
      </button>
      <Popover
        buttonRef={opener}
        align="end"
        label={words.range.label}
        buttonClass={styles.opener}
        button={
          <>
            <Icon name="clock" size={14} />
            <b>{preset ? words.range.last(format.span(toMs - fromMs)) : bounds}</b>
            <span className={styles.bounds}>
              {preset && bounds} {format.zoneName(toMs)}
            </span>
          </>
        }
      >
        {(close) => <RangePanel range={range} go={go} close={close} />}
      </Popover>
      <button
        type="button"
        title={`${words.range.later} (.)`}
        aria-label={words.range.later}
        disabled={endsNow(range)}
        onClick={() => go(shifted(range, Date.now(), 1))}
      >
        <Icon name="right" size={14} />
      </button>
    </span>
  );
}

interface RangePanelProps {
  range: TimeRange;
  go: (range: TimeRange) => void;
  close: () => void;
}

function RangePanel({ range, go, close }: RangePanelProps) {
  const words = useWords();
  const format = useFormat();
  const url = useUrl();
  const setUrl = useSetUrl();
  const [from, setFrom] = useState(() => boundText(range.from));
  const [to, setTo] = useState(() => boundText(range.to));
  const [error, setError] = useState<string>();
  const current = presetOf(range);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const apply = () => {
    const a = parseBound(from);
    const b = parseBound(to);
    if (!a || !b) return setError(words.range.badBound);
    const { fromMs, toMs } = resolve({ from: a, to: b }, Date.now());
    if (fromMs >= toMs) return setError(words.range.badOrder);
    go({ from: a, to: b });
    close();
  };

  return (
    <div className={styles.panel}>
      <section>
        <h2>{words.range.presets}</h2>
        <div className={styles.presets}>
          {PRESETS.map((p) => (
            <button
              key={p}
              type="button"
              aria-pressed={p === current}
              data-first={p === current || undefined}
              onClick={() => {
                go({ from: { kind: 'now', agoMs: parseDuration(p)! }, to: { kind: 'now', agoMs: 0 } });
                close();
              }}
            >
              {words.range.last(format.span(parseDuration(p)!))}
            </button>
          ))}
        </div>
      </section>
      <form
        className={styles.custom}
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <h2>{words.range.custom}</h2>
        <label>
          {words.range.from}
          <input
            value={from}
            spellCheck={false}
            onChange={(e) => setFrom(e.target.value)}
            aria-describedby="range-hint"
          />
        </label>
        <label>
          {words.range.to}
          <input
            value={to}
            spellCheck={false}
            onChange={(e) => setTo(e.target.value)}
            aria-describedby="range-hint"
          />
        </label>
        <p id="range-hint" className={error ? styles.error : styles.hint} role={error ? 'alert' : undefined}>
          {error ?? words.range.examples}
        </p>
        <button type="submit" className={`${controls.control} ${controls.primary}`}>
          {words.range.apply}
        </button>
        <label className={styles.zone}>
          {words.range.zone}
          <select
            value={url.tz ?? 'browser'}
            onChange={(e) => setUrl({ tz: e.target.value === 'browser' ? undefined : e.target.value })}
          >
            <option value="browser">{words.range.browserZone(own)}</option>
            <option value="UTC">UTC</option>
            {url.tz && url.tz !== 'UTC' && url.tz !== 'browser' && <option value={url.tz}>{url.tz}</option>}
          </select>
        </label>
        <CopyButton text={() => frozenLink(range)} label={words.range.freeze} />
      </form>
    </div>
  );
}

/** A relative bound as the URL has it; a moment as people write it. */
function boundText(bound: TimeRange['from']): string {
  if (bound.kind === 'now') return formatBound(bound);
  const d = new Date(bound.ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** A link that shows tomorrow what it shows now. */
function frozenLink(range: TimeRange): string {
  const { fromMs, toMs } = resolve(range, Date.now());
  const url = new URL(location.href);
  url.searchParams.set('from', String(Math.round(fromMs)));
  url.searchParams.set('to', String(Math.round(toMs)));
  return url.toString();
}
