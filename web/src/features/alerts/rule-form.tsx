import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { channelsQuery } from '../../api/alerts';
import type { Scope } from '../../domain/scope';
import { SEVERITIES } from '../../domain/severity';
import controls from '../../ui/controls.module.css';
import { useWords } from '../../ui/i18n/words';
import { Segments } from '../../ui/segments';
import styles from './alerts.module.css';
import { Choice, Lines, Text } from './field';
import { type Draft, type MetricForm, promqlOf } from './rule-draft';
import { useAlertWords } from './words';

interface RuleFormProps {
  draft: Draft;
  /** What the page one came from was narrowed to. */
  scope: Scope;
  onChange: (patch: Partial<Draft>) => void;
}

const KINDS = ['metric', 'security_event', 'agent_down'] as const;
const COMPARISONS = ['above', 'at_least', 'below', 'at_most', 'equal', 'not_equal'] as const;
const UNITS = ['percent', 'none', 'bytes', 'seconds', 'per_second'] as const;

export function RuleForm({ draft, scope, onChange }: RuleFormProps) {
  const words = useAlertWords();
  const common = useWords();
  const { form } = words;
  return (
    <>
      <Text label={form.name} value={draft.name} onChange={(name) => onChange({ name })} />
      <Lines
        label={form.description}
        rows={2}
        value={draft.description}
        onChange={(description) => onChange({ description })}
      />
      <label className={controls.check}>
        <input
          type="checkbox"
          checked={draft.enabled}
          onChange={(event) => onChange({ enabled: event.target.checked })}
        />
        {words.columns.on}
      </label>
      <fieldset>
        <legend>{form.what}</legend>
        <div>
          <Segments
            label={form.kind}
            value={draft.kind}
            options={KINDS.map((kind) => ({ value: kind, label: words.kinds[kind] }))}
            onChange={(kind) => onChange({ kind })}
          />
        </div>
        {draft.kind === 'metric' && <MetricPart draft={draft} scope={scope} onChange={onChange} />}
        {draft.kind === 'security_event' && <EventPart draft={draft} onChange={onChange} />}
        {draft.kind === 'agent_down' && (
          <div className={styles.cells}>
            <Text
              label={form.silent}
              hint={form.durationHint}
              value={draft.silent}
              onChange={(silent) => onChange({ silent })}
            />
            <Text
              label={form.node}
              hint={form.nodeHint}
              value={draft.node}
              onChange={(node) => onChange({ node })}
            />
          </div>
        )}
      </fieldset>
      {draft.kind === 'metric' && (
        <fieldset>
          <legend>{form.long}</legend>
          <div className={styles.cells}>
            <Text
              label={form.for}
              hint={form.durationHint}
              value={draft.hold}
              onChange={(hold) => onChange({ hold })}
            />
            <Text
              label={form.keep}
              hint={form.keepHint}
              value={draft.keep}
              onChange={(keep) => onChange({ keep })}
            />
          </div>
        </fieldset>
      )}
      <fieldset>
        <legend>{form.grave}</legend>
        {draft.kind === 'security_event' ? (
          <p className={styles.muted}>{form.severityOfEvents}</p>
        ) : (
          <div>
            <Segments
              label={form.severity}
              value={draft.severity}
              options={SEVERITIES.map((s) => ({ value: s, label: common.severity[s] }))}
              onChange={(severity) => onChange({ severity })}
            />
          </div>
        )}
      </fieldset>
      <Told draft={draft} onChange={onChange} />
    </>
  );
}

type PartProps = Omit<RuleFormProps, 'scope'>;

function MetricPart({ draft, scope, onChange }: RuleFormProps) {
  const { form } = useAlertWords();
  return (
    <>
      <Lines
        label={form.expr}
        hint={form.exprHint}
        rows={3}
        code
        value={draft.expr}
        onChange={(expr) => onChange({ expr })}
      />
      <Builder scope={scope} onUse={(expr) => onChange({ expr })} />
      <div className={styles.cells}>
        <Choice
          label={form.comparison}
          value={draft.comparison}
          options={COMPARISONS}
          words={form.comparisons}
          onChange={(comparison) => onChange({ comparison })}
        />
        <Text
          label={form.threshold}
          type="number"
          value={draft.threshold}
          onChange={(threshold) => onChange({ threshold })}
        />
        <Text
          label={form.warning}
          hint={form.warningHint}
          type="number"
          value={draft.warning}
          onChange={(warning) => onChange({ warning })}
        />
        <Choice
          label={form.unit}
          value={draft.unit}
          options={UNITS}
          words={form.units}
          onChange={(unit) => onChange({ unit })}
        />
      </div>
    </>
  );
}

