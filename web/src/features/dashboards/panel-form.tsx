import type { DashboardProblem, Panel, PanelQuery } from '../../api/dashboards';
import { PANEL_KINDS, PANEL_UNITS, type Threshold } from '../../domain/panel';
import controls from '../../ui/controls.module.css';
import { Icon } from '../../ui/icons';
import { newQuery, problemOf } from './draft';
import styles from './editor.module.css';
import { QueryField } from './query-field';
import type { Moment } from './use-moment';
import { useDashboardWords } from './words';

interface PanelFormProps {
  panel: Panel;
  /** `panels[2]`: what the server calls it. */
  at: string;
  problems: readonly DashboardProblem[];
  /** `key` names what is changed: typing in one field is one step of undo. */
  change: (panel: Panel, key: string) => void;
}

/** What a panel asks for. */
export function Queries({
  panel,
  at,
  problems,
  change,
  moment,
  places,
}: PanelFormProps & { moment: Moment; places: string }) {
  const words = useDashboardWords();
  const set = (i: number, patch: Partial<PanelQuery>, key: string) =>
    change(
      { ...panel, queries: panel.queries.map((q, n) => (n === i ? { ...q, ...patch } : q)) },
      `${key} ${i}`,
    );
  const table = panel.kind === 'table';
  return (
    <fieldset className={styles.queries}>
      <legend>{words.queries}</legend>
      {panel.queries.map((query, i) => (
        <div key={i}>
          <QueryField
            value={query.promql}
            moment={moment}
            problem={problemOf(problems, `${at}.queries[${i}].promql`)}
            onChange={(promql) => set(i, { promql }, 'promql')}
          />
          <div className={styles.row}>
            <label>
              {table ? words.columnTitle : words.legend}
              <input
                value={query.legend}
                placeholder={table ? '' : words.legendHint}
                onChange={(event) => set(i, { legend: event.target.value }, 'legend')}
              />
            </label>
            {table && (
              <label>
                {words.unit}
                <select
                  value={query.unit ?? ''}
                  onChange={(event) =>
                    set(i, { unit: (event.target.value || null) as PanelQuery['unit'] }, 'query unit')
                  }
                >
                  <option value="">{words.panelUnit}</option>
                  {PANEL_UNITS.map((unit) => (
                    <option key={unit} value={unit}>
                      {words.units[unit]}
                    </option>
                  ))}
                </select>
              </label>
            )}
            {panel.queries.length > 1 && (
              <button
                type="button"
                className={controls.icon}
                aria-label={words.removeQuery}
                title={words.removeQuery}
                onClick={() =>
                  change({ ...panel, queries: panel.queries.toSpliced(i, 1) }, `remove query ${i}`)
                }
              >
                <Icon name="close" size={12} />
              </button>
            )}
          </div>
        </div>
      ))}
      <p>{words.places(places)}</p>
      {panel.queries.length < 6 && (
        <button
          type="button"
          className={controls.control}
          onClick={() =>
            change({ ...panel, queries: [...panel.queries, newQuery()] }, `add query ${panel.queries.length}`)
          }
        >
          {words.addQuery}
        </button>
      )}
    </fieldset>
  );
}

const HEATS = ['notice', 'warn', 'crit'] as const;

/** How a panel is drawn. */
export function Options({ panel, at, problems, change }: PanelFormProps) {
  const words = useDashboardWords();
  const problem = (key: string) => {
    const text = problemOf(problems, `${at}.${key}`);
    return text && <span className={styles.problem}>{text}</span>;
  };
  return (
    <fieldset className={styles.options}>
      <legend>{words.options}</legend>
      <label>
        {words.dashboardTitle}
        <input value={panel.title} onChange={(e) => change({ ...panel, title: e.target.value }, 'title')} />
        {problem('title')}
      </label>
      <label>
        {words.description}
        <textarea
          rows={2}
          value={panel.description}
          onChange={(e) => change({ ...panel, description: e.target.value }, 'description')}
        />
      </label>
      <label>
        {words.kind}
        <select
          value={panel.kind}
          onChange={(e) => change({ ...panel, kind: e.target.value as Panel['kind'] }, 'kind')}
        >
          {PANEL_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {words.kinds[kind]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.unit}
        <select
          value={panel.unit}
          onChange={(e) => change({ ...panel, unit: e.target.value as Panel['unit'] }, 'unit')}
        >
          {PANEL_UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {words.units[unit]}
            </option>
          ))}
        </select>
      </label>
      <div className={styles.row}>
        <NumberField
          label={words.width}
          value={panel.width}
          least={2}
          most={12}
          onChange={(width) => change({ ...panel, width: width ?? panel.width }, 'width')}
        />
        <NumberField
          label={words.height}
          value={panel.height}
          least={1}
          most={8}
          onChange={(height) => change({ ...panel, height: height ?? panel.height }, 'height')}
        />
        <NumberField
          label={words.mostSeries}
          value={panel.most_series}
          least={1}
          most={100}
          onChange={(most) => change({ ...panel, most_series: most }, 'most')}
        />
      </div>
      <fieldset className={styles.row}>
        <legend>{words.thresholds}</legend>
        {HEATS.map((heat) => (
          <NumberField
            key={heat}
            label={words.heats[heat]}
            value={panel.thresholds.find((t) => t.heat === heat)?.from ?? null}
            onChange={(from) =>
              change({ ...panel, thresholds: withThreshold(panel.thresholds, heat, from) }, `heat ${heat}`)
            }
          />
        ))}
        {problem('thresholds[1]')}
        {problem('thresholds[2]')}
      </fieldset>
    </fieldset>
  );
}

/** In the order of heat; that values rise with it is for the server to say. */
function withThreshold(all: readonly Threshold[], heat: Threshold['heat'], from: number | null): Threshold[] {
  return HEATS.flatMap((h) => {
    const value = h === heat ? from : (all.find((t) => t.heat === h)?.from ?? null);
    return value === null ? [] : [{ from: value, heat: h }];
  });
}

interface NumberFieldProps {
  label: string;
  value: number | null;
  least?: number;
  most?: number;
  onChange: (value: number | null) => void;
}

function NumberField({ label, value, least, most, onChange }: NumberFieldProps) {
  return (
    <label>
      {label}
      <input
        type="number"
        value={value ?? ''}
        min={least}
        max={most}
        step={least === undefined ? 'any' : 1}
        onChange={(event) => {
          const number = event.target.valueAsNumber;
          onChange(Number.isFinite(number) ? number : null);
        }}
      />
    </label>
  );
}
