import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { type Agent, rulesQuery, type Status as ServerStatus, statusQuery } from '../../api/queries';
import { CommandLine } from '../../ui/command-line';
import controls from '../../ui/controls.module.css';
import facts from '../../ui/facts.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { PageHead } from '../../ui/page-head';
import { keepCommon, useNow } from '../../ui/search';
import { Section } from '../../ui/section';
import { SettingsNav } from '../../ui/settings-nav';
import { SeverityText } from '../../ui/severity';
import { Failed, Skeleton } from '../../ui/states';
import { Status } from '../../ui/status';
import tables from '../../ui/tables.module.css';
import styles from './about-page.module.css';

/** What runs, where, how well, and what it lost. */
export function AboutPage() {
  const words = useWords();
  const { data, error, refetch } = useQuery(statusQuery);
  return (
    <>
      <PageHead crumbs={[words.app.settings]} title={words.about.title}>
        <SettingsNav />
      </PageHead>
      {data ? (
        <div className={styles.page}>
          <Agents agents={data.agents} />
          <div className={styles.two}>
            <Rules />
            <Server status={data} />
          </div>
        </div>
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} inset />
      )}
    </>
  );
}

function Server({ status }: { status: ServerStatus }) {
  const words = useWords();
  const format = useFormat();
  const pairs: [string, string][] = [
    [words.about.version, status.version],
    [
      words.about.running,
      `${format.dateTime(status.started_ms)} · ${format.span(status.now_ms - status.started_ms)}`,
    ],
    [words.about.series, format.exact(status.series)],
    [words.about.stored, format.exact(status.findings_stored)],
    [words.about.rules, format.exact(status.rules_loaded)],
  ];
  return (
    <Section level={2} title={words.about.server}>
      <dl className={`${facts.facts} ${styles.server}`}>
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Agents({ agents }: { agents: Agent[] }) {
  const words = useWords();
  const connected = agents.filter((a) => a.state === 'connected').length;
  const [open, setOpen] = useState<string | undefined>(agents.length === 1 ? agents[0]?.id : undefined);
  if (agents.length === 0) {
    return (
      <Section level={2} title={words.about.agents}>
        <p className={styles.muted}>{words.about.noAgents}</p>
        <CommandLine line="lanner agent" />
      </Section>
    );
  }
  return (
    <Section level={2} title={words.about.agents} note={`${connected} / ${agents.length}`}>
      <div className={styles.scroll}>
        <table className={`${tables.table} ${tables.flush} ${styles.agents}`}>
          <thead>
            <tr>
              <th>{words.about.node}</th>
              <th>{words.about.state}</th>
              <th>{words.about.version}</th>
              <th>{words.about.kernel}</th>
              <th className={tables.number}>{words.about.eventRate}</th>
              <th className={tables.number}>{words.about.cpu}</th>
              <th className={tables.number}>{words.about.memory}</th>
              <th className={tables.number}>{words.about.lost}</th>
              <th className={tables.number}>{words.about.lastSeen}</th>
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <Fragment key={agent.id}>
                <AgentRow
                  agent={agent}
                  open={open === agent.id}
                  onOpen={() => setOpen(open === agent.id ? undefined : agent.id)}
                />
                {open === agent.id && (
                  <tr className={styles.more}>
                    <td colSpan={9}>
                      <AgentDetail agent={agent} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function AgentRow({ agent, open, onOpen }: { agent: Agent; open: boolean; onOpen: () => void }) {
  const words = useWords();
  const format = useFormat();
  const now = useNow(2000);
  const lost = agent.losses.reduce((sum, l) => sum + l.count, 0);
  const mark = { connected: 'ok', silent: 'warn', disconnected: 'crit' } as const;
  return (
    <tr>
      <td>
        <button type="button" className={styles.open} aria-expanded={open} onClick={onOpen}>
          <Icon name={open ? 'down' : 'right'} size={12} />
          {agent.node}
        </button>
      </td>
      <td>
        <Status mark={mark[agent.state]} word={words.about[agent.state]} />
      </td>
      <td>{agent.version}</td>
      <td title={agent.kernel}>
        {agent.kernel} <span className={styles.muted}>{agent.arch}</span>
      </td>
      <td className={tables.number}>{format.count(agent.events_per_second)}</td>
      <td className={tables.number}>{format.cores(agent.cpu_cores)}</td>
      <td className={tables.number}>{format.bytes(agent.memory_bytes)}</td>
      <td className={`${tables.number} ${lost > 0 ? styles.lost : styles.muted}`}>{format.count(lost)}</td>
      <td className={tables.number} title={format.dateTime(agent.last_seen_ms)}>
        {format.ago(agent.last_seen_ms, now)}
      </td>
    </tr>
  );
}

function AgentDetail({ agent }: { agent: Agent }) {
  const words = useWords();
  const format = useFormat();
  return (
    <div className={styles.detail}>
      <Section title={words.about.decisions}>
        <table className={`${tables.table} ${tables.flush}`}>
          <thead>
            <tr>
              <th className={styles.feature}>{words.about.feature}</th>
              <th className={styles.used}>{words.about.state}</th>
              <th>{words.about.why}</th>
            </tr>
          </thead>
          <tbody>
            {agent.decisions.map((d) => (
              <tr key={d.feature}>
                <td>
                  <code>{d.feature}</code>
                </td>
                <td>
                  <Status
                    mark={d.used ? 'ok' : 'nodata'}
                    word={d.used ? words.about.used : words.about.notUsed}
                  />
                </td>
                <td className={styles.wrap}>{d.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section title={words.about.losses}>
        {agent.losses.every((l) => l.count === 0) ? (
          <p className={styles.muted}>{words.about.nothingLost}</p>
        ) : (
          <table className={`${tables.table} ${tables.flush}`}>
            <thead>
              <tr>
                <th className={styles.cause}>{words.about.cause}</th>
                <th>{words.about.place}</th>
                <th className={tables.number}>{words.about.count}</th>
              </tr>
            </thead>
            <tbody>
              {agent.losses
                .filter((l) => l.count > 0)
                .map((l) => (
                  <tr key={`${l.cause} ${l.place}`}>
                    <td>
                      <code>{l.cause}</code>
                    </td>
                    <td>{l.place}</td>
                    <td className={tables.number}>{format.exact(l.count)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </Section>
    </div>
  );
}

function Rules() {
  const words = useWords();
  const { data } = useQuery(rulesQuery);
  if (!data || data.rules.length === 0) return null;
  return (
    <Section level={2} title={words.about.ruleList} note={String(data.rules.length)}>
      <ul className={styles.rules}>
        {data.rules.map((rule) => (
          <li key={rule.name}>
            <SeverityText severity={rule.severity} />
            <span>
              <Link to="/security/events" search={keepCommon({ rule: rule.name })} className={controls.link}>
                {rule.name}
              </Link>
              <span className={styles.muted}>{rule.description}</span>
            </span>
            <Status
              mark={rule.enabled ? 'ok' : 'nodata'}
              word={rule.enabled ? words.about.on : words.about.offWord}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}