/** PromQL without writing it. */
function Builder({ scope, onUse }: { scope: Scope; onUse: (expr: string) => void }) {
  const { form } = useAlertWords();
  const [metric, setMetric] = useState<MetricForm>({
    metric: '',
    selectors: scope,
    fold: 'value',
    over: 'none',
    by: '',
  });
  const change = (patch: Partial<MetricForm>) => setMetric({ ...metric, ...patch });
  return (
    <details>
      <summary className={styles.muted}>{form.build}</summary>
      <div className={styles.cells}>
        <Text
          label={form.metric}
          value={metric.metric}
          onChange={(name) => change({ metric: name.trim() })}
        />
        <Choice
          label={form.fold}
          value={metric.fold}
          options={['value', 'rate', 'increase']}
          words={form.folds}
          onChange={(fold) => change({ fold })}
        />
        <Choice
          label={form.over}
          value={metric.over}
          options={['none', 'sum', 'avg', 'max', 'min']}
          words={form.overs}
          onChange={(over) => change({ over })}
        />
        <Text label={form.by} placeholder={form.byHint} value={metric.by} onChange={(by) => change({ by })} />
      </div>
      <p className={styles.row}>
        <code>{promqlOf(metric)}</code>
        <button
          type="button"
          className={controls.control}
          disabled={metric.metric === ''}
          onClick={() => onUse(promqlOf(metric))}
        >
          {form.useIt}
        </button>
      </p>
    </details>
  );
}

function EventPart({ draft, onChange }: PartProps) {
  const { form } = useAlertWords();
  const common = useWords();
  return (
    <>
      <div className={styles.cells}>
        <Choice
          label={form.minSeverity}
          value={draft.minSeverity}
          options={SEVERITIES}
          words={common.severity}
          onChange={(minSeverity) => onChange({ minSeverity })}
        />
        <Text
          label={form.quiet}
          hint={form.durationHint}
          value={draft.quiet}
          onChange={(quiet) => onChange({ quiet })}
        />
        <Text
          label={form.container}
          hint={form.containerHint}
          value={draft.container}
          onChange={(container) => onChange({ container })}
        />
      </div>
      <Lines
        label={form.rules}
        hint={form.rulesHint}
        rows={3}
        value={draft.rules}
        onChange={(rules) => onChange({ rules })}
      />
    </>
  );
}

function Told({ draft, onChange }: PartProps) {
  const words = useAlertWords();
  const { data } = useQuery(channelsQuery);
  const chosen = draft.channels;
  const channels = data?.channels ?? [];
  return (
    <fieldset>
      <legend>{words.form.who}</legend>
      <div>
        <Segments
          label={words.form.channels}
          value={chosen === undefined ? 'all' : 'chosen'}
          options={[
            { value: 'all', label: words.form.all },
            { value: 'chosen', label: words.form.chosen },
          ]}
          onChange={(which) =>
            onChange({ channels: which === 'all' ? undefined : channels.map((c) => c.id) })
          }
        />
      </div>
      {chosen !== undefined && (
        <div className={styles.row}>
          {channels.map((channel) => (
            <label key={channel.id} className={controls.check}>
              <input
                type="checkbox"
                checked={chosen.includes(channel.id)}
                onChange={(event) =>
                  onChange({
                    channels: event.target.checked
                      ? [...chosen, channel.id]
                      : chosen.filter((id) => id !== channel.id),
                  })
                }
              />
              {channel.spec.name}
            </label>
          ))}
          {channels.length === 0 && <span className={styles.muted}>{words.noChannels}</span>}
        </div>
      )}
      <div className={styles.cells}>
        <Text
          label={words.form.repeat}
          hint={words.form.repeatHint}
          value={draft.repeat}
          onChange={(repeat) => onChange({ repeat })}
        />
      </div>
    </fieldset>
  );
}
