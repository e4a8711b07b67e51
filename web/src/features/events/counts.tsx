import type { EventPage } from '../../api/queries';
import type { Severity } from '../../domain/row';
import { countOf, SEVERITIES, totalOf } from '../../domain/severity';
import { useFormat, useWords } from '../../ui/i18n/words';
import { SeverityText } from '../../ui/severity';
import styles from './counts.module.css';

interface CountsProps {
  summary: EventPage;
  /** Severities that are shown; none is all. */
  shown: Severity[];
  onShow: (severities: Severity[]) => void;
}

/** How many of each, against the range before; each number is a filter. */
export function Counts({ summary, shown, onShow }: CountsProps) {
  const words = useWords();
  const format = useFormat();
  const span = format.span(summary.to_ms - summary.from_ms);
  const toggle = (severity: Severity) =>
    onShow(shown.includes(severity) ? shown.filter((s) => s !== severity) : [...shown, severity]);
  return (
    <div className={styles.counts} role="group" aria-label={words.events.severities}>
      <button
        type="button"
        className={styles.count}
        aria-pressed={shown.length === 0}
        onClick={() => onShow([])}
      >
        <span className={styles.name}>{words.events.total}</span>
        <CountWithDelta now={totalOf(summary.counts)} before={totalOf(summary.previous_counts)} span={span} />
      </button>
      {SEVERITIES.map((severity) => {
        const now = countOf(summary.counts, severity);
        return (
          <button
            key={severity}
            type="button"
            className={styles.count}
            aria-pressed={shown.includes(severity)}
            data-none={now === 0 || undefined}
            onClick={() => toggle(severity)}
          >
            <span className={styles.name}>
              <SeverityText severity={severity} />
            </span>
            <CountWithDelta now={now} before={countOf(summary.previous_counts, severity)} span={span} />
          </button>
        );
      })}
    </div>
  );
}

function CountWithDelta({ now, before, span }: { now: number; before: number; span: string }) {
  const words = useWords();
  const format = useFormat();
  const by = now - before;
  const told =
    by === 0
      ? words.events.same
      : by > 0
        ? words.events.more(format.exact(by))
        : words.events.fewer(format.exact(-by));
  return (
    <>
      <span className={styles.number}>{format.count(now)}</span>
      <span className={styles.delta} title={`${told} · ${words.events.previous(span)}`}>
        <span aria-hidden="true">
          {by === 0 ? '±0' : `${by > 0 ? '+' : '−'}${format.count(Math.abs(by))}`}
        </span>
        <span className={styles.hidden}>{told}</span>
      </span>
    </>
  );
}
