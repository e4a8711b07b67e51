import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { shortContainerId, UNKNOWN } from '../../domain/format';
import { dashboardOfScope, formatScope } from '../../domain/scope';
import {
  edgesOf,
  MARKS,
  type TopologyEdge,
  type TopologyMap,
  type TopologyNode,
} from '../../domain/topology';
import type { TopologyState } from '../../domain/topology-state';
import controls from '../../ui/controls.module.css';
import frame from '../../ui/drawer.module.css';
import facts from '../../ui/facts.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { usePreferences } from '../../ui/preferences';
import { keepCommon } from '../../ui/search';
import { Status } from '../../ui/status';
import { EdgeRows } from './edge-rows';
import { figuresOf } from './figures';
import { nameOf, nameOfId, placeOf, portText } from './names';
import styles from './topology.module.css';
import { useTopologyWords } from './words';

interface DrawerProps {
  map: TopologyMap;
  /** Of a node or an edge. */
  id: string;
  state: TopologyState;
  onSelect: (id: string | undefined) => void;
  onFocus: (id: string) => void;
}

/** A box or an edge, close up. */
export function Drawer({ map, id, state, onSelect, onFocus }: DrawerProps) {
  const { app } = useWords();
  const words = useTopologyWords();
  const { drawerWidth } = usePreferences();
  const node = map.nodes.find((n) => n.id === id);
  const edge = map.edges.find((e) => e.id === id);
  const name = (box: string) => {
    const found = map.nodes.find((n) => n.id === box);
    return found ? nameOf(found, words) : nameOfId(box);
  };
  const title = edge
    ? `${name(edge.from)} → ${name(edge.to)}${portText(edge)}`
    : node
      ? nameOf(node, words)
      : nameOfId(id);
  return (
    <aside className={frame.drawer} aria-label={words.facts.label} style={{ width: drawerWidth }}>
      <header className={frame.head}>
        <span className={frame.kind}>{node ? words.kinds[node.kind] : (edge?.protocol ?? '')}</span>
        <h2 title={title}>{title}</h2>
        <button
          type="button"
          className={controls.icon}
          aria-label={app.close}
          title={`${app.close} (Esc)`}
          onClick={() => onSelect(undefined)}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className={frame.body}>
        {node && <Actions node={node} focused={state.focus === id} onFocus={onFocus} />}
        {node && <NodeFacts node={node} />}
        {edge && <EdgeFacts edge={edge} name={name} onSelect={onSelect} />}
        {node && <Neighbours map={map} node={node} onSelect={onSelect} />}
        {!node && !edge && (
          <p>
            <b>{words.facts.gone}</b> {words.facts.goneHint}
          </p>
        )}
      </div>
    </aside>
  );
}

function Actions({
  node,
  focused,
  onFocus,
}: {
  node: TopologyNode;
  focused: boolean;
  onFocus: (id: string) => void;
}) {
  const words = useTopologyWords();
  const scope = node.labels.map(({ label, value }) => ({ label, values: [value] }));
  const search = { scope: formatScope(scope) };
  return (
    <div className={frame.actions}>
      {!focused && node.kind !== 'others' && (
        <button type="button" className={controls.control} onClick={() => onFocus(node.id)}>
          <Icon name="target" size={14} />
          {words.focus}
        </button>
      )}
      {scope.length > 0 && (
        <>
          <Link to="/explore" search={keepCommon(search)} className={controls.control}>
            <Icon name="explore" size={14} />
            {words.explore}
          </Link>
          <Link
            to="/dashboards/$id"
            params={{ id: dashboardOfScope(scope) }}
            search={keepCommon(search)}
            className={controls.control}
          >
            <Icon name="dashboards" size={14} />
            {words.dashboard}
          </Link>
        </>
      )}
    </div>
  );
}

function Pairs({ pairs }: { pairs: [string, ReactNode][] }) {
  return (
    <dl className={facts.facts}>
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function NodeFacts({ node }: { node: TopologyNode }) {
  const words = useTopologyWords();
  const format = useFormat();
  const pairs: [string, ReactNode][] = [
    [words.facts.state, <Status key="s" mark={MARKS[node.status]} word={words.statuses[node.status]} />],
  ];
  const add = (name: string, value: ReactNode) => {
    if (value != null && value !== '') pairs.push([name, value]);
  };
  add(words.facts.container, node.container ?? (node.container_id && shortContainerId(node.container_id)));
  add(words.facts.image, node.image && <code className={facts.wrap}>{node.image}</code>);
  add(words.facts.host, node.node);
  add(words.facts.addresses, node.addresses.join(', '));
  add(words.facts.listens, node.listens.join(', '));
  add(words.facts.processes, node.processes == null ? undefined : format.count(node.processes));
  if (node.labels.length > 0) {
    const percent = node.cpu_percent == null ? '' : ` · ${format.percent(node.cpu_percent)} %`;
    add(
      words.facts.cpu,
      node.cpu_cores == null ? UNKNOWN : `${words.facts.cores(format.cores(node.cpu_cores))}${percent}`,
    );
  }
  return <Pairs pairs={pairs} />;
}

interface EdgeFactsProps {
  edge: TopologyEdge;
  name: (id: string) => string;
  onSelect: (id: string) => void;
}

/** What an edge is, and what each of its ends saw. */
function EdgeFacts({ edge, name, onSelect }: EdgeFactsProps) {
  const words = useTopologyWords();
  const format = useFormat();
  const views = [edge.client, edge.server].map((view) => new Map(view ? figuresOf(view, words, format) : []));
  const names = [...new Set(views.flatMap((view) => [...view.keys()]))];
  const link = (id: string) => (
    <button type="button" className={controls.link} onClick={() => onSelect(id)}>
      {name(id)}
    </button>
  );
  return (
    <>
      <Pairs
        pairs={[
          [
            words.facts.state,
            <Status key="s" mark={MARKS[edge.status]} word={words.statuses[edge.status]} />,
          ],
          [words.columns.from, link(edge.from)],
          [words.columns.to, link(edge.to)],
          [words.facts.port, edge.port ?? words.facts.severalPorts],
          [words.facts.protocol, edge.protocol ?? UNKNOWN],
        ]}
      />
      <table className={styles.views}>
        <thead>
          <tr>
            <td />
            <th scope="col">{words.facts.client}</th>
            <th scope="col">{words.facts.server}</th>
          </tr>
        </thead>
        <tbody>
          {names.map((key) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              {views.map((view, i) => (
                <td key={i === 0 ? 'client' : 'server'}>{view.get(key) ?? UNKNOWN}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Neighbours({
  map,
  node,
  onSelect,
}: {
  map: TopologyMap;
  node: TopologyNode;
  onSelect: (id: string) => void;
}) {
  const words = useTopologyWords();
  const { callers, calls } = edgesOf(map, node.id);
  const of = (id: string) => map.nodes.find((n) => n.id === id);
  const peer = (id: string) => {
    const other = of(id);
    return { name: other ? nameOf(other, words) : nameOfId(id), place: other ? placeOf(other, words) : '' };
  };
  return (
    <>
      <EdgeRows title={words.facts.callers} edges={callers} peer={(e) => peer(e.from)} onSelect={onSelect} />
      <EdgeRows title={words.facts.calls} edges={calls} peer={(e) => peer(e.to)} onSelect={onSelect} />
    </>
  );
}
