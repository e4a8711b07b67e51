import type { TopologyState } from '../../domain/topology-state';
import controls from '../../ui/controls.module.css';
import { useSetUrl } from '../../ui/search';
import { Empty } from '../../ui/states';
import type { ChangeTopology } from './use-state';
import { useTopologyWords } from './words';

interface TopologyEmptyProps {
  state: TopologyState;
  change: ChangeTopology;
  /** Of the box in focus. */
  name: string | undefined;
}

/** Why there is no map, and what to do. */
export function TopologyEmpty({ state, change, name }: TopologyEmptyProps) {
  const { empty } = useTopologyWords();
  const setUrl = useSetUrl();
  const narrowed =
    state.focus !== undefined || state.problemsOnly || state.scope.length > 0 || state.hideExternals;
  const [title, why] =
    name !== undefined
      ? [empty.notSeen(name), empty.notSeenWhy]
      : state.problemsOnly
        ? [empty.noProblem, empty.noProblemWhy]
        : narrowed
          ? [empty.narrowed, empty.narrowedWhy]
          : [empty.title, empty.why];
  const all = { focus: undefined, depth: 1, problemsOnly: false, scope: [], hideExternals: false };
  return (
    <Empty
      title={title}
      actions={
        <>
          {narrowed && (
            <button type="button" className={controls.control} onClick={() => change(all)}>
              {empty.showAll}
            </button>
          )}
          <button
            type="button"
            className={controls.control}
            onClick={() => setUrl({ from: 'now-1d', to: undefined })}
          >
            {empty.lastDay}
          </button>
        </>
      }
    >
      <p>{why}</p>
    </Empty>
  );
}
