import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { meQuery } from '../../api/access';
import { type AgentHealth, forgetAgent, type Spotlight } from '../../api/spotlight';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { keepCommon, useNow } from '../../ui/search';
import { Section } from '../../ui/section';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './spotlight.module.css';
import { useSpotlightWords } from './words';

const MARKS = { connected: 'ok', silent: 'warn', disconnected: 'crit' } as const;

export function AgentTable({ data }: { data: Spotlight }) {
  const words = useSpotlightWords().agents;
  const { data: me } = useQuery(meQuery);
  const queries = useQueryClient();
  const forget = useMutation({
    mutationFn: forgetAgent,
    onSettled: () => void queries.invalidateQueries({ queryKey: ['spotlight'] }),
  });
  const { agents } = data;
  return (
    <Section
      level={2}
      title={words.title}
      note={words.shown(agents.length, agents.length + data.agents_left_out)}
      end={
        <Link to="/settings/about" search={keepCommon()} className={controls.link}>
          {words.all}
        </Link>
      }
    >
      <div className={styles.scroll}>
        <table className={`${tables.table} ${tables.flush} ${styles.agents}`}>
          <thead>
            <tr>
              <th>{words.node}</th>
              <th>{words.status}</th>
              <th>{words.version}</th>
              <th>{words.kernel}</th>
              <th>{words.driver}</th>
              <th className={tables.number}>{words.cpu}</th>
              <th className={tables.number}>{words.memory}</th>
              <th className={tables.number}>{words.events}</th>
              <th className={tables.number}>{words.lost}</th>
              <th className={tables.number}>{words.seen}</th>
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <Row
                key={agent.id}
                agent={agent}
                serverVersion={data.version}
                onForget={me?.role === 'admin' ? () => forget.mutate(agent.id) : undefined}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

interface RowProps {
  agent: AgentHealth;
  serverVersion: string;
  onForget: (() => void) | undefined;
}

function Row({ agent, serverVersion, onForget }: RowProps) {
  const words = useSpotlightWords().agents;
  const format = useFormat();
  const now = useNow(2000);
  const used = agent.decisions.filter((it) => it.used).length;
  const lost = agent.losses.reduce((sum, loss) => sum + loss.count, 0);
  const isOver = (value: number | null, budget: number) => value !== null && value > budget;
  const reports = agent.state === 'connected';
  const told = (text: string) => (reports ? text : '–');
  return (
    <tr>
      <td title={agent.node}>
        <Link to="/explore" search={keepCommon({ scope: `node:${agent.node}` })} className={controls.link}>
          {agent.node}
        </Link>
      </td>
      <td>
        <Status mark={MARKS[agent.state]} word={words[agent.state]} />
        {agent.state === 'disconnected' && onForget && (
          <button
            type="button"
            className={controls.icon}
            aria-label={words.forgetNode(agent.node)}
            title={words.forgetNode(agent.node)}
            onClick={onForget}
          >
            <Icon name="close" size={12} />
          </button>
        )}
      </td>
      <td
        className={agent.version_differs ? styles.bad : undefined}
        title={agent.version_differs ? words.otherVersion(serverVersion) : undefined}
      >
        {agent.version}
      </td>
      <td title={agent.kernel}>{agent.kernel}</td>
      <td
        title={agent.decisions.map((it) => `${it.used ? '✓' : '–'} ${it.feature}: ${it.reason}`).join('\n')}
      >
        {words.used(used, agent.decisions.length)}
      </td>
      <td
        className={`${tables.number} ${isOver(agent.cpu_cores, agent.cpu_budget_cores) ? styles.bad : ''}`}
        title={words.budget(format.cores(agent.cpu_budget_cores))}
      >
        {told(format.cores(agent.cpu_cores))}
      </td>
      <td
        className={`${tables.number} ${isOver(agent.memory_bytes, agent.memory_budget_bytes) ? styles.bad : ''}`}
        title={words.budget(format.bytes(agent.memory_budget_bytes))}
      >
        {told(format.bytes(agent.memory_bytes))}
      </td>
      <td className={tables.number}>{told(format.count(agent.events_per_second))}</td>
      <td
        className={`${tables.number} ${lost > 0 ? styles.bad : ''}`}
        title={agent.losses.map((it) => `${it.cause}: ${format.exact(it.count)}`).join('\n')}
      >
        {format.count(lost)}
      </td>
      <td className={tables.number} title={format.dateTime(agent.last_seen_ms)}>
        {format.ago(agent.last_seen_ms, now)}
      </td>
    </tr>
  );
}
