import type { Table } from '../../domain/row';
import { NO_SCOPE } from '../../domain/scope';
import type { ExploreState } from '../../domain/search';
import { CommandLine } from '../../ui/command-line';
import controls from '../../ui/controls.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { Empty } from '../../ui/states';

interface ExploreEmptyProps {
  table: Table;
  state: ExploreState;
  change: (patch: Partial<ExploreState>) => void;
  /** Agents the server knows; `undefined` while that is not known. */
  agents: number | undefined;
}

/** Why there is no row, and the one thing that changes it. */
export function ExploreEmpty({ table, state, change, agents }: ExploreEmptyProps) {
  const words = useWords();
  const format = useFormat();
  const button = (label: string, patch: Partial<ExploreState>) => (
    <button type="button" className={controls.control} onClick={() => change(patch)}>
      {label}
    </button>
  );
  if (table.rows.length === 0 && state.q === '' && state.scope.length === 0) {
    if (agents) return <Empty title={words.explore.noTable} />;
    return (
      <Empty title={words.explore.noAgent}>
        <p>{words.explore.noAgentHint}</p>
        <CommandLine line="lanner agent" />
        <p role="status">{words.explore.waiting}</p>
      </Empty>
    );
  }
  const all = words.explore.nothingHere(format.exact(table.total));
  if (state.q !== '') {
    return (
      <Empty title={words.explore.nothing(state.q)} actions={button(words.explore.clearFilter, { q: '' })}>
        <p>{all}</p>
      </Empty>
    );
  }
  if (state.problemsOnly) {
    return (
      <Empty
        title={words.explore.noProblems}
        actions={button(words.explore.showAll, { problemsOnly: false })}
      >
        <p>{all}</p>
      </Empty>
    );
  }
  return (
    <Empty title={words.explore.noScope} actions={button(words.explore.clearScope, { scope: NO_SCOPE })} />
  );
}
