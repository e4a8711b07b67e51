import { LEVELS, METRICS } from '../../domain/topology';
import { DEPTHS, type TopologyState } from '../../domain/topology-state';
import controls from '../../ui/controls.module.css';
import { FilterField } from '../../ui/filter-field';
import { Segments } from '../../ui/segments';
import styles from './topology.module.css';
import type { ChangeTopology } from './use-state';
import { useTopologyWords } from './words';

interface ToolbarProps {
  state: TopologyState;
  change: ChangeTopology;
  /** The name that is looked for is not on the map. */
  missing: boolean;
}

export function Toolbar({ state, change, missing }: ToolbarProps) {
  const words = useTopologyWords();
  return (
    <div className={styles.bar}>
      <Segments
        label={words.level}
        value={state.level}
        options={LEVELS.map((value) => ({ value, label: words.levels[value] }))}
        onChange={(level) => change({ level, selected: undefined, focus: undefined, depth: 1 })}
      />
      {state.view === 'map' && (
        <Segments
          label={words.metric}
          value={state.metric}
          options={METRICS.map((value) => ({ value, label: words.metrics[value] }))}
          onChange={(metric) => change({ metric }, true)}
        />
      )}
      {state.focus !== undefined && (
        <Segments
          label={words.depth}
          value={String(state.depth)}
          options={DEPTHS.map((d) => ({ value: String(d), label: `±${d}` }))}
          onChange={(depth) => change({ depth: Number(depth) }, true)}
        />
      )}
      <label className={controls.check} title="x">
        <input
          type="checkbox"
          checked={state.problemsOnly}
          onChange={(event) => change({ problemsOnly: event.target.checked }, true)}
        />
        {words.problemsOnly}
      </label>
      <label className={controls.check}>
        <input
          type="checkbox"
          checked={state.hideExternals}
          onChange={(event) => change({ hideExternals: event.target.checked }, true)}
        />
        {words.hideExternals}
      </label>
      <FilterField
        className={styles.find}
        value={state.q}
        label={words.find}
        clearLabel={words.clearFind}
        onChange={(q) => change({ q }, true)}
      />
      <span className={styles.missing} role="status">
        {missing && words.notFound}
      </span>
      <Segments
        label={words.view}
        value={state.view}
        options={[
          { value: 'map', label: words.map },
          { value: 'list', label: words.list },
        ]}
        onChange={(view) => change({ view })}
      />
    </div>
  );
}
