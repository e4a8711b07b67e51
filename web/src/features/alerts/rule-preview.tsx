import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { type AlertPreview, type AlertRuleSpec, alertPreviewQuery } from '../../api/alerts';
import { tickSteps } from '../../domain/chart';
import { useFormat } from '../../ui/i18n/words';
import { Plot } from '../../ui/plot';
import { Section } from '../../ui/section';
import { Segments } from '../../ui/segments';
import { SeverityText } from '../../ui/severity';
import { Failed, Skeleton } from '../../ui/states';
import tables from '../../ui/tables.module.css';
import styles from './alerts.module.css';
import type { Wrong } from './rule-draft';
import { subjectOf } from './subject';
import { useAlertWords } from './words';

const HOURS = ['1', '6', '24'] as const;
const SETTLES_MS = 400;
const SHOWN = 8;

interface RulePreviewProps {
  /** `undefined` while it is none. */
  spec: AlertRuleSpec | undefined;
  wrong: readonly Wrong[];
}

/** What the rule would have done, and what would have been told. */
export function RulePreview({ spec, wrong }: RulePreviewProps) {
  const words = useAlertWords();
  const [hours, setHours] = useState<(typeof HOURS)[number]>('24');
  const settled = useSettled(spec);
  const { data, error, isFetching } = useQuery(alertPreviewQuery(settled, Number(hours)));
  const notYet = wrong.filter((w) => w !== 'name').map((w) => words.form.wrong[w]);
  return (
    <div className={styles.stack} aria-busy={isFetching}>
      <Section
        level={2}
        title={words.preview.title}
        end={
          <Segments
            label={words.preview.title}
            value={hours}
            options={HOURS.map((h) => ({ value: h, label: words.preview.hours(Number(h)) }))}
            onChange={setHours}
          />
        }
      >
        {spec === undefined ? (
          <p className={styles.muted}>{[words.preview.broken, ...notYet].join(' ')}</p>
        ) : error ? (
          <Failed error={error} />
        ) : data ? (
          <Outcome preview={data} spec={spec} />
        ) : (
          <Skeleton rows={4} />
        )}
      </Section>
      {spec !== undefined && !error && data && <Messages preview={data} />}
    </div>
  );
}

/** What was not typed at for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal texts are equal values
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLES_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function Outcome({ preview, spec }: { preview: AlertPreview; spec: AlertRuleSpec }) {
  const words = useAlertWords();
  const format = useFormat();
  const { condition } = spec;
  if (condition.type === 'agent_down') return <p className={styles.muted}>{words.preview.agentNote}</p>;
  const isEmpty = condition.type === 'metric' && preview.series_total === 0;
  return (
    <div className={styles.stack}>
      <p role="status">
        <b>{isEmpty ? words.preview.noData : words.preview.fired(preview.fired)}</b>{' '}
        {preview.data_from_ms !== null && preview.data_from_ms > preview.from_ms + preview.step_ms && (
          <span className={styles.muted}>{words.preview.dataFrom(format.dayTime(preview.data_from_ms))}</span>
        )}
      </p>
      {condition.type === 'metric' && !isEmpty && (
        <Values preview={preview} threshold={condition.threshold} warning={condition.warning ?? undefined} />
      )}
      {preview.firings.length > 0 && <Firings preview={preview} />}
    </div>
  );
}

interface ValuesProps {
  preview: AlertPreview;
  threshold: number;
  warning: number | undefined;
}

function Values({ preview, threshold, warning }: ValuesProps) {
  const words = useAlertWords();
  const format = useFormat();
  const lines = useMemo(
    () =>
      preview.series.map((one, i) => {
        const about = subjectOf(one.labels);
        const name = [about.name, about.place].filter(Boolean).join(' · ');
        return { name: `${name} ${i}`, values: one.values, colour: `--series-${(i % 6) + 1}`, dashed: i > 5 };
      }),
    [preview.series],
  );
  // A store that is younger than the range is not drawn as emptiness.
  const begins = Math.max(preview.from_ms, (preview.data_from_ms ?? 0) - 2 * preview.step_ms);
  const all = lines.flatMap((l) => l.values.filter((v): v is number => v !== null));
  const most = Math.max(threshold, warning ?? threshold, ...all.slice(0, 50_000));
  const least = Math.min(0, threshold, ...all.slice(0, 50_000));
  const marks = [
    ...(warning === undefined ? [] : [{ at: warning, colour: '--mark-warn' }]),
    { at: threshold, colour: '--mark-crit' },
  ];
  return (
    <figure>
      <Plot
        className={styles.plot}
        label={words.preview.chart}
        lines={lines}
        bounds={[least, most === least ? least + 1 : most * 1.05]}
        marks={marks}
        ticks={tickSteps('count')}
        tickText={(value) => format.count(value)}
        fromMs={begins}
        toMs={preview.to_ms}
        firstMs={preview.from_ms}
        stepMs={preview.step_ms}
        format={format}
        syncKey="alert-preview"
        onCursor={() => {}}
        onZoom={() => {}}
        onBack={() => {}}
      />
      {preview.series_total > preview.series.length && (
        <figcaption className={styles.muted}>
          {words.preview.series(preview.series.length, preview.series_total)}
        </figcaption>
      )}
    </figure>
  );
}

function Firings({ preview }: { preview: AlertPreview }) {
  const words = useAlertWords();
  const format = useFormat();
  return (
    <table className={`${tables.table} ${tables.flush}`} aria-label={words.preview.firings}>
      <thead>
        <tr>
          <th>{words.preview.firings}</th>
          <th>{words.columns.until}</th>
          <th>{words.columns.severity}</th>
          <th>{words.columns.about}</th>
        </tr>
      </thead>
      <tbody>
        {preview.firings.slice(0, SHOWN).map((firing, i) => {
          const about = subjectOf(firing.labels);
          return (
            <tr key={i}>
              <td>{format.dayTime(firing.from_ms)}</td>
              <td>{firing.to_ms === null ? words.preview.lasts : format.dayTime(firing.to_ms)}</td>
              <td>
                <SeverityText severity={firing.severity} />
              </td>
              <td title={Object.values(firing.labels).join(' ')}>
                {about.name} <span className={styles.muted}>{about.place}</span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Messages({ preview }: { preview: AlertPreview }) {
  const words = useAlertWords();
  return (
    <Section level={2} title={words.preview.messages}>
      {preview.messages.length === 0 && <p className={styles.muted}>{words.preview.noMessages}</p>}
      {preview.messages.map((message) => (
        <div key={message.channel_id} className={styles.stack}>
          <p className={styles.muted}>
            {message.channel_name} · {message.channel_type}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it */}
          <pre className={styles.said} tabIndex={0}>
            {message.title}
            {'\n\n'}
            {message.text}
          </pre>
        </div>
      ))}
    </Section>
  );
}
