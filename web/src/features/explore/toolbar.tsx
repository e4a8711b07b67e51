import { type ColumnId, columnsOfView } from '../../domain/column';
import { NOTHING_FOLDED } from '../../domain/fold';
import type { ExploreState } from '../../domain/search';
import controls from '../../ui/controls.module.css';
import { FilterField } from '../../ui/filter-field';
import { useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { Popover } from '../../ui/popover';
import { Segments } from '../../ui/segments';
import { GroupBy } from './group-by';
import styles from './toolbar.module.css';

interface ToolbarProps {
  state: ExploreState;
  change: (patch: Partial<ExploreState>, replace?: boolean) => void;
}

export function Toolbar({ state, change }: ToolbarProps) {
  const words = useWords();
  const foldLabel = state.folds.containers ? words.explore.unfoldContainers : words.explore.foldContainers;
  return (
    <div className={styles.bar}>
      <Segments
        label={words.explore.view}
        value={state.view}
        options={[
          { value: 'tree', label: words.explore.tree },
          { value: 'flat', label: words.explore.flat },
        ]}
        onChange={(view) => change({ view })}
      />
      {state.view === 'tree' && (
        <GroupBy by={state.by} onChange={(by) => change({ by, selected: undefined })} />
      )}
      <FilterField
        className={styles.filter}
        value={state.q}
        label={words.explore.filter}
        clearLabel={words.explore.clearFilter}
        onChange={(q) => change({ q }, true)}
      />
      <label className={controls.check} title="x">
        <input
          type="checkbox"
          checked={state.problemsOnly}
          onChange={(event) => change({ problemsOnly: event.target.checked }, true)}
        />
        {words.explore.problemsOnly}
      </label>
      <span className={styles.gap} />
      {state.view === 'tree' && (
        <button
          type="button"
          className={controls.control}
          title={foldLabel}
          onClick={() => change({ folds: { ...NOTHING_FOLDED, containers: !state.folds.containers } }, true)}
        >
          <Icon name={state.folds.containers ? 'unfoldAll' : 'foldAll'} size={14} />
          <span className={styles.label}>{foldLabel}</span>
        </button>
      )}
      <Popover
        align="end"
        label={words.explore.columnsButton}
        buttonClass={controls.control}
        button={
          <>
            <Icon name="columns" size={14} />
            <span className={styles.label}>{words.explore.columnsButton}</span>
          </>
        }
      >
        {() => <ColumnChoice state={state} change={change} />}
      </Popover>
    </div>
  );
}

/** Which columns; none chosen means those that fit. */
function ColumnChoice({ state, change }: ToolbarProps) {
  const words = useWords();
  const all = columnsOfView(state.view).filter((c) => c.id !== 'name');
  const fit = state.columns.length === 0;
  const toggle = (id: ColumnId, on: boolean) => {
    const before = fit ? all.map((c) => c.id) : state.columns;
    change({ columns: on ? [...before, id] : before.filter((c) => c !== id) }, true);
  };
  return (
    <div className={styles.choice}>
      <label className={controls.check}>
        <input
          type="checkbox"
          checked={fit}
          onChange={(e) => change({ columns: e.target.checked ? [] : all.map((c) => c.id) }, true)}
        />
        {words.explore.columnsFit}
      </label>
      <hr />
      {all.map((c) => (
        <label key={c.id} className={controls.check} title={words.explore.columnHints[c.id]}>
          <input
            type="checkbox"
            checked={fit || state.columns.includes(c.id)}
            onChange={(event) => toggle(c.id, event.target.checked)}
          />
          {words.explore.columns[c.id]}
        </label>
      ))}
    </div>
  );
}
