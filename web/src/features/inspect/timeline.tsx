import { useRef, useState } from 'react';
import type { InspectOverview } from '../../api/inspect';
import { after, between, msOf } from '../../domain/nanos';
import { useFormat } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { Bars } from './bars';
import styles from './inspect.module.css';
import type { InspectState } from './inspect-state';
import type { Go } from './use-state';
import { stepCount, stepsOf, windowOf } from './window';
import { useInspectWords } from './words';

const LABELS = 5;
const WIDTH = 1000;
const HEIGHT = 30;

interface TimelineProps {
  overview: InspectOverview;
  state: InspectState;
  go: Go;
  /** When the security event happened that the capture belongs to. */
  trigger: string | null;
}

/** Courses of pinned tiles over the whole capture. A drag, or the two handles, choose a window of time. */
export function Timeline({ overview, state, go, trigger }: TimelineProps) {
  const words = useInspectWords();
  const format = useFormat();
  const area = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<[number, number]>();
  const count = stepCount(overview);
  const begin = overview.steps_from_ns;
  if (begin == null || count === 0) return null;
  const [from, to] = drag ? [Math.min(...drag), Math.max(...drag)] : stepsOf(overview, state);
  const whole = from <= 0 && to >= count;
  const at = (step: number) => after(begin, step * overview.step_ns);
  const timeAt = (step: number) => format.timeMs(Math.floor(msOf(at(step))));
  const span = (steps: number) => spanNs(steps * overview.step_ns);
  const choose = (a: number, b: number) =>
    go({ ...state, ...windowOf(overview, Math.max(0, a), Math.min(count, b)), at: undefined });
  const stepAt = (clientX: number) => {
    const box = area.current?.getBoundingClientRect();
    return box && box.width > 0
      ? Math.max(0, Math.min(count, ((clientX - box.left) / box.width) * count))
      : 0;
  };
  const pinned = state.pins.flatMap((pin) => overview.tiles.find((tile) => tile.name === pin) ?? []);
  const mark = trigger === null ? undefined : between(begin, trigger) / overview.step_ns / count;
  return (
    <section className={styles.timeline} aria-label={words.pinned}>
      <header>
        <h2>{words.pinned}</h2>
        <span>{words.bars(count, spanNs(overview.step_ns))}</span>
        {!whole && (
          <button
            type="button"
            className={styles.window}
            onClick={() => go({ ...state, t0: undefined, t1: undefined })}
          >
            {words.window(timeAt(from), timeAt(to), span(to - from))}
            <span>
              {words.clearWindow}
              <Icon name="close" size={10} />
            </span>
          </button>
        )}
      </header>
      <div className={styles.courses}>
        <div className={styles.labels}>
          {pinned.map((tile) => (
            <span key={tile.name}>
              <b>{words.tiles[tile.name] ?? tile.name}</b>
              <small>
                {(tile.unit === 'bytes' ? format.bytes : format.count)(tile.selected ?? tile.total)}
              </small>
            </span>
          ))}
        </div>
        <div
          ref={area}
          className={styles.area}
          title={words.brush}
          onPointerDown={(event) => {
            if ((event.target as Element).closest('[role="slider"]')) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            const step = stepAt(event.clientX);
            setDrag([step, step]);
          }}
          onPointerMove={(event) => {
            if (drag) setDrag([drag[0], stepAt(event.clientX)]);
          }}
          onPointerCancel={() => setDrag(undefined)}
          onPointerUp={() => {
            if (!drag) return;
            setDrag(undefined);
            // Less than a step is a click beside the window: all of it again.
            if (to - from < 1) choose(0, count);
            else choose(Math.floor(from), Math.ceil(to));
          }}
        >
          {pinned.map((tile, i) => (
            <Bars
              key={tile.name}
              className={styles[`course${i % 4}`]}
              values={tile.values}
              width={WIDTH}
              height={HEIGHT}
              from={Math.floor(from)}
              to={Math.ceil(to)}
            />
          ))}
          {!whole && (
            <span
              className={styles.brush}
              style={{ left: `${(from / count) * 100}%`, width: `${((to - from) / count) * 100}%` }}
            />
          )}
          {mark !== undefined && mark >= 0 && mark <= 1 && (
            <span
              className={styles.trigger}
              style={{ left: `${mark * 100}%` }}
              role="img"
              aria-label={words.trigger}
              title={words.trigger}
            />
          )}
          <Handle
            label={words.windowFrom}
            value={Math.floor(from)}
            most={count}
            text={timeAt(from)}
            onMove={(step) => choose(Math.min(step, Math.ceil(to) - 1), Math.ceil(to))}
          />
          <Handle
            label={words.windowTo}
            value={Math.ceil(to)}
            most={count}
            text={timeAt(to)}
            onMove={(step) => choose(Math.floor(from), Math.max(step, Math.floor(from) + 1))}
          />
        </div>
        <div className={styles.ticks} aria-hidden="true">
          {Array.from({ length: LABELS }, (_, i) => {
            const step = (count * i) / (LABELS - 1);
            return <span key={step}>{timeAt(step)}</span>;
          })}
        </div>
      </div>
    </section>
  );
}

interface HandleProps {
  label: string;
  value: number;
  most: number;
  text: string;
  onMove: (step: number) => void;
}

/** An edge of the window, moved with the arrow keys. */
function Handle({ label, value, most, text, onMove }: HandleProps) {
  return (
    <span
      className={styles.handle}
      style={{ left: `${(value / most) * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={value}
      aria-valuetext={text}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (by === 0) return;
        event.preventDefault();
        onMove(value + by);
      }}
    />
  );
}

/** `0.4 s`, `21 ms`, `13 µs`. */
export function spanNs(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(ns < 1e10 ? 1 : 0)} s`;
  if (ns >= 1e6) return `${Math.round(ns / 1e6)} ms`;
  return `${Math.round(ns / 1e3)} µs`;
}
