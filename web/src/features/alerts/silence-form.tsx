import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { alertsChanged, type SilenceSpec, saveSilence, silencePreviewQuery } from '../../api/alerts';
import controls from '../../ui/controls.module.css';
import { Icon } from '../../ui/icons';
import { Segments } from '../../ui/segments';
import styles from './alerts.module.css';
import { Choice, Text } from './field';
import { type Matcher, OPS, parseMatchers } from './matchers';
import { subjectOf } from './subject';
import { useAlertWords } from './words';

const HOURS = ['1', '4', '24', '168'] as const;
const OP_WORDS = { '=': '=', '!=': '!=', '=~': '=~', '!~': '!~' };

interface SilenceFormProps {
  /** Conditions to begin with, as the URL has them. */
  match: string | undefined;
  onDone: () => void;
}

/** Conditions, for how long, why; and which alerts it matches now. */
export function SilenceForm({ match, onDone }: SilenceFormProps) {
  const words = useAlertWords();
  const queries = useQueryClient();
  const [matchers, setMatchers] = useState<Matcher[]>(() => {
    const given = parseMatchers(match);
    return given.length > 0 ? given : [{ label: '', op: '=', value: '' }];
  });
  const [hours, setHours] = useState<(typeof HOURS)[number]>('4');
  const [comment, setComment] = useState('');
  const [began] = useState(Date.now);
  const complete = matchers.every((m) => m.label.trim() !== '');
  const specFrom = (fromMs: number): SilenceSpec => ({
    matchers: matchers.map((m) => ({ ...m, label: m.label.trim() })),
    from_ms: fromMs,
    to_ms: fromMs + Number(hours) * 3_600_000,
    comment,
  });
  const preview = useQuery(silencePreviewQuery(complete ? { ...specFrom(began), comment: '' } : undefined));
  const save = useMutation({
    mutationFn: () => saveSilence(specFrom(Date.now())),
    onSuccess: () => {
      alertsChanged(queries);
      onDone();
    },
  });
  const change = (at: number, patch: Partial<Matcher>) =>
    setMatchers(matchers.map((m, i) => (i === at ? { ...m, ...patch } : m)));
  const failed = save.error ?? preview.error;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) save.mutate();
      }}
    >
      <fieldset>
        <legend>{words.silences.condition}</legend>
        {matchers.map((matcher, i) => (
          <div key={i} className={styles.cells}>
            <Text
              label={words.silences.label}
              placeholder={words.silences.labelHint}
              value={matcher.label}
              onChange={(label) => change(i, { label })}
            />
            <Choice
              label={words.silences.op}
              value={matcher.op as (typeof OPS)[number]}
              options={OPS}
              words={OP_WORDS}
              onChange={(op) => change(i, { op })}
            />
            <Text
              label={words.silences.value}
              value={matcher.value}
              onChange={(value) => change(i, { value })}
            />
            {matchers.length > 1 && (
              <button
                type="button"
                className={controls.icon}
                aria-label={words.silences.removeCondition}
                title={words.silences.removeCondition}
                onClick={() => setMatchers(matchers.filter((_, at) => at !== i))}
              >
                <Icon name="close" />
              </button>
            )}
          </div>
        ))}
        <div>
          <button
            type="button"
            className={controls.control}
            onClick={() => setMatchers([...matchers, { label: '', op: '=', value: '' }])}
          >
            {words.silences.addCondition}
          </button>
        </div>
      </fieldset>
      <div className={styles.row}>
        <span>{words.silences.for}</span>
        <Segments
          label={words.silences.for}
          value={hours}
          options={HOURS.map((h) => ({ value: h, label: words.silences.spans(Number(h)) }))}
          onChange={setHours}
        />
      </div>
      <Text label={words.silences.comment} value={comment} onChange={setComment} />
      {complete && preview.data && !preview.error && (
        <div className={styles.muted} role="status">
          <p>{words.silences.preview(preview.data.alerts.length)}</p>
          <ul>
            {preview.data.alerts.slice(0, 10).map((alert) => {
              const about = subjectOf(alert.labels);
              return (
                <li key={alert.id}>
                  {[alert.rule_name, about.name, about.place].filter(Boolean).join(' · ')}
                </li>
              );
            })}
          </ul>
        </div>
      )}
      {failed && complete && (
        <p className={styles.wrong} role="alert">
          {failed.message}
        </p>
      )}
      <div className={styles.row}>
        <button
          type="submit"
          className={`${controls.control} ${controls.primary}`}
          disabled={!complete || save.isPending}
        >
          {words.silences.add}
        </button>
        <button type="button" className={controls.control} onClick={onDone}>
          {words.form.cancel}
        </button>
      </div>
    </form>
  );
}
